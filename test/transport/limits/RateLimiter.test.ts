// So many requests in any 60 seconds.
//
// States of a place: waited for, held, and kept for a minute after its answer. Races: callers who give up while they
// wait; a pause, a login and a new limit while others wait; a request that was not sent in the end.
// States of a session: waits for room, logs in, is open, logs out.
// Invariants: never more in any 60 seconds than allowed, whoever sends; no login waits for a request; who waits is let
// in as soon as there is a place, in order, reads and writes in turn; no timer while nobody waits; whenever all sessions
// close together, no logout waits for a place, as long as they leave a tenth of all to others; and none waits for room
// for ever, whatever the others ask.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as TestClock from "effect/TestClock"
import * as fc from "fast-check"
import * as AtOnce from "../../../src/transport/AtOnce.ts"
import * as Holding from "../../../src/transport/Holding.ts"
import * as RateLimiter from "../../../src/transport/limits/RateLimiter.ts"
import { VirtualTime } from "../../support/virtualTime.ts"

const withPermit = <A>(
  budget: RateLimiter.RateLimiter,
  purpose: RateLimiter.Purpose,
  use: (permit: RateLimiter.Permit) => Effect.Effect<A>
) =>
  Clock.clockWith((clock) =>
    Holding.during((holding) => AtOnce.flatMap(budget.enter(purpose, holding, clock), use))
  )

/** Sends that take so long, and the moments at which each began and was answered. */
const device = (budget: RateLimiter.RateLimiter, latency: number) => {
  const sent: Array<{ readonly purpose: RateLimiter.Purpose; readonly at: number; answered: number }> = []
  const send = (purpose: RateLimiter.Purpose) =>
    withPermit(budget, purpose, (place) =>
      Effect.gen(function* () {
        place.wasSent = true
        const at = yield* Clock.currentTimeMillis
        const one = { purpose, at, answered: Number.POSITIVE_INFINITY }
        sent.push(one)
        yield* Effect.sleep(latency)
        one.answered = yield* Clock.currentTimeMillis
        return one
      })
    )
  return { sent, send }
}

/** The most that a device could have counted in any 60 seconds, whenever between sending and answer it counts. */
const most = (sent: ReadonlyArray<{ readonly at: number; readonly answered: number }>): number =>
  Math.max(
    0,
    ...sent.map(({ at }) => sent.filter((one) => one.at <= at && one.answered > at - 60_000).length)
  )

describe("a limit of 120 a minute", () => {
  it("lets 1,200 reads through without a break of the limit, and uses at least 95 % of it", () => {
    const time = new VirtualTime(1, 0)
    const { send, sent } = device(RateLimiter.make(120), 50)
    const reads = Array.from({ length: 1200 }, () => time.fork(send("read")))
    time.advance(10 * 60_000 - 1)
    // What ten minutes allow is 1,200.
    expect(sent.length / 1200).toBeGreaterThanOrEqual(0.95)
    time.advance(60_000)
    expect(reads.every((fiber) => fiber.unsafePoll()?._tag === "Success")).toBe(true)
    expect(most(sent)).toBeLessThanOrEqual(120)
  })

  it.effect("keeps five for logins, which wait for no request", () =>
    Effect.gen(function* () {
      const { send, sent } = device(RateLimiter.make(120), 10)
      yield* Effect.fork(
        Effect.forEach(Array.from({ length: 200 }), () => send("read"), { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("1 second")
      expect(sent.length).toBe(115)
      for (let logins = 0; logins < 5; logins++) {
        const fiber = yield* Effect.fork(send("auth"))
        yield* TestClock.adjust("10 millis")
        yield* Fiber.join(fiber)
      }
      expect(sent.length).toBe(120)
      expect(most(sent)).toBe(120)
    })
  )

  it("does not let a thousand reads that wait starve writes, which go one at a time", () => {
    const time = new VirtualTime(1, 0)
    const { send, sent } = device(RateLimiter.make(120), 50)
    for (let reads = 0; reads < 1000; reads++) time.fork(send("read"))
    time.advance(1000)
    time.fork(Effect.forEach(Array.from({ length: 60 }), () => send("write")))
    time.advance(5 * 60_000)
    const writes = sent.filter(({ purpose }) => purpose === "write")
    expect(writes.length).toBe(60)
    expect(sent.length - writes.length).toBeGreaterThan(400)
    expect(most(sent)).toBeLessThanOrEqual(115)
  })

  it.effect("holds all but logins while the device has asked for a pause", () =>
    Effect.gen(function* () {
      const budget = RateLimiter.make(120)
      const { send, sent } = device(budget, 10)
      yield* Effect.fork(budget.pause(Effect.sleep("20 seconds")))
      yield* Effect.yieldNow()
      yield* Effect.fork(
        Effect.all([send("read"), send("write"), send("auth")], { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("19 seconds")
      expect(sent.map(({ purpose }) => purpose)).toEqual(["auth"])
      yield* TestClock.adjust("1 second")
      expect(sent.map(({ purpose }) => purpose).sort()).toEqual(["auth", "read", "write"])
    })
  )

  it.effect("counts nothing that was not sent, and lets who gives up go", () =>
    Effect.gen(function* () {
      const budget = RateLimiter.make(10)
      const { send, sent } = device(budget, 10)
      for (let tries = 0; tries < 50; tries++) yield* withPermit(budget, "read", () => Effect.void)
      yield* Effect.fork(
        Effect.forEach(Array.from({ length: 9 }), () => send("read"), { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("1 second")
      expect(sent.length).toBe(9)
      const waiting = yield* Effect.fork(send("read"))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(waiting)
      yield* TestClock.adjust("2 minutes")
      expect(sent.length).toBe(9)
    })
  )
})

it("no more than the limit in any 60 seconds, whatever the sequence of requests, waits and interruptions", () => {
  const step = fc.oneof(
    fc.record({
      _tag: fc.constant("Send" as const),
      purpose: fc.constantFrom<RateLimiter.Purpose>("auth", "write", "read", "read"),
      count: fc.integer({ min: 1, max: 30 }),
      latency: fc.constantFrom(0, 10, 5000, 70_000)
    }),
    fc.record({
      _tag: fc.constant("Wait" as const),
      millis: fc.constantFrom(1, 500, 20_000, 60_000, 61_000)
    }),
    fc.record({ _tag: fc.constant("Pause" as const), millis: fc.constantFrom(100, 30_000) }),
    fc.record({ _tag: fc.constant("Interrupt" as const) })
  )
  const sequence = fc.record({
    steps: fc.array(step, { maxLength: 25 }),
    limit: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer(),
    // A fiber may lose its turn, or be interrupted, between any two steps.
    yields: fc.constantFrom(0, 0.05)
  })
  fc.assert(
    fc.property(sequence, ({ limit, seed, steps, yields }) => {
      const time = new VirtualTime(seed, yields)
      const budget = RateLimiter.make(limit)
      const fibers: Array<Fiber.RuntimeFiber<unknown>> = []
      const lists: Array<ReturnType<typeof device>["sent"]> = []
      for (const one of steps) {
        if (one._tag === "Wait") time.advance(one.millis)
        else if (one._tag === "Pause") time.fork(budget.pause(Effect.sleep(one.millis)))
        else if (one._tag === "Interrupt") for (const fiber of fibers.splice(0)) time.interrupt(fiber)
        else {
          const { send, sent } = device(budget, one.latency)
          lists.push(sent)
          for (let count = 0; count < one.count; count++) fibers.push(time.fork(send(one.purpose)))
        }
      }
      time.advance(4 * 60 * 60_000)
      for (const fiber of fibers) expect(fiber.unsafePoll()).not.toBeNull()
      // No place was lost on the way.
      const { send, sent } = device(budget, 0)
      for (let count = 0; count < limit; count++) time.fork(send("auth"))
      expect(sent.length).toBe(limit)
      // What was interrupted may have been counted until then.
      expect(most(lists.flat().filter(({ answered }) => Number.isFinite(answered)))).toBeLessThanOrEqual(
        limit
      )
    }),
    { numRuns: 200 }
  )
})

describe("room for sessions", () => {
  /** Sessions on one limiter that stay open until all are closed, and what their logouts have waited. */
  const crowd = (time: VirtualTime, limiter: RateLimiter.RateLimiter, latency: number) => {
    const { send, sent } = device(limiter, latency)
    const sessions: Array<Fiber.RuntimeFiber<unknown>> = []
    const waits: Array<number> = []
    let opened = 0
    let close = Deferred.unsafeMake<void>(FiberId.none)
    const session = Effect.gen(function* () {
      // Whoever logs in may be asked for a password first.
      yield* limiter.withRoom(Effect.zipRight(Effect.sleep(5000), send("auth")))
      opened += 1
      yield* Deferred.await(close)
      const asked = yield* Clock.currentTimeMillis
      const { at } = yield* send("auth")
      waits.push(at - asked)
    }).pipe(Effect.scoped)
    return {
      sent,
      waits,
      opened: () => opened,
      open: (count: number) => {
        for (let one = 0; one < count; one++) sessions.push(time.fork(session))
      },
      ask: (purpose: RateLimiter.Purpose, count: number) => {
        for (let one = 0; one < count; one++) time.fork(send(purpose))
      },
      closeAll: () => {
        // Those that have no answer to their login yet stay.
        Deferred.unsafeDone(close, Effect.void)
        close = Deferred.unsafeMake<void>(FiberId.none)
        time.advance(latency)
      }
    }
  }

  it("leaves each its logout, and lets no more log in a minute than can log out in it", () => {
    const time = new VirtualTime(1, 0)
    const { ask, closeAll, open, opened, sent, waits } = crowd(time, RateLimiter.make(120), 10)
    open(200)
    time.advance(6000)
    expect(opened()).toBe(60)
    ask("read", 1000)
    time.advance(1000)
    expect(sent.length).toBe(60)
    closeAll()
    expect(waits).toEqual(Array.from({ length: 60 }, () => 0))
    time.advance(10 * 60_000)
    closeAll()
    expect(Math.max(...waits)).toBe(0)
    expect(most(sent)).toBeLessThanOrEqual(120)
  })

  it("leaves a tenth of all to reads, however many sessions there are", () => {
    const time = new VirtualTime(1, 0)
    const { ask, open, opened, sent } = crowd(time, RateLimiter.make(120), 10)
    open(300)
    time.advance(60 * 60_000)
    expect(opened()).toBe(300)
    const before = sent.length
    ask("read", 1000)
    time.advance(10 * 60_000 + 100)
    expect(sent.length - before).toBeGreaterThanOrEqual(120)
  })

  it("is there in a minute or two, whatever the others ask", () => {
    const time = new VirtualTime(1, 0)
    const { ask, open, opened } = crowd(time, RateLimiter.make(20), 10)
    open(5)
    ask("read", 1000)
    time.advance(6000)
    expect(opened()).toBe(5)
    for (let sessions = 6; sessions <= 12; sessions++) {
      open(1)
      time.advance(125_000)
      expect(opened()).toBe(sessions)
    }
  })

  it("is nobody's any more who gives up, and asks for nothing where there is no limit", () => {
    const time = new VirtualTime(1, 0)
    const limiter = RateLimiter.make(20)
    const { ask, sent } = crowd(time, limiter, 10)
    const waiting = Array.from({ length: 50 }, () => time.fork(Effect.scoped(limiter.withRoom(Effect.never))))
    for (const one of waiting) time.interrupt(one)
    ask("read", 50)
    time.advance(1000)
    expect(sent.length).toBe(18)
    const endless = crowd(time, RateLimiter.make(Number.POSITIVE_INFINITY), 10)
    endless.open(500)
    time.advance(6000)
    expect(endless.opened()).toBe(500)
  })

  it("is nobody's where a session is not opened, or is given up, however long its scope stays open", () => {
    const time = new VirtualTime(1, 0)
    const limiter = RateLimiter.make(20)
    const { ask, open, opened, sent } = crowd(time, limiter, 10)
    const failing = Effect.ignore(limiter.withRoom(Effect.fail("refused")))
    const leaving = Effect.timeoutOption(limiter.withRoom(Effect.never), 1000)
    const attempts = Effect.all([failing, leaving]).pipe(Effect.replicateEffect(30))
    time.fork(Effect.scoped(Effect.zipRight(attempts, Effect.never)))
    time.advance(60_000)
    open(1)
    time.advance(6000)
    expect(opened()).toBe(1)
    ask("read", 50)
    time.advance(1000)
    expect(sent.length).toBe(18)
  })

  it("is left for each logout, whatever the sequence", () => {
    const step = fc.oneof(
      fc.record({ _tag: fc.constant("Open" as const), count: fc.integer({ min: 1, max: 12 }) }),
      fc.record({
        _tag: fc.constant("Ask" as const),
        purpose: fc.constantFrom<RateLimiter.Purpose>("write", "read"),
        count: fc.integer({ min: 1, max: 60 })
      }),
      fc.record({
        _tag: fc.constant("Wait" as const),
        millis: fc.constantFrom(1, 500, 5000, 30_000, 61_000)
      }),
      fc.record({ _tag: fc.constant("Close" as const) })
    )
    const sequence = fc.record({
      steps: fc.array(step, { maxLength: 20 }),
      limit: fc.integer({ min: 3, max: 60 }),
      latency: fc.constantFrom(0, 10, 2000)
    })
    fc.assert(
      fc.property(sequence, ({ latency, limit, steps }) => {
        const time = new VirtualTime(1, 0)
        const { ask, closeAll, open, opened, sent, waits } = crowd(time, RateLimiter.make(limit), latency)
        const mostSessions = limit - Math.max(1, Math.floor(limit / 10)) - 1
        let asked = 0
        for (const one of steps) {
          if (one._tag === "Wait") time.advance(one.millis)
          else if (one._tag === "Ask") ask(one.purpose, one.count)
          else if (one._tag === "Close") {
            const before = waits.length
            closeAll()
            asked -= waits.length - before
          } else if (asked + one.count <= mostSessions) {
            asked += one.count
            open(one.count)
          }
        }
        // Those that wait for room come in, and the reads that are left have their turn.
        time.advance(4 * 60 * 60_000)
        closeAll()
        expect(waits.filter((wait) => wait > 0)).toEqual([])
        expect(waits.length).toBe(opened())
        expect(most(sent)).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 100 }
    )
  })
})
