import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as FiberId from "effect/FiberId"
import type { DeviceRefused } from "../../transport/DeviceError.ts"
import type { AuthError, CredentialsRefused, SessionContested, TokenRejected } from "../AuthError.ts"
import type * as Instant from "../Instant.ts"
import { type CurrentToken, phaseOf } from "./CurrentToken.ts"
import type { Acquired } from "./TokenSource.ts"

/**
 * `State` is the one state of a session.
 *
 *     Renewing ──good──▶ Fresh ──due, spent──▶ Renewing
 *        │ ▲               │
 *        │ └─waited──┐     └─third eviction──▶ Contested
 *        ├─passing──▶ BackingOff
 *        └─refused──▶ Refused              any ──scope closes──▶ Closed
 *
 * A session starts as `Renewing` without a token. `held` is the token that may still serve in the meantime.
 */
export type State = Data.TaggedEnum<{
  Fresh: { readonly held: CurrentToken }
  Renewing: { readonly held: CurrentToken | undefined; readonly pending: Pending }
  BackingOff: {
    readonly held: CurrentToken | undefined
    /** `pending` is that of the attempt that comes next. */
    readonly pending: Pending
    readonly failures: number
    /** `until` is on the monotonic clock, in milliseconds. */
    readonly until: number
    /** `error` is what the last attempt failed with. */
    readonly error: AuthError
    /** `loginNext` says that the refresh token may be used up. */
    readonly loginNext: boolean
  }
  Refused: { readonly held: CurrentToken | undefined; readonly error: FinalError }
  Contested: { readonly held: CurrentToken | undefined; readonly error: SessionContested }
  /**
   * `Closed` is `collecting` while whoever closes still waits for the exchange under way, and will revoke what it
   * brings.
   */
  Closed: { readonly collecting: boolean; readonly arrived: Acquired | undefined }
}>

/** `FinalError` is what no other attempt will cure. */
export type FinalError = CredentialsRefused | TokenRejected | DeviceRefused

/** `Pending` is what the result of an exchange will be known by. */
export interface Pending {
  /** `done` is what the callers wait for. */
  readonly done: Deferred.Deferred<CurrentToken, AuthError>
  /** `over` is done when the exchange is over and its result is in the state: the closing waits for it. */
  readonly over: Deferred.Deferred<void>
}

export const makePending = (): Pending => ({
  done: Deferred.unsafeMake(FiberId.none),
  over: Deferred.unsafeMake(FiberId.none)
})

export const { Fresh, Renewing, BackingOff, Refused, Contested, Closed } = Data.taggedEnum<State>()

/** `Decision` is what a caller who wants a token does next. */
export type Decision = Data.TaggedEnum<{
  Go: { readonly held: CurrentToken }
  GoAndRenew: { readonly held: CurrentToken }
  Renew: Record<never, never>
  Await: { readonly pending: Pending }
  /** `Sleep` takes so many milliseconds, before the attempt that all callers share. */
  Sleep: { readonly for: number; readonly pending: Pending }
  Fail: { readonly error: AuthError | undefined }
}>

const { Go, GoAndRenew, Renew, Await, Sleep, Fail } = Data.taggedEnum<Decision>()

// Nobody waits longer for a device that asked for it: the caller gets its answer now.
const maxSleep = 60_000

/** `Decide` says what a caller does next. */
export type Decide = (state: State, now: Instant.Instant) => Decision

export const decisionFor: Decide = (state, now) => {
  switch (state._tag) {
    case "Fresh": {
      const { held } = state
      const is = phaseOf(held, now)
      return is === "Good" ? Go({ held }) : is === "Due" ? GoAndRenew({ held }) : Renew()
    }
    case "Renewing":
      return usable(state.held, now) ?? Await({ pending: state.pending })
    case "BackingOff": {
      const wait = state.until - now.monotonic
      const good = usable(state.held, now)
      if (good !== undefined) return wait <= 0 && phaseOf(good.held, now) === "Due" ? GoAndRenew(good) : good
      if (wait <= 0) return Renew()
      return wait > maxSleep ? Fail({ error: state.error }) : Sleep({ for: wait, pending: state.pending })
    }
    case "Refused":
      return usable(state.held, now) ?? Fail({ error: state.error })
    case "Contested":
      return Fail({ error: state.error })
    case "Closed":
      return Fail({ error: undefined })
  }
}

/** `forcedDecisionFor` does the same for a caller who wants a new token, however good the present one is. */
export const forcedDecisionFor: Decide = (state, now) =>
  state._tag === "Fresh"
    ? Renew()
    : state._tag === "Closed"
      ? decisionFor(state, now)
      : decisionFor({ ...state, held: undefined }, now)

const usable = (held: CurrentToken | undefined, now: Instant.Instant) =>
  held !== undefined && phaseOf(held, now) !== "Spent" ? Go({ held }) : undefined
