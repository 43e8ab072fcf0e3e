import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import * as Retry from "../../transport/Retry.ts"
import type { AuthError, SessionContested } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import type { CurrentToken } from "./CurrentToken.ts"
import {
  BackingOff,
  Closed,
  Contested,
  type Decision,
  type FinalError,
  Fresh,
  makePending,
  type Pending,
  Refused,
  Renewing,
  type State
} from "./SessionState.ts"
import type { Acquired, AttemptPlan } from "./TokenSource.ts"

/** `Transition` is a change of the state, and what it tells the one who makes it: in one step, so that no two mix. */
export type Transition<A> = (state: State) => [A, State]

/** `modify` makes it. */
export const modify = <A>(state: MutableRef.MutableRef<State>, transition: Transition<A>): Effect.Effect<A> =>
  Effect.sync(() => {
    const [told, next] = transition(MutableRef.get(state))
    MutableRef.set(state, next)
    return told
  })

/** `StartedAttempt` is an exchange to start, and what its result will be known by. */
export interface StartedAttempt {
  readonly pending: Pending
  readonly plan: AttemptPlan
}

/** `begin` begins a renewal, where `decide` wants one. */
export const begin =
  (decide: (state: State) => Decision, fresh: Pending): Transition<Option.Option<StartedAttempt>> =>
  (state) => {
    const wanted = decide(state)._tag
    if (wanted !== "Renew" && wanted !== "GoAndRenew") return [Option.none(), state]
    if (state._tag === "Fresh") {
      const { held } = state
      const plan = { held, loginOnly: false, failures: held.history.failures, isFirst: false }
      return [Option.some({ pending: fresh, plan }), Renewing({ held, pending: fresh })]
    }
    if (state._tag === "BackingOff") {
      const { failures, held, loginNext, pending } = state
      return [
        Option.some({ pending, plan: { held, loginOnly: loginNext, failures, isFirst: false } }),
        Renewing({ held, pending })
      ]
    }
    return [Option.none(), state]
  }

/** `acquire` takes a token that arrives. `Late`: the session was closed and no longer waits for it. */
export const acquire =
  (acquired: Acquired): Transition<"Fresh" | "Collected" | "Late"> =>
  (state) => {
    if (state._tag !== "Closed") return ["Fresh", Fresh({ held: acquired.held })]
    return state.collecting ? ["Collected", Closed({ collecting: true, arrived: acquired })] : ["Late", state]
  }

/** `Failed` is an attempt that failed, and when the next may be made. */
export interface Failed {
  readonly held: CurrentToken | undefined
  readonly error: AuthError
  readonly failures: number
  readonly at: Instant.Instant
  readonly delay: Duration.Duration
  readonly loginNext: boolean
  /** `pending` is that of the attempt that comes next. */
  readonly pending: Pending
}

/** `failedOf` gives the failure of an attempt, with the wait that is due after so many. */
export const failedOf = (
  policy: Retry.BackOff,
  held: CurrentToken | undefined,
  failuresBefore: number,
  error: AuthError,
  loginNext: boolean
): Effect.Effect<Failed> =>
  Effect.gen(function* () {
    const failures = failuresBefore + 1
    const delay = yield* Retry.renewalDelay(policy, failures, error)
    return { held, error, failures, at: yield* Instant.now, delay, loginNext, pending: makePending() }
  })

/** `fail` notes that an attempt fails. It tells whether the session is still open. */
export const fail =
  (failed: Failed): Transition<boolean> =>
  (state) => {
    if (state._tag === "Closed") return [false, state]
    const { error, held } = failed
    if (error._tag === "SessionContested") return [true, Contested({ held, error })]
    return [true, isFinal(error) ? Refused({ held, error }) : backingOff(failed)]
  }

/** `isFinal` is true of errors that no other attempt will cure; one with a password might lock the account. */
export const isFinal = (error: AuthError): error is FinalError =>
  error._tag === "CredentialsRefused" ||
  error._tag === "TokenRejected" ||
  // Of a login: one to a refresh is followed by a login.
  (error._tag === "DeviceRefused" && error.status === 401)

/** `reject` notes that the token at hand turns out to be of no use at its very first use. */
export const reject = (state: State, failed: Failed): State =>
  state._tag === "Fresh" && state.held === failed.held ? backingOff(failed) : state

/** `contest` notes that the token at hand was taken away once too often. */
export const contest = (state: State, held: CurrentToken, error: SessionContested): State =>
  (state._tag === "Fresh" || state._tag === "BackingOff") && state.held === held
    ? Contested({ held, error })
    : state

/** `abandon` is for whoever opens and gives up: the login that is under way logs out what it brings. */
export const abandon: Transition<void> = (state) => [
  undefined,
  state._tag === "Renewing" ? Closed({ collecting: false, arrived: undefined }) : state
]

/** `close` notes that the scope closes. It tells what was before. */
export const close: Transition<State> = (state) => [
  state,
  state._tag === "Closed" ? state : Closed({ collecting: state._tag === "Renewing", arrived: undefined })
]

/** `endCollecting` ends the waiting of the closing. It tells what arrived meanwhile. */
export const endCollecting: Transition<Acquired | undefined> = (state) => [
  state._tag === "Closed" ? state.arrived : undefined,
  Closed({ collecting: false, arrived: undefined })
]

const backingOff = ({ at, delay, error, failures, held, loginNext, pending }: Failed): State =>
  BackingOff({ held, pending, failures, until: at.monotonic + Duration.toMillis(delay), error, loginNext })
