import * as Data from "effect/Data"

/** What happens to a session, for a log or a display. Times are milliseconds since 1970; nothing in it is secret. */
export type SessionEvent = Data.TaggedEnum<{
  LoggedIn: Issued
  Refreshed: Issued
  /** The login of another process or of an earlier run is used, from the store in which it was kept. */
  Adopted: Issued
  /** A login or a refresh failed; `retryAt` is when the next attempt may be made, if one may. */
  RenewalFailed: Happened & {
    readonly error: string
    readonly message: string
    readonly retryAt: number | undefined
  }
  /** The device ended the session before its time: `count` times within five minutes. */
  Evicted: Happened & { readonly count: number }
  LoggedOut: Happened
  /** The session has closed, and its login stays in the store, for others, until `expiresAt` at the latest. */
  Kept: Happened & { readonly expiresAt: number | undefined }
  /** What was kept in the store is not trusted, or the session goes on without it. */
  StoreFailed: Happened & { readonly message: string }
  /** The token could not be revoked and stays good until it expires, at `expiresAt`. */
  LogoutFailed: Happened & { readonly message: string; readonly expiresAt: number | undefined }
}>

interface Happened {
  readonly at: number
  readonly target: string
}

interface Issued extends Happened {
  readonly expiresAt: number | undefined
  readonly refreshesLeft: number
}

export const {
  LoggedIn,
  Refreshed,
  Adopted,
  RenewalFailed,
  Evicted,
  LoggedOut,
  Kept,
  LogoutFailed,
  StoreFailed,
  $is,
  $match
} = Data.taggedEnum<SessionEvent>()
