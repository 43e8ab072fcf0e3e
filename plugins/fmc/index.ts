export type { Domain } from "./Domain.ts"
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
export type { DynamicObjects } from "./kinds/DynamicObjects.ts"
export type { Members } from "./kinds/GroupMembers.ts"
export type { Kinds, Overridable } from "./kinds/Kinds.ts"
export type { NetworkGroups } from "./kinds/NetworkGroups.ts"
export type { Override, Overrides, OverrideTarget } from "./kinds/Overrides.ts"
export type { Operations } from "./Operations.ts"
export type * from "./objects/Item.ts"
export type * from "./objects/KindItem.ts"
export type { ListOptions } from "./objects/ListOptions.ts"
export type { Brief, Objects } from "./objects/Objects.ts"
export type { AuditOptions, AuditRecord } from "./oversight/AuditRecords.ts"
export type { FmcHaStatus, HaMember, HaPair } from "./oversight/HaStatus.ts"
export { isRead, tellsOfChanges } from "./ReadRequests.ts"
