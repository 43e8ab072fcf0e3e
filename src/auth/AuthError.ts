import * as Data from "effect/Data"
import type { DeviceBusy, DeviceRefused, OutcomeUnknown, Sent, WireError } from "../device/DeviceError.ts"

/** The device refused the user name or the password, or a one-time code is used up. Final: no further attempt. */
export class CredentialsRefused extends Data.TaggedError("CredentialsRefused")<{
  readonly target: string
  /** Empty where the credentials are a token. */
  readonly username: string
  /** The device's own words, masked and cut. */
  readonly messages: ReadonlyArray<string>
  /** The target that refused them, where it was another one: this one was not asked. */
  readonly refusedBy?: string
}> {
  override get message(): string {
    const who = this.username ? ` of ${JSON.stringify(this.username)}` : ""
    const by =
      this.refusedBy === undefined
        ? ""
        : ` They were refused by ${this.refusedBy}; this device was not asked.`
    const words = this.messages?.length ? ` It says: ${this.messages.join(" · ")}.` : ""
    return `${this.target}: the credentials${who} were refused.${words}${by} They are not tried again, so that the account is not locked. Check user name and password, and that the account is not locked or used for the web interface only.`
  }
}

/** Someone else uses the account, and each login ends the other's session. No further login is made. */
export class SessionContested extends Data.TaggedError("SessionContested")<{
  readonly target: string
  readonly username: string
  /** How often the device ended this session early. */
  readonly evictions: number
  /** When it did so first. */
  readonly since: Date
}> {
  override get message(): string {
    const times = this.evictions === 1 ? "once" : `${this.evictions} times`
    return `${this.target}: someone else uses the account${this.username ? ` ${JSON.stringify(this.username)}` : ""}: the device ended this session early ${times} since ${this.since?.toISOString?.()}. Give each script, and each person at the web interface, an account of its own.`
  }
}

/** The session's scope has closed: it is logged out. */
export class SessionClosed extends Data.TaggedError("SessionClosed")<{ readonly target: string }> {
  readonly sent: Sent = "no"
  override get message(): string {
    return `${this.target}: the session is closed. Keep what uses it inside the scope in which it was opened.`
  }
}

/** The device refuses a token that should be good, and a new one did not help or cannot be had. */
export class TokenRejected extends Data.TaggedError("TokenRejected")<{
  readonly target: string
  readonly operation: string
  /** Why the library did not go on. */
  readonly reason: string
}> {
  override get message(): string {
    return `${this.target}: ${this.operation}: the device rejected the access token: ${this.reason}`
  }
}

/** What a login, a refresh or a logout can fail with. */
export type AuthError =
  | WireError
  | CredentialsRefused
  | DeviceBusy
  | DeviceRefused
  | SessionClosed
  | SessionContested
  | TokenRejected

/** What a request through a session can fail with. */
export type SessionError = AuthError | OutcomeUnknown
