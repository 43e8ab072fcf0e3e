import * as Data from "effect/Data"
import type { DeviceBusy, DeviceRefused, OutcomeUnknown, Sent, WireError } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"
import type { PlanRefused } from "./PlanRefused.ts"
import type { RunRefused } from "./RunRefused.ts"

/**
 * `CredentialsRefused` says that the device refused the user name or the password, or a one-time code is used up.
 * Final: no further attempt.
 */
export class CredentialsRefused extends Data.TaggedError("CredentialsRefused")<{
  readonly targetName: string
  /** `username` is empty where the credentials are a token. */
  readonly username: string
  /** `messages` are the device's own words, masked and cut. */
  readonly messages: ReadonlyArray<string>
  /** `refusedBy` are the targets that refused them, where those were others: this one was not asked. */
  readonly refusedBy?: string
  /** `advice` says what to check first, where it is something else than user name and password. */
  readonly advice?: string | undefined
  /**
   * `isForeign` says that what answered does not look like the device: no verdict on the account, and counted nowhere
   * else.
   */
  readonly isForeign?: boolean | undefined
}> {
  override get message(): string {
    const who = this.username ? ` of ${JSON.stringify(this.username)}` : ""
    const by =
      this.refusedBy === undefined
        ? ""
        : ` They were refused by ${this.refusedBy}; this device was not asked.`
    const words = Redaction.joinMessages(this.messages ?? [])
    const says = words && ` It says: ${words}.`
    const first = this.advice === undefined ? "" : ` ${Redaction.withoutFinalPunctuation(this.advice)}.`
    return `${this.targetName}: the credentials${who} were refused.${says}${by} They are not tried again, so that the account is not locked.${first} Check user name and password, and that the account is not locked or used for the web interface only.`
  }
}

/**
 * `SessionContested` says that someone else uses the account, and each login ends the other's session. No further login
 * is made.
 */
export class SessionContested extends Data.TaggedError("SessionContested")<{
  readonly targetName: string
  readonly username: string
  /** `evictions` counts how often the device ended this session early. */
  readonly evictions: number
  /** `since` is the time of the first of them. */
  readonly since: Date
}> {
  override get message(): string {
    const times = this.evictions === 1 ? "once" : `${this.evictions} times`
    return `${this.targetName}: someone else uses the account${this.username ? ` ${JSON.stringify(this.username)}` : ""}: the device ended this session early ${times} since ${this.since?.toISOString?.()}. Give each script, and each person at the web interface, an account of its own.`
  }
}

/** `SessionClosed` says that the session's scope has closed: it is logged out. */
export class SessionClosed extends Data.TaggedError("SessionClosed")<{ readonly targetName: string }> {
  readonly sent: Sent = "no"
  override get message(): string {
    return `${this.targetName}: the session is closed. Keep what uses it inside the scope in which it was opened; in a script that awaits, look for an await that is missing.`
  }
}

/**
 * `TokenRejected` says that the device refuses a token that should be good, and a new one did not help or cannot be
 * had.
 */
export class TokenRejected extends Data.TaggedError("TokenRejected")<{
  readonly targetName: string
  readonly operation: string
  /** `reason` says why the library did not go on. */
  readonly reason: string
}> {
  override get message(): string {
    return `${this.targetName}: ${this.operation}: the device rejected the access token: ${Redaction.withoutFinalPunctuation(this.reason)}.`
  }
}

/** `TokenStoreFailed` says that the store of tokens cannot be used, or that what stands there cannot be trusted. */
export class TokenStoreFailed extends Data.TaggedError("TokenStoreFailed")<{
  readonly targetName: string
  readonly reason: StoreReason
  /** `path` is the file or folder. */
  readonly path: string
  /** `code` is the system's code, such as `EACCES`, where there is one. */
  readonly code?: string
  /** `found` says what is wrong with what stands there, whose it is, and what mends it, where that is known. */
  readonly found?: string
}> {
  readonly sent: Sent = "no"
  override get message(): string {
    const where = this.code === undefined ? this.path : `${this.path} (${this.code})`
    const found = this.found === undefined ? "" : ` ${this.found}`
    return `${this.targetName}: ${storeMessages[this.reason](where)}${found}`
  }
}

/**
 * `StoreReason` says what is wrong with the store. `Folder`: it cannot be made, or others may write to it. `Locked`:
 * another process has the slot for longer than a login takes. `LockLost`: another process took it over. `Torn`,
 * `Foreign`, `Exposed`: the file was cut off, is not ours, or could be read by others; it was set aside. `Nameless`:
 * the target has a `connect` and no name of its own, so that its address may be that of several devices. `Unusable`: it
 * cannot be read or written.
 */
export type StoreReason =
  | "Nameless"
  | "Folder"
  | "Locked"
  | "LockLost"
  | "Torn"
  | "Foreign"
  | "Exposed"
  | "Unusable"

const storeMessages: Record<StoreReason, (where: string) => string> = {
  Folder: (where) =>
    `tokens cannot be kept in ${where}. It must be a folder of this user that nobody else may write to (chmod 700); or name another one, by the option folder or, on Linux, XDG_STATE_HOME. Deno needs --allow-read and --allow-write for it, and for the default one --allow-env and --allow-sys.`,
  Nameless: (where) =>
    `behind a jump host or a proxy the address ${where} does not say whose it is, so that its login is not kept. Give the target a name of its own.`,
  Locked: (where) =>
    `another process has this login to itself by ${where}, and for longer than was waited for. See what it waits for.`,
  LockLost: (where) =>
    `another process took over ${where} while this one stood still. The session goes on by itself, without the store.`,
  Torn: (where) =>
    `the file with the kept token is damaged; a new login takes its place. It was set aside as ${where}, and may be deleted.`,
  Foreign: (where) =>
    `the file where the token should be is not this library's, or of another login; a new login takes its place. It was set aside as ${where}: look whose it is.`,
  Exposed: (where) =>
    `the file with the kept token could be read or written by others and is not used. It was set aside as ${where}; end that session at the device if others use this machine.`,
  Unusable: (where) =>
    `the kept token in ${where} cannot be read or written. The session goes on by itself, without the store; see that this user may read and write there, and that the disk is neither full nor failing.`
}

/** `AuthError` is what a login, a refresh or a logout can fail with. */
export type AuthError =
  | WireError
  | CredentialsRefused
  | DeviceBusy
  | DeviceRefused
  | TokenStoreFailed
  | SessionClosed
  | SessionContested
  | TokenRejected

/** `SessionError` is what a request through a session can fail with. */
export type SessionError = AuthError | OutcomeUnknown | PlanRefused | RunRefused
