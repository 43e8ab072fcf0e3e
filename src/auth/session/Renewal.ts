import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type * as Retry from "../../transport/Retry.ts"
import { SessionClosed } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import { type AcquireFailure, broken, fromCause, isLost } from "./AcquireFailure.ts"
import type * as Background from "./Background.ts"
import { noteDisturbed } from "./CurrentToken.ts"
import * as Logout from "./Logout.ts"
import type * as RetiredTokens from "./RetiredTokens.ts"
import { type Decide, makePending, type Pending, type State } from "./SessionState.ts"
import type { Acquired, AttemptPlan, TokenSource } from "./TokenSource.ts"
import * as Transition from "./Transition.ts"

export interface Options extends Logout.Options {
  readonly state: MutableRef.MutableRef<State>
  readonly source: TokenSource
  readonly retired: RetiredTokens.RetiredTokens
  readonly background: Background.Service
  /** `backOff` is the wait between renewals that fail. */
  readonly backOff: Retry.BackOff
}

/** `begin` starts a renewal where `decide` wants one; hands back what its result will be known by. */
export const begin = (options: Options, decide: Decide): Effect.Effect<Option.Option<Pending>> =>
  Effect.gen(function* () {
    const fresh = makePending()
    const now = yield* Instant.now
    const begun = yield* Transition.modify(
      options.state,
      Transition.begin((current) => decide(current, now), fresh)
    )
    if (Option.isSome(begun)) yield* start(options, begun.value)
    return Option.map(begun, ({ pending }) => pending)
  }).pipe(Effect.uninterruptible)

/** `start` makes the attempt that the state says is under way, in a fiber of its own. */
export const start = (options: Options, { pending, plan }: Transition.StartedAttempt) => {
  const targetName = options.provider.transport.target.name
  return options.background.start(
    options.source.acquire(plan).pipe(
      Effect.exit,
      Effect.flatMap(
        Exit.match({
          onSuccess: (acquired) => onAcquired(options, pending, acquired),
          onFailure: (cause) => onFailed(options, pending, plan, fromCause(cause, targetName))
        })
      ),
      // Nobody who waits may be left without an answer, whatever went wrong in here.
      Effect.onError(() =>
        Effect.zipRight(
          Deferred.fail(pending.done, broken(targetName).error),
          Deferred.succeed(pending.over, undefined)
        )
      )
    )
  )
}

/** `onAcquired` puts a new token into the state, and only then wakes those who wait for it. */
const onAcquired = (options: Options, { done, over }: Pending, acquired: Acquired): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { background, provider, publish, retired, source, state } = options
    const { by, held, replaced } = acquired
    if (replaced !== undefined) retired.add(replaced)
    const became = yield* Transition.modify(state, Transition.acquire(acquired))
    // Nobody else will: the session was closed and no longer waits.
    if (became === "Late")
      yield* Effect.flatten(Logout.startOnce(background, held, source.release(held, Logout.timeout)))
    yield* Deferred.succeed(done, held)
    yield* Deferred.succeed(over, undefined)
    // Whoever collects it ends the token that it replaces, too.
    if (became === "Collected") return
    if (replaced !== undefined) yield* retired.logOut(replaced)
    if (became === "Late") return
    const { expiresAt, refreshesLeft } = held.token
    const { wall } = yield* Instant.now
    const targetName = provider.transport.target.name
    yield* publish(acquiredEvents[by]({ at: wall, targetName, expiresAt, refreshesLeft }))
  })

const acquiredEvents = {
  login: SessionEvent.LoggedIn,
  refresh: SessionEvent.Refreshed,
  adoption: SessionEvent.Adopted
}

/** `onFailed` puts a failure into the state: what all who wait get, and what the next attempt has to wait for. */
const onFailed = (
  { backOff, provider, publish, state }: Options,
  { done, over }: Pending,
  { failures, held }: AttemptPlan,
  { error, loginNext }: AcquireFailure
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const targetName = provider.transport.target.name
    const failed = yield* Transition.failedOf(backOff, held, failures, error, loginNext)
    const isOpen = yield* Transition.modify(state, Transition.fail(failed))
    yield* Deferred.fail(done, isOpen ? error : new SessionClosed({ targetName }))
    yield* Deferred.succeed(over, undefined)
    if (!isOpen) return
    if (held !== undefined && isLost(error)) noteDisturbed(held)
    const { wall } = failed.at
    const retryAt = Transition.isFinal(error) ? undefined : wall + Duration.toMillis(failed.delay)
    const { _tag, message } = error
    yield* publish(SessionEvent.RenewalFailed({ at: wall, targetName, error: _tag, message, retryAt }))
  })
