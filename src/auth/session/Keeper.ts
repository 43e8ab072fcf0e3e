import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import { ProtocolViolation } from "../../device/DeviceError.ts"
import * as Retry from "../../device/Retry.ts"
import { type AuthError, SessionClosed, SessionContested, TokenRejected } from "../AuthError.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type * as Exchanges from "./Exchanges.ts"
import { type Held, phase } from "./Held.ts"
import type * as Latches from "./Latches.ts"
import { logout } from "./Logout.ts"
import * as Renewal from "./Renewal.ts"
import {
  type Arrival,
  BackingOff,
  Closed,
  Contested,
  Fresh,
  next,
  nextForced,
  type Pending,
  pending,
  Refused,
  Renewing,
  type State
} from "./State.ts"

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
  readonly accepted: (held: Held) => Effect.Effect<void>
  /** A connection was lost or the device went away: a 401 after that is no sign of another user. */
  readonly disturbed: (held: Held) => Effect.Effect<void>
  /** The device refused the grant. Fails where a renewal must not follow. */
  readonly rejected: (held: Held, operation: string) => Effect.Effect<void, AuthError>
}

export interface Options {
  readonly provider: AuthProvider.AuthProvider
  readonly exchanges: Exchanges.Service
  readonly latches: Latches.Service
  /** How many evictions within five minutes mean that someone else uses the account. */
  readonly evictionLimit: number
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

const closing = { all: 5000, collecting: 3000 }
const evictionWindow = 5 * 60_000

export const make = (options: Options): Effect.Effect<Keeper> =>
  Effect.gen(function* () {
    const { exchanges, latches, provider, publish } = options
    const target = provider.transport.target.name
    const closed = new SessionClosed({ target })
    const opening = yield* pending
    const state = yield* Ref.make<State>(Renewing({ held: undefined, pending: opening }))
    /** Grants whose place a login has taken, until they are logged out. */
    const predecessors = new Set<Held>()
    let evictions: ReadonlyArray<Instant.Instant> = []
    let username = ""

    const renewalOptions: Renewal.Options = {
      provider,
      latches,
      unlessClosed: Effect.flatMap(Ref.get(state), (now) =>
        now._tag === "Closed" ? Effect.fail(closed) : Effect.void
      ),
      onAccount: (account) => {
        username = account.username
      }
    }

    // ── renewing ──────────────────────────────────────────────────────────────────────────────────────────────

    const begin = (awaited: Pending, plan: Renewal.Plan) =>
      exchanges.start(
        Renewal.attempt(renewalOptions, plan).pipe(
          Effect.exit,
          Effect.flatMap((exit) => settle(awaited, plan, exit))
        )
      )

    /** Puts the result of an exchange into the state, and only then wakes those who wait for it. */
    const settle = (
      { done, over }: Pending,
      plan: Renewal.Plan,
      exit: Exit.Exit<Arrival, Renewal.Failure>
    ): Effect.Effect<void> =>
      Effect.gen(function* () {
        const now = yield* Instant.now
        if (Exit.isSuccess(exit)) {
          const arrival = exit.value
          const late = yield* Ref.modify(state, (current): [boolean, State] =>
            current._tag !== "Closed"
              ? [false, Fresh({ held: arrival.held })]
              : current.collecting
                ? [false, Closed({ collecting: true, arrived: arrival })]
                : [true, current]
          )
          // Nobody else will: the session was closed and no longer waits.
          if (late) return yield* Effect.flatten(logout(options, arrival.held, closing.all))
          yield* Deferred.succeed(done, arrival.held)
          yield* Deferred.succeed(over, undefined)
          const event = arrival.by === "login" ? SessionEvent.LoggedIn : SessionEvent.Refreshed
          const { expiresAt, refreshesLeft } = arrival.held.grant
          yield* publish(event({ at: now.wall, target, expiresAt, refreshesLeft }))
          if (arrival.by === "login" && plan.held !== undefined) yield* replace(plan.held)
          return
        }
        const { error, loginNext } = Option.getOrElse(Cause.failureOption(exit.cause), () =>
          brokenPlugin(target)
        )
        const failures = plan.failures + 1
        const delay = Duration.toMillis(yield* Retry.renewalDelay(failures, error))
        const upcoming = yield* pending
        const final = error._tag === "CredentialsRefused" || error._tag === "TokenRejected"
        const isOver = yield* Ref.modify(state, (current): [boolean, State] => {
          if (current._tag === "Closed") return [true, current]
          return [
            false,
            error._tag === "CredentialsRefused" || error._tag === "TokenRejected"
              ? Refused({ held: plan.held, error })
              : BackingOff({
                  held: plan.held,
                  pending: upcoming,
                  failures,
                  until: now.monotonic + delay,
                  error,
                  loginNext
                })
          ]
        })
        yield* Deferred.fail(done, isOver ? closed : error)
        yield* Deferred.succeed(over, undefined)
        if (isOver) return
        if (plan.held !== undefined) yield* disturbedBy(plan.held, error)
        const retryAt = final ? undefined : now.wall + delay
        yield* publish(
          SessionEvent.RenewalFailed({
            at: now.wall,
            target,
            error: error._tag,
            message: error.message,
            retryAt
          })
        )
      })

    /** Starts a renewal where `decide` wants one; hands back what its result will be known by. */
    const renew = (decide: typeof next): Effect.Effect<Option.Option<Pending>> =>
      Effect.gen(function* () {
        const fresh = yield* pending
        const now = yield* Instant.now
        const begun = yield* Ref.modify(state, (current): [Option.Option<[Pending, Renewal.Plan]>, State] => {
          const step = decide(current, now)._tag
          if (step !== "Renew" && step !== "GoAndRenew") return [Option.none(), current]
          if (current._tag === "Fresh") {
            const { held } = current
            const plan = { held, loginOnly: false, failures: held.seen.failures }
            return [Option.some([fresh, plan]), Renewing({ held, pending: fresh })]
          }
          if (current._tag === "BackingOff") {
            const { failures, held, loginNext, pending } = current
            return [
              Option.some([pending, { held, loginOnly: loginNext, failures }]),
              Renewing({ held, pending })
            ]
          }
          return [Option.none(), current]
        })
        if (Option.isSome(begun)) yield* begin(...begun.value)
        return Option.map(begun, ([awaited]) => awaited)
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

    // ── what requests see ─────────────────────────────────────────────────────────────────────────────────────

    const replace = (held: Held) =>
      Effect.suspend(() => {
        predecessors.add(held)
        held.seen.replaced = true
        return held.seen.requests === 0 ? endPredecessor(held) : Effect.void
      })

    const endPredecessor = (held: Held) =>
      Effect.flatMap(logout(options, held, closing.all), (over) =>
        exchanges.start(
          Effect.zipRight(
            over,
            Effect.sync(() => predecessors.delete(held))
          )
        )
      ).pipe(Effect.asVoid)

    const carry: Keeper["carry"] = (held, request) =>
      Effect.acquireUseRelease(
        Effect.sync(() => held.seen.requests++),
        () => request,
        () =>
          Effect.suspend(() => {
            held.seen.requests--
            return held.seen.replaced && held.seen.requests === 0 ? endPredecessor(held) : Effect.void
          })
      )

    const accepted = (held: Held) =>
      Effect.sync(() => {
        held.seen.accepted = true
        held.seen.disturbed = false
        held.seen.failures = 0
      })

    const disturbed = (held: Held) =>
      Effect.sync(() => {
        held.seen.disturbed = true
      })

    const disturbedBy = (held: Held, error: AuthError) =>
      error._tag === "DeviceUnreachable" || (error._tag === "DeviceBusy" && error.status === 503)
        ? disturbed(held)
        : Effect.void

    const rejected = (held: Held, operation: string): Effect.Effect<void, AuthError> =>
      Effect.gen(function* () {
        const now = yield* Instant.now
        const { accepted, disturbed, rejected } = held.seen
        const early = phase(held, now) === "Good"
        held.seen.rejected = true
        if (!accepted) return yield* rejectedAtOnce(held, operation, now)
        if (rejected || !early || disturbed) return
        evictions = [...evictions.filter((past) => Instant.longest(past, now) < evictionWindow), now]
        const count = evictions.length
        yield* publish(SessionEvent.Evicted({ at: now.wall, target, count }))
        if (count < options.evictionLimit) return
        const since = new Date(evictions[0]?.wall ?? now.wall)
        const error = new SessionContested({ target, username, evictions: count, since })
        yield* Ref.update(state, (current) =>
          current._tag === "Fresh" && current.held === held ? Contested({ held, error }) : current
        )
        return yield* Effect.fail(error)
      })

    // A device that refuses what it has just issued will not be cured by more logins: the next one has to wait.
    const rejectedAtOnce = (held: Held, operation: string, now: Instant.Instant) =>
      Effect.gen(function* () {
        const reason =
          "it was refused at its first use, so a further login would not help. Check that it is meant for this device, the device's clock, and whether someone else logs in with this account."
        const error = new TokenRejected({ target, operation, reason })
        const failures = held.seen.failures + 1
        const upcoming = yield* pending
        const delay = Duration.toMillis(yield* Retry.renewalDelay(failures, error))
        yield* Ref.update(state, (current) =>
          current._tag === "Fresh" && current.held === held
            ? BackingOff({
                held,
                pending: upcoming,
                failures,
                until: now.monotonic + delay,
                error,
                loginNext: true
              })
            : current
        )
        return yield* Effect.fail(error)
      })

    // ── opening and closing ───────────────────────────────────────────────────────────────────────────────────

    /** An opener who gives up is free at once: the login goes on by itself, and logs out what it brings. */
    const abandon = Ref.update(state, (current) =>
      current._tag === "Renewing" ? Closed({ collecting: false, arrived: undefined }) : current
    )

    const open = begin(opening, { held: undefined, loginOnly: true, failures: 0 }).pipe(
      Effect.uninterruptible,
      Effect.zipRight(Deferred.await(opening.done)),
      Effect.onInterrupt(() => abandon),
      Effect.asVoid
    )

    const close: Effect.Effect<void> = Effect.gen(function* () {
      const began = yield* Instant.now
      const before = yield* Ref.modify(state, (current): [State, State] => [
        current,
        current._tag === "Closed"
          ? current
          : Closed({ collecting: current._tag === "Renewing", arrived: undefined })
      ])
      if (before._tag === "Closed") return
      // Whoever waits learns it now.
      if ("pending" in before) yield* Deferred.fail(before.pending.done, closed)
      const arrived = before._tag === "Renewing" ? yield* collect(before.pending) : undefined
      const replaced = arrived?.by === "refresh" ? undefined : before.held
      const ending = new Set([arrived?.held, replaced, ...predecessors].filter((held) => held !== undefined))
      const left = closing.all - Instant.longest(began, yield* Instant.now)
      const logouts = yield* Effect.forEach(ending, (held) => logout(options, held, left))
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
        Effect.timeoutOption(closing.collecting),
        Effect.zipRight(
          Ref.modify(state, (current): [Arrival | undefined, State] => [
            current._tag === "Closed" ? current.arrived : undefined,
            Closed({ collecting: false, arrived: undefined })
          ])
        )
      )

    return { open, close, use, renewed, carry, accepted, disturbed, rejected }
  })

const brokenPlugin = (target: string): Renewal.Failure => ({
  error: new ProtocolViolation({
    target,
    operation: "login or refresh",
    detail: "the plugin broke off with a defect; this is a fault of the plugin"
  }),
  loginNext: true
})
