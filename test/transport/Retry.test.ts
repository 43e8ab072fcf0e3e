import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"
import * as fc from "fast-check"
import { DeviceBusy, DeviceUnreachable, Retry } from "sallyport"

const reply = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: new Uint8Array()
})

/** Attempts that want another `times` times, and the seconds at which they were made. */
const attempts = (times: number, retryAfter?: Duration.DurationInput) => {
  const at: Array<number> = []
  const attempt = Effect.map(Clock.currentTimeMillis, (now): Retry.AttemptResult<string, string> => {
    at.push(now / 1000)
    if (at.length > times) return { _tag: "Over", end: Effect.succeed("answered") }
    const asked = retryAfter === undefined ? undefined : Duration.decode(retryAfter)
    const failure = { operation: "GET /x", status: 503, retryAfter: asked }
    return { _tag: "Again", failure, end: Effect.fail("busy") }
  })
  return { at, attempt }
}

const passing = <A, E>(effect: Effect.Effect<A, E>, time: Duration.DurationInput) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    yield* TestClock.adjust(time)
    return yield* Effect.exit(Fiber.join(fiber))
  })

describe("the standard policy", () => {
  it.effect("repeats seven times, each wait twice the last up to 32 seconds, with a fifth of jitter", () =>
    Effect.gen(function* () {
      for (const seed of ["a", "b", "c", "d", "e"]) {
        const { at, attempt } = attempts(Number.POSITIVE_INFINITY)
        const exit = yield* passing(
          Effect.withRandom(Retry.withRetries(Retry.standard, attempt), Random.make(seed)),
          "10 minutes"
        )
        expect(exit).toEqual(Exit.fail("busy"))
        const waits = at.slice(1).map((second, index) => second - (at[index] ?? 0))
        const usual = [1, 2, 4, 8, 16, 32, 32]
        expect(waits).toHaveLength(usual.length)
        for (const [index, wait] of waits.entries()) {
          expect(wait).toBeGreaterThanOrEqual(0.8 * (usual[index] ?? 0))
          // A millisecond more where it was rounded up.
          expect(wait).toBeLessThanOrEqual(1.2 * (usual[index] ?? 0) + 0.001)
        }
        expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeLessThanOrEqual(120)
      }
    })
  )

  it.effect("does not have all scripts come back at the same moment", () =>
    Effect.gen(function* () {
      const seconds: Array<number | undefined> = []
      for (const seed of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
        const began = yield* Clock.currentTimeMillis
        const { at, attempt } = attempts(1)
        yield* passing(
          Effect.withRandom(Retry.withRetries(Retry.standard, attempt), Random.make(seed)),
          "1 minute"
        )
        seconds.push((at[1] ?? 0) - began / 1000)
      }
      expect(new Set(seconds).size).toBeGreaterThan(4)
    })
  )

  it.effect("stops at the first attempt that is over", () =>
    Effect.gen(function* () {
      const { at, attempt } = attempts(2)
      expect(yield* passing(Retry.withRetries(Retry.standard, attempt), "1 minute")).toEqual(
        Exit.succeed("answered")
      )
      expect(at).toHaveLength(3)
    })
  )

  it.effect("makes one attempt where the policy is none", () =>
    Effect.gen(function* () {
      const { at, attempt } = attempts(5)
      expect(yield* Effect.exit(Retry.withRetries(Retry.none, attempt))).toEqual(Exit.fail("busy"))
      expect(at).toHaveLength(1)
    })
  )

  it.effect("gives up its waiting at once when it is interrupted", () =>
    Effect.gen(function* () {
      const { at, attempt } = attempts(5)
      const fiber = yield* Effect.fork(Retry.withRetries(Retry.standard, attempt))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("10 minutes")
      expect(at).toHaveLength(1)
    })
  )
})

describe("a wait that the device asks for", () => {
  it.effect.each([5, 30, 119, 120])("of %i seconds is waited out, and no longer", (seconds) =>
    Effect.gen(function* () {
      const { at, attempt } = attempts(1, `${seconds} seconds`)
      const exit = yield* passing(Retry.withRetries(Retry.standard, attempt), "5 minutes")
      expect(exit).toEqual(Exit.succeed("answered"))
      expect(at[1]).toBe(seconds)
    })
  )

  it.effect("that is shorter than the policy's own never shortens it", () =>
    Effect.gen(function* () {
      for (const asked of [0, 500]) {
        const began = yield* Clock.currentTimeMillis
        const { at, attempt } = attempts(1, asked)
        yield* passing(Retry.withRetries(Retry.standard, attempt), "1 minute")
        expect((at[1] ?? 0) - began / 1000).toBeGreaterThanOrEqual(0.8)
      }
    })
  )

  it.effect("of more than two minutes ends it at once, without any wait", () =>
    Effect.gen(function* () {
      for (const asked of ["121 seconds", "1 day", Duration.infinity] as const) {
        const { at, attempt } = attempts(1, asked)
        expect(yield* Effect.exit(Retry.withRetries(Retry.standard, attempt))).toEqual(Exit.fail("busy"))
        expect(at).toHaveLength(1)
      }
    })
  )

  it.effect("is read as seconds or as a date", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 0, 1, 12, 0, 0))
      for (const [header, millis] of [
        ["30", 30_000],
        [" 0 ", 0],
        ["3600", 3_600_000],
        ["99999999999", 86_400_000],
        ["9".repeat(305), 86_400_000],
        ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400_000],
        ["Thu, 01 Jan 2026 12:00:45 GMT", 45_000],
        ["Thu, 01 Jan 2026 11:00:00 GMT", 0],
        ["soon", undefined],
        ["", undefined]
      ] as const) {
        const read = yield* Retry.retryAfter(reply(503, { "retry-after": header }))
        expect([header, read === undefined ? undefined : Duration.toMillis(read)]).toEqual([header, millis])
      }
      expect(yield* Retry.retryAfter(reply(503))).toBeUndefined()
    })
  )

  it.effect("that is written oddly is taken in its larger sense", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 0, 1, 12, 0, 0))
      for (const [header, millis] of [
        ["5, 5", 5000],
        ["3, 90, 7", 90_000],
        ["1.5", 1500],
        [".5", 500],
        ["-5", 5000],
        ["+7", 7000],
        ["PT2S", 2000],
        ["PT1H", 3_600_000],
        ["in 5 seconds", 5000],
        ["[5]", 5000],
        ["5s", 5000],
        ["2 minutes", 120_000],
        ["1 h", 3_600_000],
        ["1500ms", 1500],
        ["1e3", 1_000_000],
        ["1e999", 86_400_000],
        ['"30"', 30_000],
        ["10; reason=busy", 10_000],
        ["soon, 4", 4000],
        // As HTTP wrote its dates once, as JavaScript does, and more than one.
        ["Thursday, 01-Jan-26 12:00:45 GMT", 45_000],
        ["Thu Jan  1 12:00:45 2026", 45_000],
        ["2026-01-01T12:00:45Z", 45_000],
        ["Thu, 01 Jan 2026 14:00:45 +0200", 45_000],
        ["Thu, 01 Jan 2026 12:00:45 GMT, Thu, 01 Jan 2026 12:01:30 GMT", 90_000],
        ["Thu, 01 Jan 2026 12:00:45 GMT, 60", 60_000],
        ["NaN", undefined],
        ["Infinity", undefined],
        ["0x10", undefined],
        ["Thu, 01 Foo 2026 12:00:45 GMT", undefined],
        [",,", undefined],
        ["5 5", undefined]
      ] as const) {
        const read = yield* Retry.retryAfter(reply(503, { "retry-after": header }))
        expect([header, read === undefined ? undefined : Duration.toMillis(read)]).toEqual([header, millis])
      }
    })
  )

  it.effect("is never read as less than any of its parts asks, whatever stands round them", () =>
    Effect.gen(function* () {
      const now = Date.UTC(2026, 0, 1, 12, 0, 0)
      yield* TestClock.setTime(now)
      const seconds = fc.nat(80_000)
      const part = fc.oneof(
        seconds.map((number) => [String(number), number] as const),
        seconds.map((number) => [`-${number}`, number] as const),
        seconds.map((number) => [` +${number}.25 `, number + 0.25] as const),
        seconds.map((number) => [new Date(now + number * 1000).toUTCString(), number] as const),
        seconds.map((number) => [`in ${number} s`, number] as const),
        fc.constantFrom("soon", "", "NaN").map((text) => [text, undefined] as const)
      )
      for (const parts of fc.sample(fc.array(part, { maxLength: 4 }), 500)) {
        const header = parts.map(([text]) => text).join(", ")
        const asked = parts.flatMap(([, number]) => (number === undefined ? [] : [number * 1000]))
        const read = yield* Retry.retryAfter(reply(503, { "retry-after": header }))
        expect([header, read && Duration.toMillis(read)]).toEqual([
          header,
          asked.length === 0 ? undefined : Math.max(...asked)
        ])
      }
      for (const header of fc.sample(fc.string(), 500)) {
        const read = yield* Retry.retryAfter(reply(503, { "retry-after": header }))
        if (read !== undefined) {
          expect(Duration.toMillis(read)).toBeGreaterThanOrEqual(0)
          expect(Duration.toMillis(read)).toBeLessThanOrEqual(86_400_000)
        }
      }
    })
  )
})

describe("a session's wait after a failed renewal", () => {
  const unreachable = new DeviceUnreachable({ targetName: "x", phase: "Connect", reason: "X", sent: "no" })
  const busy = (retryAfter: Duration.Duration | undefined) =>
    new DeviceBusy({ targetName: "x", operation: "GET /", status: 503, retryAfter, sent: "maybe" })

  it.effect("doubles from a second to fifty, with a fifth of jitter, in whole milliseconds", () =>
    Effect.gen(function* () {
      for (const [failures, usual] of [1, 2, 4, 8, 16, 32, 50, 50, 50].entries()) {
        for (let draw = 0; draw < 20; draw++) {
          const millis = Duration.toMillis(
            yield* Retry.renewalDelay(Retry.backOff, failures + 1, unreachable)
          )
          expect(Number.isInteger(millis)).toBe(true)
          expect(millis).toBeGreaterThanOrEqual(800 * usual)
          expect(millis).toBeLessThanOrEqual(1200 * usual + 1)
        }
      }
      expect(
        Duration.toMillis(yield* Retry.renewalDelay(Retry.backOff, 5000, unreachable))
      ).toBeLessThanOrEqual(60_000)
    })
  )

  it.effect("is never less than the device asks for", () =>
    Effect.gen(function* () {
      expect(yield* Retry.renewalDelay(Retry.backOff, 1, busy(Duration.minutes(5)))).toEqual(
        Duration.minutes(5)
      )
      expect(
        Duration.toMillis(yield* Retry.renewalDelay(Retry.backOff, 4, busy(Duration.seconds(1))))
      ).toBeGreaterThan(6000)
      expect(Duration.toMillis(yield* Retry.renewalDelay(Retry.backOff, 1, busy(undefined)))).toBeLessThan(
        1300
      )
    })
  )
})
