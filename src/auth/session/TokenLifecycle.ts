import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import type * as Retry from "../../transport/Retry.ts"
import { type AuthError, SessionClosed } from "../AuthError.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import type { Credentials } from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type * as TokenStore from "../TokenStore.ts"
import { type AcquireFailure, brokenPlugin, fromCause, isLost } from "./AcquireFailure.ts"
import type * as Background from "./Background.ts"
import { type CurrentToken, noteAccepted, noteDisturbed, phaseOf } from "./CurrentToken.ts"
import type * as DirectTokenSource from "./DirectTokenSource.ts"
import type * as LoginGuard from "./LoginGuard.ts"
import * as Logout from "./Logout.ts"
import * as Rejection from "./Rejection.ts"
import * as RetiredTokens from "./RetiredTokens.ts"
import {
  type Acquired,
  decisionFor,
  forcedDecisionFor,
  makePending,
  type Pending,
  Renewing,
  type State
} from "./SessionState.ts"
import * as SharedTokenSource from "./SharedTokenSource.ts"
import * as Transition from "./Transition.ts"

/** `TokenLifecycle` keeps the token of one session: good, alone, and ended at the end. */
export interface TokenLifecycle {
  /** `open` makes the first login. */
  readonly open: Effect.Effect<void, AuthError>
  /** `close` makes the logout, within five seconds. */
  readonly close: Effect.Effect<void>
  /** `current` gives a token that may be sent now. */
  readonly current: Effect.Effect<CurrentToken, AuthError>
  /** `renew` gives a new token, however good the present one is. */
  readonly renew: Effect.Effect<CurrentToken, AuthError>
  /** `whileSending` runs a request that carries the token, which is not logged out before the request is over. */
  readonly whileSending: <A, E, R>(
    held: CurrentToken,
    request: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
  /**
   * `noteAccepted` notes that the device accepted the token; `outlived`: how often it had been disturbed when that was
   * sent.
   */
  readonly noteAccepted: (held: CurrentToken, outlived: number) => Effect.Effect<void>
  /** `noteDisturbed` notes a lost connection or device: a 401 after that is no sign of another user. */
  readonly noteDisturbed: (held: CurrentToken) => Effect.Effect<void>
  /** `isCurrent` says whether the token may be sent at this moment, with no newer one known. */
  readonly isCurrent: (held: CurrentToken) => Effect.Effect<boolean>
  /** `noteRejected` notes that the device refused the token. It fails where a renewal must not follow. */
  readonly noteRejected: (held: CurrentToken, operation: string) => Effect.Effect<void, AuthError>
}

export interface Options {
  readonly provider: AuthProvider.AuthProvider
  /** `credentials` are the provider's, with what they read from where the session was opened. */
  readonly credentials: Credentials
  readonly background: Background.Service
  readonly loginGuard: LoginGuard.Service
  readonly store: TokenStore.Service
  /** `evictionLimit` is how many evictions within five minutes mean that someone else uses the account. */
  readonly evictionLimit: number
  /** `backOff` is the wait between renewals that fail. */
  readonly backOff: Retry.BackOff
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

// Milliseconds.
const closeTimeouts = { all: 5000, collecting: 3000 }

export const make = (options: Options): Effect.Effect<TokenLifecycle> =>
  Effect.gen(function* () {
    const { background, loginGuard, provider, publish } = options
    const targetName = provider.transport.target.name
    const closed = new SessionClosed({ targetName })
    const opening = yield* makePending
    const state = yield* Ref.make<State>(Renewing({ held: undefined, pending: opening }))
    const closing = yield* Deferred.make<void>()
    const retired = RetiredTokens.make(options)
    let accountName = ""

    const rejection = Rejection.make({ state, targetName, username: () => accountName, ...options })
    const renewal: DirectTokenSource.Options = {
      provider,
      credentials: options.credentials,
      loginGuard,
      backOff: options.backOff,
      unlessClosed: Effect.flatMap(Ref.get(state), (now) =>
        now._tag === "Closed" ? Effect.fail(closed) : Effect.void
      ),
      closed: Deferred.await(closing),
      onAccount: (account) => {
        accountName = account.username
      }
    }
    const sharing = SharedTokenSource.make({
      store: options.store,
      renewal,
      publish,
      evicted: rejection.evicted,
      logout: (held, limit, how) => Logout.logout(options, held, limit, how)
    })

    const startAttempt = ({ pending, plan }: Transition.StartedAttempt) =>
      background.start(
        sharing.acquire(plan).pipe(
          Effect.exit,
          Effect.flatMap(
            Exit.match({
              onSuccess: (acquired) => onAcquired(pending, acquired),
              onFailure: (cause) => onFailed(pending, plan, fromCause(cause, targetName))
            })
          ),
          // Nobody who waits may be left without an answer, whatever went wrong in here.
          Effect.onError(() =>
            Effect.zipRight(
              Deferred.fail(pending.done, brokenPlugin(targetName).error),
              Deferred.succeed(pending.over, undefined)
            )
          )
        )
      )

    /** `onAcquired` puts a new token into the state, and only then wakes those who wait for it. */
    const onAcquired = ({ done, over }: Pending, acquired: Acquired): Effect.Effect<void> =>
      Effect.gen(function* () {
        const { by, held, replaced } = acquired
        if (replaced !== undefined) retired.add(replaced)
        const became = yield* Ref.modify(state, Transition.acquire(acquired))
        // Nobody else will: the session was closed and no longer waits.
        if (became === "Late") yield* Effect.flatten(logout(held, closeTimeouts.all))
        yield* Deferred.succeed(done, held)
        yield* Deferred.succeed(over, undefined)
        // Whoever collects it ends the token that it replaces, too.
        if (became === "Collected") return
        if (replaced !== undefined) yield* retired.logOut(replaced)
        if (became === "Late") return
        const { expiresAt, refreshesLeft } = held.token
        const { wall } = yield* Instant.now
        yield* publish(acquiredEvents[by]({ at: wall, targetName, expiresAt, refreshesLeft }))
      })

    /** `onFailed` puts a failure into the state: what all who wait get, and what the next attempt has to wait for. */
    const onFailed = (
      { done, over }: Pending,
      plan: DirectTokenSource.AttemptPlan,
      { error, loginNext }: AcquireFailure
    ): Effect.Effect<void> =>
      Effect.gen(function* () {
        const failed = yield* Transition.failedOf(options.backOff, plan.held, plan.failures, error, loginNext)
        const isOpen = yield* Ref.modify(state, Transition.fail(failed))
        yield* Deferred.fail(done, isOpen ? error : closed)
        yield* Deferred.succeed(over, undefined)
        if (!isOpen) return
        if (plan.held !== undefined && isLost(error)) yield* noteDisturbed(plan.held)
        const { wall } = failed.at
        const retryAt = Transition.isFinal(error) ? undefined : wall + Duration.toMillis(failed.delay)
        const { _tag, message } = error
        yield* publish(SessionEvent.RenewalFailed({ at: wall, targetName, error: _tag, message, retryAt }))
      })

    /** `beginRenewal` starts a renewal where `decide` wants one; hands back what its result will be known by. */
    const beginRenewal = (decide: typeof decisionFor): Effect.Effect<Option.Option<Pending>> =>
      Effect.gen(function* () {
        const fresh = yield* makePending
        const now = yield* Instant.now
        const begun = yield* Ref.modify(
          state,
          Transition.begin((current) => decide(current, now), fresh)
        )
        if (Option.isSome(begun)) yield* startAttempt(begun.value)
        return Option.map(begun, (exchange) => exchange.pending)
      }).pipe(Effect.uninterruptible)

    const tokenBy = (decide: typeof decisionFor): Effect.Effect<CurrentToken, AuthError> =>
      Effect.flatMap(Effect.all([Ref.get(state), Instant.now]), ([current, now]) => {
        const step = decide(current, now)
        const again = Effect.suspend(() => tokenBy(decide))
        switch (step._tag) {
          case "Go":
            return Effect.succeed(step.held)
          case "GoAndRenew":
            return Effect.as(beginRenewal(decide), step.held)
          case "Renew":
            // The result serves those who waited for it, whatever its lifetime; only others look at the state again.
            return Effect.flatMap(
              beginRenewal(decide),
              Option.match({ onNone: () => again, onSome: ({ done }) => Deferred.await(done) })
            )
          case "Await":
            return Deferred.await(step.pending.done)
          case "Sleep":
            // Whoever wakes first makes the attempt; the others have its result however late they wake.
            return Effect.raceFirst(
              Effect.zipRight(Effect.sleep(step.for), again),
              Deferred.await(step.pending.done)
            )
          case "Fail":
            return Effect.fail(step.error ?? closed)
        }
      })

    const current = tokenBy(decisionFor)
    const renew = tokenBy(forcedDecisionFor)

    const isCurrent = (held: CurrentToken) =>
      Effect.map(
        Effect.all([Ref.get(state), Instant.now]),
        ([current, now]) => "held" in current && current.held === held && phaseOf(held, now) !== "Spent"
      )

    /** `logout` begins to end the session's own login, and hands back the wait for its end. */
    const logout = (held: CurrentToken, limit: number) =>
      Logout.startOnce(background, held, sharing.release(held, limit))

    const ended = Deferred.succeed(closing, undefined)

    const open = startAttempt({
      pending: opening,
      plan: { held: undefined, loginOnly: true, failures: 0, isFirst: true }
    }).pipe(
      Effect.uninterruptible,
      Effect.zipRight(Deferred.await(opening.done)),
      // Free at once: the login goes on by itself.
      Effect.onInterrupt(() => Effect.zipRight(Ref.modify(state, Transition.abandon), ended)),
      Effect.asVoid
    )

    // In a fiber of its own: even in an uninterruptible region, a wait that has a time-out is ended by an
    // interruption, and the logout would be skipped.
    const close: Effect.Effect<void> = Effect.suspend(() => background.start(end)).pipe(
      Effect.flatMap(Fiber.await),
      Effect.uninterruptible,
      Effect.asVoid
    )

    const end: Effect.Effect<void> = Effect.gen(function* () {
      const began = yield* Instant.now
      const before = yield* Ref.modify(state, Transition.close)
      yield* ended
      if (before._tag === "Closed") return
      // Whoever waits learns it now.
      if ("pending" in before) yield* Deferred.fail(before.pending.done, closed)
      const arrived = before._tag === "Renewing" ? yield* awaitPending(before.pending) : undefined
      const newest = arrived?.held ?? before.held
      // By the clock that nobody sets: a laptop that sleeps here still has to log out when it wakes.
      const left =
        closeTimeouts.all -
        Math.min((yield* Instant.now).monotonic - began.monotonic, closeTimeouts.collecting)
      const logouts = yield* Effect.all([
        newest === undefined ? Effect.succeed(Effect.void) : logout(newest, left),
        retired.logOutAll(left)
      ])
      // A little longer than the logouts themselves have, so that what they have to say of a failure is heard.
      yield* Effect.all(logouts, { concurrency: "unbounded" }).pipe(
        Effect.interruptible,
        Effect.timeoutOption(left + 200)
      )
    })

    /** `awaitPending` waits for the exchange that the closing found under way; what comes later logs itself out. */
    const awaitPending = ({ over }: Pending) =>
      Deferred.await(over).pipe(
        Effect.interruptible,
        Effect.timeoutOption(closeTimeouts.collecting),
        Effect.zipRight(Ref.modify(state, Transition.endCollecting))
      )

    const [{ whileSending }, { noteRejected }] = [retired, rejection]
    return { open, close, current, renew, whileSending, isCurrent, noteAccepted, noteDisturbed, noteRejected }
  })

const acquiredEvents = {
  login: SessionEvent.LoggedIn,
  refresh: SessionEvent.Refreshed,
  adoption: SessionEvent.Adopted
}
