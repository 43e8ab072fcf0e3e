// What scripts use. A namespace is the file of its name; errors are flat, since scripts match on them.
export {
  type AuthError,
  CredentialsRefused,
  SessionClosed,
  SessionContested,
  type SessionError,
  TokenRejected,
  TokenStoreFailed
} from "./auth/AuthError.ts"
export * as Credentials from "./auth/Credentials.ts"
export { PlanRefused } from "./auth/PlanRefused.ts"
export { RunRefused } from "./auth/RunRefused.ts"
export * as Session from "./auth/Session.ts"
export * as SessionEvent from "./auth/SessionEvent.ts"
export * as TokenStore from "./auth/TokenStore.ts"
export * as Deployment from "./client/Deployment.ts"
export * as Collection from "./client/objects/Collection.ts"
export * as Bulk from "./client/writes/Bulk.ts"
export * as ReadBack from "./client/writes/ReadBack.ts"
export * as Fleet from "./Fleet.ts"
export * as Inventory from "./Inventory.ts"
export * as Main from "./Main.ts"
export * as Devices from "./plugin/Devices.ts"
export {
  DeviceBusy,
  DeviceRefused,
  DeviceUnreachable,
  InvalidInput,
  OutcomeUnknown,
  ProtocolViolation,
  TrustRefused
} from "./transport/DeviceError.ts"
export * as Retry from "./transport/Retry.ts"
export * as Target from "./transport/Target.ts"
export * as Certificate from "./transport/tls/Certificate.ts"
export * as Trust from "./transport/tls/Trust.ts"
export * as Workflow from "./Workflow.ts"
export { GuardRefused } from "./workflow/guards/GuardRefused.ts"
