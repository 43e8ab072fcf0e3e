import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import type * as Scope from "effect/Scope"
import type * as AtOnce from "../AtOnce.ts"
import type { Holding } from "../Holding.ts"
import * as AnsweredRequests from "./AnsweredRequests.ts"
import * as Concurrency from "./Concurrency.ts"
import * as Quota from "./Quota.ts"

/**
 * `Purpose` is what a request is for. Logins, refreshes and logouts (`auth`) have a reserve of their own and go first.
 */
export type Purpose = "auth" | "write" | "read"

/** `Queue` is what somebody waits for: a permit, or room for a session. */
type Queue = Purpose | "session"

/** `Permit` is for one request: whoever has it notes here whether the device may have counted anything. */
export interface Permit {
  wasSent: boolean
  /** `waitedFor` is how many milliseconds it took, or `undefined` where it was there at once. */
  waitedFor: number | undefined
}

/**
 * `RateLimiter` lets so many requests go in any 60 seconds. The permit of a request is free a minute after its answer,
 * since nobody knows when in between the device has counted it. Each purpose is served in order of arrival; writes and
 * reads take turns.
 */
export interface RateLimiter {
  /** `enter` waits for a permit, where there is none at once, and has it held, and a minute longer if anything was sent. */
  readonly enter: (purpose: Purpose, holding: Holding, clock: Clock.Clock) => AtOnce.AtOnce<Permit, never>
  /** `pause` runs `wait` while nobody but logins goes on: the device has said that it has too much to do. */
  readonly pause: <A, E, R>(wait: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** `onSaturated` comes when a request next has to wait for a permit. */
  readonly onSaturated: Effect.Effect<void>
  /**
   * `raiseLimit` lets so many go from now on, if that is more: the device was found to allow it. It holds until the
   * device says that it has too much to do.
   */
  readonly raiseLimit: (limit: number) => Effect.Effect<void>
  /**
   * `withRoom` opens a session once there is a permit for its login and one for its logout. It keeps them from writes and
   * reads: the one while `open` runs, the other until the scope closes, unless `open` fails. Sessions that close at once
   * would wait for each other's requests, and stay open. A tenth of all permits is left to writes and reads, so that they
   * go on however many sessions there are.
   */
  readonly withRoom: <A, E, R>(open: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | Scope.Scope>
}

// Milliseconds.
const window = 60_000

const monotonicMillis = (clock: Clock.Clock): number => Number(clock.unsafeCurrentTimeNanos() / 1_000_000n)

const nowWith = (use: (at: number) => Effect.Effect<void>): Effect.Effect<void> =>
  Clock.clockWith((clock) => use(monotonicMillis(clock)))

export const make = (initial: number): RateLimiter => {
  /** `expected` are those that a permit is kept for. */
  const expected = { logins: 0, logouts: 0 }
  let quota = Quota.make(initial, expected)
  const setLimit = (limit: number) => {
    quota = Quota.make(limit, expected)
  }
  const expect = (logins: number, logouts: number) => {
    expected.logins += logins
    expected.logouts += logouts
    setLimit(quota.limit)
  }
  const saturationListeners = new Set<() => void>()
  let isRaisable = true
  const underWay: Record<Purpose, number> = { auth: 0, write: 0, read: 0 }
  /** `answered` goes by the monotonic clock. */
  const answered = AnsweredRequests.make<Purpose>()
  const waiting: Record<Queue, Set<() => void>> = {
    auth: new Set(),
    session: new Set(),
    write: new Set(),
    read: new Set()
  }
  const openings = Concurrency.make(1)
  let pauses = 0
  let lastWasWrite = false
  let refillFiber: Fiber.RuntimeFiber<void> | undefined

  const taken = (purpose: Purpose) => underWay[purpose] + answered.count(purpose)

  const isWaitedFor = () =>
    waiting.auth.size + waiting.session.size + waiting.write.size + waiting.read.size > 0

  const isOpen = (purpose: Queue): boolean => {
    const writes = taken("write")
    const reads = taken("read")
    const all = taken("auth") + writes + reads
    if (purpose === "auth") return all < quota.limit
    if (purpose === "session") return all <= Quota.roomOf(quota.limit, expected)
    if (pauses > 0 || all >= quota.requests) return false
    return purpose === "write" || writes + waiting.write.size === 0 || reads < quota.readsBesideWrites
  }

  /**
   * `admit` lets in whoever may go. Tells, in milliseconds, when somebody else may for whom nothing but time is needed.
   */
  const admit = (monotonicMillis: number): number | undefined => {
    answered.forget(monotonicMillis - window)
    for (;;) {
      const order: ReadonlyArray<Queue> = lastWasWrite
        ? ["auth", "session", "read", "write"]
        : ["auth", "session", "write", "read"]
      const purpose = order.find((one) => waiting[one].size > 0 && isOpen(one))
      if (purpose === undefined) break
      const [enter] = waiting[purpose]
      enter?.()
    }
    const oldest = answered.oldest()
    const isTimeNeeded =
      waiting.auth.size + waiting.session.size > 0 ||
      (pauses === 0 && waiting.write.size + waiting.read.size > 0)
    return oldest === undefined || !isTimeNeeded ? undefined : oldest + window - monotonicMillis
  }

  /** `admitAtOnce` is `admit` for whoever comes when nobody waits: it says whether there is a permit. */
  const admitAtOnce = (purpose: Queue, monotonicMillis: number): boolean => {
    if (isWaitedFor()) return false
    answered.forget(monotonicMillis - window)
    return isOpen(purpose)
  }

  /** `refill` runs while somebody waits for nothing but time: an idle script has no timer of ours. */
  const refill: Effect.Effect<void> = nowWith((at) => {
    const wait = admit(at)
    if (wait !== undefined) return Effect.zipRight(Effect.sleep(wait), refill)
    refillFiber = undefined
    return Effect.void
  })

  const reschedule: Effect.Effect<void> = nowWith((at) => {
    const wait = admit(at)
    const running = refillFiber
    if (wait !== undefined && running === undefined) {
      return Effect.map(Effect.forkDaemon(Effect.interruptible(refill)), (fiber) => {
        refillFiber = fiber
      })
    }
    if (wait !== undefined || running === undefined) return Effect.void
    refillFiber = undefined
    return Fiber.interruptFork(running)
  }).pipe(Effect.uninterruptible)

  const waitForRoom: Effect.Effect<void> = Clock.clockWith((clock) => {
    if (admitAtOnce("session", monotonicMillis(clock))) return Effect.void
    const turn = Deferred.unsafeMake<void>(FiberId.none)
    const enter = () => {
      waiting.session.delete(enter)
      Deferred.unsafeDone(turn, Effect.void)
    }
    waiting.session.add(enter)
    for (const tell of saturationListeners) tell()
    return reschedule.pipe(
      Effect.zipRight(Deferred.await(turn)),
      Effect.onInterrupt(() => Effect.sync(() => waiting.session.delete(enter)))
    )
  })

  return {
    enter: (purpose, holding, clock) => {
      const permit: Permit = { wasSent: false, waitedFor: undefined }
      if (quota.limit === Number.POSITIVE_INFINITY && pauses === 0) return permit
      // Noted in the moment in which the permit changes hands, so that no interruption can lose it.
      let isMine = false
      let begin = () => {}
      const take = () => {
        isMine = true
        underWay[purpose] += 1
        if (purpose !== "auth") lastWasWrite = purpose === "write"
      }
      holding.onRelease(() => {
        waiting[purpose].delete(begin)
        if (isMine) underWay[purpose] -= 1
        if (permit.wasSent && Number.isFinite(quota.limit)) answered.add(purpose, monotonicMillis(clock))
        return isWaitedFor() || refillFiber !== undefined ? reschedule : undefined
      })
      const askedAt = monotonicMillis(clock)
      if (admitAtOnce(purpose, askedAt)) {
        take()
        return permit
      }
      const turn = Deferred.unsafeMake<void>(FiberId.none)
      begin = () => {
        waiting[purpose].delete(begin)
        take()
        Deferred.unsafeDone(turn, Effect.void)
      }
      waiting[purpose].add(begin)
      return Effect.flatMap(reschedule, () => {
        if (isMine) return Effect.succeed(permit)
        if (pauses === 0) for (const tell of saturationListeners) tell()
        return Effect.map(Deferred.await(turn), () => {
          permit.waitedFor = monotonicMillis(clock) - askedAt
          return permit
        })
      })
    },
    pause: (wait) =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          pauses += 1
          // What was found out was wrong, or others share the address.
          isRaisable = false
          setLimit(initial)
        }),
        () => wait,
        () =>
          Effect.suspend(() => {
            pauses -= 1
            return reschedule
          })
      ),
    onSaturated: Effect.async((resume) => {
      const tell = () => {
        saturationListeners.delete(tell)
        resume(Effect.void)
      }
      saturationListeners.add(tell)
      return Effect.sync(() => saturationListeners.delete(tell))
    }),
    raiseLimit: (limit) =>
      Effect.suspend(() => {
        if (isRaisable && limit > quota.limit) setLimit(limit)
        return reschedule
      }),
    withRoom: (open) =>
      Effect.uninterruptibleMask((restore) => {
        if (quota.limit === Number.POSITIVE_INFINITY) return restore(open)
        const kept = { logins: 0, logouts: 0 }
        const keep = (logins: number, logouts: number) =>
          Effect.suspend(() => {
            expect(logins - kept.logins, logouts - kept.logouts)
            kept.logins = logins
            kept.logouts = logouts
            return isWaitedFor() ? reschedule : Effect.void
          })
        const room = Clock.clockWith((clock) => {
          expect(1, 1)
          const isThere = admitAtOnce("session", monotonicMillis(clock))
          expect(-1, -1)
          if (isThere) return keep(1, 1)
          // One after the other: what is kept for the next one, those before it may still take.
          return restore(openings.withSlot(Effect.zipRight(keep(1, 1), waitForRoom)))
        })
        const opened = Effect.matchCauseEffect(Effect.zipRight(room, restore(open)), {
          onFailure: (cause) => Effect.zipRight(keep(0, 0), Effect.failCause(cause)),
          onSuccess: (value) => Effect.as(keep(0, 1), value)
        })
        return Effect.zipRight(
          Effect.addFinalizer(() => keep(0, 0)),
          opened
        )
      })
  }
}
