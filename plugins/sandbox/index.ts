/** A real HTTPS server on loopback that speaks as an FMC and as an FDM, keeps a ledger, and fails on demand. */

export type { Protocol, RequestKind } from "./appliance/Call.ts"
export * as Fault from "./appliance/Fault.ts"
export type { Ledger, RequestRecord, SessionRecord, Tally } from "./appliance/Ledger.ts"
export type { ClusterOptions, DeviceOptions, HaOptions, HaPairOptions, Options } from "./appliance/Options.ts"
export type { DeadBy, EndedBy } from "./appliance/Sessions.ts"
export type { Certificate } from "./Certificate.ts"
export { command } from "./Command.ts"
export { type Endpoint, layer, make, Sandbox } from "./Sandbox.ts"
export { SandboxFailed } from "./SandboxFailed.ts"
