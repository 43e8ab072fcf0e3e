export type { AuditOptions, AuditRecord } from "./AuditRecords.ts"
export type { Domain } from "./Domain.ts"
export type { DynamicObjects } from "./DynamicObjects.ts"
export type { Deployed, DeployOptions } from "./deployment/Deploy.ts"
export type { DeployableDevice, Member, PendingChange } from "./deployment/DeployableDevices.ts"
export type { DeploymentTask } from "./deployment/DeploymentTask.ts"
export type { DeploymentJob } from "./deployment/JobHistory.ts"
export type { DomainInfo } from "./domain/DomainList.ts"
export type { ServerVersion } from "./domain/ServerVersion.ts"
export {
  client,
  Fmc,
  layer,
  layerConfig,
  make,
  type OpenOptions,
  type Options,
  open,
  plugin,
  provider,
  subClients,
  use
} from "./Fmc.ts"
export type { Members } from "./GroupMembers.ts"
export type { FmcHaStatus, HaMember, HaPair } from "./HaStatus.ts"
export type * from "./Item.ts"
export type * from "./KindItem.ts"
export type { Kinds, Overridable } from "./Kinds.ts"
export type { ListOptions } from "./ListOptions.ts"
export type { NetworkGroups } from "./NetworkGroups.ts"
export type { Brief, Objects } from "./Objects.ts"
export type { Operations } from "./Operations.ts"
export type { Override, Overrides, OverrideTarget } from "./Overrides.ts"
export { isRead, tellsOfChanges } from "./ReadRequests.ts"
