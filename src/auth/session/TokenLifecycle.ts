import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import { ProtocolViolation } from "../../transport/DeviceError.ts"
import type * as Retry from "../../transport/Retry.ts"
import { type AuthError, SessionClosed } from "../AuthError.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import type { Credentials } from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type * as GrantStore from "../TokenStore.ts"
import type * as Exchanges from "./Background.ts"
import { type Held, phase } from "./CurrentToken.ts"
import type * as Renewal from "./DirectTokenSource.ts"
import type * as Latches from "./LoginGuard.ts"
import * as Logout from "./Logout.ts"
import * as Rejection from "./Rejection.ts"
import * as Predecessors from "./RetiredTokens.ts"
import {
  type Arrival,
  next,
  nextForced,
  type Pending,
  pending,
  Renewing,
  type State
} from "./SessionState.ts"
import * as Sharing from "./SharedTokenSource.ts"
import * as Move from "./Transition.ts"

/** Keeps the grant of one session: good, alone, and ended at the end. */
export interface Keeper {
  /** The first login. */
  readonly open: Effect.Effect<void, AuthError>
  /** The logout, within five seconds. */
  readonly close: Effect.Effect<void>
  /** A grant that may be sent now. */
  readonly use: Effect.Effect<Held, AuthError>
  /** A new grant, however good the present one is. */
  readonly renewed: Effect.Effect<Held, AuthError>
  /** Runs a request that carries the grant, which is not logged out before the request is over. */
  readonly carry: <A, E, R>(held: Held, request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** The device accepted the grant; `outlived`: how often it had been disturbed when that was sent. */
  readonly accepted: (held: Held, outlived: number) => Effect.Effect<void>
  /** A connection was lost or the device went away: a 401 after that is no sign of another user. */
  readonly disturbed: (held: Held) => Effect.Effect<void>
  /** Whether the grant may be sent at this moment, with no newer one known. */
  readonly isCurrent: (held: Held) => Effect.Effect<boolean>
  /** The device refused the grant. Fails where a renewal must not follow. */
  readonly rejected: (held: Held, operation: string) => Effect.Effect<void, AuthError>
}

export interface Options {
  readonly provider: AuthProvider.AuthProvider
  /** The provider's, with what they read from where the session was opened. */
  readonly credentials: Credentials
  readonly exchanges: Exchanges.Service
  readonly latches: Latches.Service
  readonly store: GrantStore.Service
  /** How many evictions within five minutes mean that someone else uses the account. */
  readonly evictionLimit: number
  /** Between renewals that fail. */
  readonly backOff: Retry.BackOff
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

// Milliseconds.
const limits = { all: 5000, collecting: 3000 }

export const make = (options: Options): Effect.Effect<Keeper> =>
  Effect.gen(function* () {
    const { exchanges, latches, provider, publish } = options
    const target = provider.transport.target.name
    const closed = new SessionClosed({ target })
    const opening = yield* pending
    const state = yield* Ref.make<State>(Renewing({ held: undefined, pending: opening }))
    const closing = yield* Deferred.make<void>()
    const predecessors = Predecessors.make(options)
    let username = ""

    const rejection = Rejection.make({ state, target, username: () => username, ...options })
    const renewal: Renewal.Options = {
      provider,
      credentials: options.credentials,
      latches,
      backOff: options.backOff,
      unlessClosed: Effect.flatMap(Ref.get(state), (now) =>
        now._tag === "Closed" ? Effect.fail(closed) : Effect.void
      ),
      closed: Deferred.await(closing),
      onAccount: (account) => {
        username = account.username
      }
    }
    const sharing = Sharing.make({
      store: options.store,
      renewal,
      publish,
      evicted: rejection.evicted,
      logout: (held, limit, how) => Logout.logout(options, held, limit, how)
    })

    const start = ({ pending, plan }: Move.Begun) =>
      exchanges.start(
        sharing.attempt(plan).pipe(
          Effect.exit,
          Effect.flatMap(
            Exit.match({
              onSuccess: (arrival) => arrive(pending, arrival),
              onFailure: (cause) =>
                setBack(
                  pending,
                  plan,
                  Option.getOrElse(Cause.failureOption(cause), () => brokenPlugin(target))
                )
            })
          ),
          // Nobody who waits may be left without an answer, whatever went wrong in here.
          Effect.onError(() =>
            Effect.zipRight(
              Deferred.fail(pending.done, brokenPlugin(target).error),
              Deferred.succeed(pending.over, undefined)
            )
          )
        )
      )

    /** Puts a new grant into the state, and only then wakes those who wait for it. */
    const arrive = ({ done, over }: Pending, arrival: Arrival): Effect.Effect<void> =>
      Effect.gen(function* () {
        const { by, held, replaced } = arrival
        if (replaced !== undefined) predecessors.add(replaced)
        const became = yield* Ref.modify(state, Move.arrive(arrival))
        // Nobody else will: the session was closed and no longer waits.
        if (became === "Late") yield* Effect.flatten(logout(held, limits.all))
        yield* Deferred.succeed(done, held)
        yield* Deferred.succeed(over, undefined)
        // Whoever collects it ends its predecessor, too.
        if (became === "Collected") return
        if (replaced !== undefined) yield* predecessors.end(replaced)
        if (became === "Late") return
        const { expiresAt, refreshesLeft } = held.grant
        const { wall } = yield* Instant.now
        yield* publish(arrived[by]({ at: wall, target, expiresAt, refreshesLeft }))
      })

    /** Puts a failure into the state: what all who wait get, and what the next attempt has to wait for. */
    const setBack = (
      { done, over }: Pending,
      plan: Renewal.Plan,
      { error, loginNext }: Renewal.Failure
    ): Effect.Effect<void> =>
      Effect.gen(function* () {
        const setback = yield* Move.setbackOf(options.backOff, plan.held, plan.failures, error, loginNext)
        const isOpen = yield* Ref.modify(state, Move.setBack(setback))
        yield* Deferred.fail(done, isOpen ? error : closed)
        yield* Deferred.succeed(over, undefined)
        if (!isOpen) return
        if (plan.held !== undefined && isLost(error)) yield* disturbed(plan.held)
        const { wall } = setback.at
        const retryAt = Move.isFinal(error) ? undefined : wall + Duration.toMillis(setback.delay)
        const { _tag, message } = error
        yield* publish(SessionEvent.RenewalFailed({ at: wall, target, error: _tag, message, retryAt }))
      })

    /** Starts a renewal where `decide` wants one; hands back what its result will be known by. */
    const renew = (decide: typeof next): Effect.Effect<Option.Option<Pending>> =>
      Effect.gen(function* () {
        const fresh = yield* pending
        const now = yield* Instant.now
        const begun = yield* Ref.modify(
          state,
          Move.begin((current) => decide(current, now), fresh)
        )
        if (Option.isSome(begun)) yield* start(begun.value)
        return Option.map(begun, (exchange) => exchange.pending)
      }).pipe(Effect.uninterruptible)

    const grantBy = (decide: typeof next): Effect.Effect<Held, AuthError> =>
      Effect.flatMap(Effect.all([Ref.get(state), Instant.now]), ([current, now]) => {
        const step = decide(current, now)
        const again = Effect.suspend(() => grantBy(decide))
        switch (step._tag) {
          case "Go":
            return Effect.succeed(step.held)
          case "GoAndRenew":
            return Effect.as(renew(decide), step.held)
          case "Renew":
            // The result serves those who waited for it, whatever its lifetime; only others look at the state again.
            return Effect.flatMap(
              renew(decide),
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

    const use = grantBy(next)
    const renewed = grantBy(nextForced)

    const isCurrent = (held: Held) =>
      Effect.map(
        Effect.all([Ref.get(state), Instant.now]),
        ([current, now]) => "held" in current && current.held === held && phase(held, now) !== "Spent"
      )

    const accepted = (held: Held, outlived: number) =>
      Effect.sync(() => {
        held.seen.accepted = true
        held.seen.outlived = Math.max(held.seen.outlived, outlived)
        held.seen.failures = 0
      })

    const disturbed = (held: Held) =>
      Effect.sync(() => {
        held.seen.disturbances += 1
      })

    /** Begins to end the session's own login, and hands back the wait for its end. */
    const logout = (held: Held, limit: number) => Logout.once(exchanges, held, sharing.end(held, limit))

    const ended = Deferred.succeed(closing, undefined)

    const open = start({
      pending: opening,
      plan: { held: undefined, loginOnly: true, failures: 0, isFirst: true }
    }).pipe(
      Effect.uninterruptible,
      Effect.zipRight(Deferred.await(opening.done)),
      // Free at once: the login goes on by itself.
      Effect.onInterrupt(() => Effect.zipRight(Ref.modify(state, Move.abandon), ended)),
      Effect.asVoid
    )

    // In a fiber of its own: even in an uninterruptible region, a wait that has a time-out is ended by an
    // interruption, and the logout would be skipped.
    const close: Effect.Effect<void> = Effect.suspend(() => exchanges.start(end)).pipe(
      Effect.flatMap(Fiber.await),
      Effect.uninterruptible,
      Effect.asVoid
    )

    const end: Effect.Effect<void> = Effect.gen(function* () {
      const began = yield* Instant.now
      const before = yield* Ref.modify(state, Move.close)
      yield* ended
      if (before._tag === "Closed") return
      // Whoever waits learns it now.
      if ("pending" in before) yield* Deferred.fail(before.pending.done, closed)
      const arrived = before._tag === "Renewing" ? yield* collect(before.pending) : undefined
      const newest = arrived?.held ?? before.held
      // By the clock that nobody sets: a laptop that sleeps here still has to log out when it wakes.
      const left = limits.all - Math.min((yield* Instant.now).monotonic - began.monotonic, limits.collecting)
      const logouts = yield* Effect.all([
        newest === undefined ? Effect.succeed(Effect.void) : logout(newest, left),
        predecessors.endAll(left)
      ])
      // A little longer than the logouts themselves have, so that what they have to say of a failure is heard.
      yield* Effect.all(logouts, { concurrency: "unbounded" }).pipe(
        Effect.interruptible,
        Effect.timeoutOption(left + 200)
      )
    })

    /** Waits for the exchange that the closing found under way; what comes later logs itself out. */
    const collect = ({ over }: Pending) =>
      Deferred.await(over).pipe(
        Effect.interruptible,
        Effect.timeoutOption(limits.collecting),
        Effect.zipRight(Ref.modify(state, Move.collected))
      )

    const [{ carry }, { rejected }] = [predecessors, rejection]
    return { open, close, use, renewed, carry, isCurrent, accepted, disturbed, rejected }
  })

const arrived = {
  login: SessionEvent.LoggedIn,
  refresh: SessionEvent.Refreshed,
  adoption: SessionEvent.Adopted
}

// The device may have restarted, and forgotten its sessions.
const isLost = (error: AuthError): boolean =>
  error._tag === "DeviceUnreachable" || (error._tag === "DeviceBusy" && error.status === 503)

const brokenPlugin = (target: string): Renewal.Failure => {
  const detail = "the plugin broke off with a defect"
  const advice = "This is a fault of the plugin: tell who wrote it"
  const operation = "login or refresh"
  return { error: new ProtocolViolation({ target, operation, detail, advice }), loginNext: true }
}
