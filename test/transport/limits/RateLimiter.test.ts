// So many requests in any 60 seconds.
//
// States of a place: waited for, held, and kept for a minute after its answer. Races: callers who give up while they
// wait; a pause, a login and a new limit while others wait; a request that was not sent in the end.
// Invariants: never more in any 60 seconds than allowed, whoever sends; no login waits for a request; who waits is let
// in as soon as there is a place, in order, reads and writes in turn; no timer while nobody waits.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as fc from "fast-check"
import * as RateLimiter from "../../../src/transport/limits/RateLimiter.ts"
import { VirtualTime } from "../../support/virtualTime.ts"

/** Sends that take so long, and the moments at which each began and was answered. */
const device = (budget: RateLimiter.RateLimiter, latency: number) => {
  const sent: Array<{ readonly purpose: RateLimiter.Purpose; readonly at: number; answered: number }> = []
  const send = (purpose: RateLimiter.Purpose) =>
    budget.withPermit(purpose, (place) =>
      Effect.gen(function* () {
        place.wasSent = true
        const at = yield* Clock.currentTimeMillis
        const one = { purpose, at, answered: Number.POSITIVE_INFINITY }
        sent.push(one)
        yield* Effect.sleep(latency)
        one.answered = yield* Clock.currentTimeMillis
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

  it.effect("keeps one for the logout of each session, up to half of all, as long as it is open", () =>
    Effect.gen(function* () {
      const limiter = RateLimiter.make(120)
      const { send, sent } = device(limiter, 10)
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Effect.replicateEffect(limiter.keepForLogout, 50)
          yield* Effect.forkDaemon(
            Effect.forEach(Array.from({ length: 200 }), () => send("read"), { concurrency: "unbounded" })
          )
          yield* TestClock.adjust("1 second")
          expect(sent.length).toBe(70)
          yield* Effect.replicateEffect(limiter.keepForLogout, 50)
          yield* TestClock.adjust("61 seconds")
          expect(sent.length).toBe(130)
          yield* Effect.forkDaemon(Effect.replicateEffect(send("auth"), 60, { concurrency: "unbounded" }))
          yield* TestClock.adjust("1 second")
          expect(sent.length).toBe(190)
        })
      )
      yield* TestClock.adjust("61 seconds")
      expect(sent.filter(({ purpose }) => purpose === "read").length).toBe(200)
    })
  )

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
      for (let tries = 0; tries < 50; tries++) yield* budget.withPermit("read", () => Effect.void)
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
