export type { Accounts, InitialSetup, NewPassword, Provisioning } from "./Accounts.ts"
export type { ActiveSession } from "./ActiveSessions.ts"
export { type Archive, BackupFailed, type BackupOptions, BackupUnfinished } from "./Backups.ts"
export { type ClientOptions, client, Fdm } from "./Client.ts"
export type { CustomToken, CustomTokenRequest } from "./CustomToken.ts"
export type { DeployOptions, Job, PendingChange } from "./Deploy.ts"
export {
  type Login,
  layer,
  layerConfig,
  make,
  type OpenOptions,
  type Options,
  open,
  plugin,
  provider,
  type Settings,
  use
} from "./Fdm.ts"
export type { UploadedFile } from "./Files.ts"
export type { GivenToken } from "./GivenToken.ts"
export type { HaStatus } from "./HaStatus.ts"
export type * from "./Item.ts"
export type { ListOptions } from "./ListOptions.ts"
export type { Objects } from "./Objects.ts"
export type { PasswordChange } from "./Passwords.ts"
export type { FileToSend } from "./UploadFile.ts"
