import * as Data from "effect/Data"

/**
 * `SessionEvent` is one thing that happens to a session, for a log or a display. Times are milliseconds since 1970;
 * nothing in it is secret.
 */
export type SessionEvent = Data.TaggedEnum<{
  LoggedIn: TokenFields
  Refreshed: TokenFields
  /**
   * `Adopted` tells that the login of another process or of an earlier run is used, from the store in which it was
   * kept.
   */
  Adopted: TokenFields
  /**
   * `RenewalFailed` tells that a login or a refresh failed; `retryAt` is when the next attempt may be made, if one may.
   */
  RenewalFailed: EventFields & {
    readonly error: string
    readonly message: string
    readonly retryAt: number | undefined
  }
  /** `Evicted` tells that the device ended the session before its time: `count` times within five minutes. */
  Evicted: EventFields & { readonly count: number }
  LoggedOut: EventFields
  /**
   * `Kept` tells that the session has closed, and its login stays in the store, for others, until `expiresAt` at the
   * latest.
   */
  Kept: EventFields & { readonly expiresAt: number | undefined }
  /** `StoreFailed` tells that what was kept in the store is not trusted, or that the session goes on without it. */
  StoreFailed: EventFields & { readonly message: string }
  /** `LogoutFailed` tells that the token could not be revoked and stays good until it expires, at `expiresAt`. */
  LogoutFailed: EventFields & { readonly message: string; readonly expiresAt: number | undefined }
}>

interface EventFields {
  readonly at: number
  readonly targetName: string
}

interface TokenFields extends EventFields {
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
