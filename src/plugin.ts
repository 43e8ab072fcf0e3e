// The kit for authors of plugins, complete: what scripts use as well, so that a plugin needs one import.
export {
  type AuthError,
  CredentialsRefused,
  SessionClosed,
  SessionContested,
  type SessionError,
  TokenRejected
} from "./auth/AuthError.ts"
export * as AuthProvider from "./auth/AuthProvider.ts"
export * as Credentials from "./auth/Credentials.ts"
export * as Session from "./auth/Session.ts"
export * as Background from "./auth/session/Background.ts"
export * as LoginGuard from "./auth/session/LoginGuard.ts"
export * as Token from "./auth/Token.ts"
export * as Backend from "./Backend.ts"
export * as Change from "./client/changes/Change.ts"
export * as WorkflowReads from "./client/changes/WorkflowReads.ts"
export * as Deployment from "./client/Deployment.ts"
export * as Check from "./client/fields/Check.ts"
export * as FileTransfer from "./client/files/FileTransfer.ts"
export * as Collection from "./client/objects/Collection.ts"
export * as BasePath from "./client/rest/BasePath.ts"
export * as Lenient from "./client/rest/Lenient.ts"
export * as Pages from "./client/rest/Pages.ts"
export * as Rest from "./client/rest/Rest.ts"
export * as StatusFilter from "./client/rest/StatusFilter.ts"
export * as Bulk from "./client/writes/Bulk.ts"
export * as ReadBack from "./client/writes/ReadBack.ts"
export * as Plugin from "./plugin/Plugin.ts"
export * as TargetConfig from "./plugin/TargetConfig.ts"
export * as Promises from "./promises/Promises.ts"
export {
  DeviceBusy,
  DeviceRefused,
  DeviceUnreachable,
  InvalidInput,
  OutcomeUnknown,
  ProtocolViolation,
  TrustRefused,
  type WireError
} from "./transport/DeviceError.ts"
export * as Traffic from "./transport/limits/Traffic.ts"
export * as Reply from "./transport/Reply.ts"
export * as Redaction from "./transport/redaction/Redaction.ts"
export * as StatusError from "./transport/StatusError.ts"
export * as Target from "./transport/Target.ts"
export * as Transport from "./transport/Transport.ts"
export * as Trust from "./transport/tls/Trust.ts"
export { few } from "./validation/Few.ts"
export * as InputSchema from "./validation/InputSchema.ts"
export * as JsonValue from "./validation/JsonValue.ts"
export { near } from "./validation/Near.ts"
export * as Needed from "./validation/Needed.ts"
export * as PathSegment from "./validation/PathSegment.ts"
export * as Pending from "./validation/Pending.ts"
export { refuseInput } from "./validation/RefuseInput.ts"
