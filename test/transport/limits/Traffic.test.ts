// What all that goes from this process to one target shares; the rate limiter itself is in RateLimiter.test.ts.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { Target } from "sallyport"
import { Traffic } from "sallyport/plugin"

const target = (options: Partial<Target.Options> = {}) =>
  Target.make({ url: "https://fmc.example", ...options })

describe("the traffic to a target", () => {
  it("is one for all who go there, whatever they call it, and another for another", () => {
    const traffic = Traffic.make()
    const limits = { requestsPerMinute: 120 }
    const shared = traffic.limitsOf(target(), limits)
    expect(traffic.limitsOf(target({ name: "again" }), limits)).toBe(shared)
    expect(traffic.limitsOf(target({ url: "https://fmc.example:8443" }), limits)).not.toBe(shared)
  })

  it("is shared by versions of the library in one process that know it by the same form, and no others", () => {
    // Where this form changes, the number of the key does, too.
    const shapeOf = (part: unknown): unknown =>
      Effect.isEffect(part)
        ? "Effect"
        : typeof part === "object" && part !== null
          ? Object.fromEntries(Object.entries(part).map(([name, value]) => [name, shapeOf(value)]))
          : typeof part
    const fn = "function"
    expect([Traffic.Traffic.key, shapeOf(Traffic.makeTargetLimits(120))]).toEqual([
      "sallyport/Traffic/4",
      {
        rateLimiter: { enter: fn, pause: fn, onSaturated: "Effect", raiseLimit: fn, withRoom: fn },
        serializeWrites: fn,
        concurrency: { requests: { enter: fn, withSlot: fn }, auth: { enter: fn, withSlot: fn } },
        openConnections: { add: fn, addIdle: fn, evictIdle: fn },
        once: fn
      }
    ])
  })

  it("is another behind another jump host: one address may be that of two devices", () => {
    const traffic = Traffic.make()
    const [one, other] = [() => Effect.never, () => Effect.never]
    const shared = traffic.limitsOf(target({ connect: one }), {})
    expect(traffic.limitsOf(target({ connect: one }), {})).toBe(shared)
    expect(traffic.limitsOf(target({ connect: other }), {})).not.toBe(shared)
    expect(traffic.limitsOf(target(), {})).not.toBe(shared)
  })

  it.effect("lets one write go at a time, and reads beside it", () =>
    Effect.gen(function* () {
      const { serializeWrites } = Traffic.makeTargetLimits(Number.POSITIVE_INFINITY)
      const now = { GET: 0, POST: 0 }
      const most = { GET: 0, POST: 0 }
      const request = (method: "GET" | "POST") =>
        serializeWrites(
          method,
          Effect.gen(function* () {
            now[method] += 1
            most[method] = Math.max(most[method], now[method])
            yield* Effect.yieldNow()
            yield* Effect.yieldNow()
            now[method] -= 1
          })
        )
      yield* Effect.all(
        Array.from({ length: 40 }, (_, index) => request(index % 2 === 0 ? "GET" : "POST")),
        { concurrency: "unbounded" }
      )
      expect(most).toEqual({ GET: 20, POST: 1 })
    })
  )

  it.effect("goes on when a write is interrupted, waiting or at work", () =>
    Effect.gen(function* () {
      const { serializeWrites } = Traffic.makeTargetLimits(Number.POSITIVE_INFINITY)
      const atWork = yield* Effect.fork(serializeWrites("POST", Effect.never))
      yield* Effect.yieldNow()
      const waiting = yield* Effect.fork(serializeWrites("POST", Effect.never))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(waiting)
      yield* Fiber.interrupt(atWork)
      expect(yield* Effect.exit(serializeWrites("POST", Effect.succeed("done")))).toEqual(
        Exit.succeed("done")
      )
    })
  )
})
