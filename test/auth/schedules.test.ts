// The numbers of `Retry` are defaults: a script that knows its device puts its own in their place.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { settled } from "../support/eventually.ts"
import { untilDue } from "../support/times.ts"

describe.each(backends)("$name: a script's own", (backend) => {
  it.scoped("back-off is the one that is waited between renewals, with a fifth of jitter", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const failures: Array<number> = []
      const backOff = (failed: number) => {
        failures.push(failed)
        return "2 seconds" as const
      }
      const session = yield* backend.open(sandbox, { backOff })
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(503), times: 99 })
      const attempts = Effect.gen(function* () {
        expect((yield* read(session, backend)).status).toBe(200)
        yield* settled
        return backend.tally(sandbox).refreshesRefused
      })
      yield* TestClock.adjust(untilDue)
      expect(yield* attempts).toBe(1)
      yield* TestClock.adjust("1500 millis")
      expect(yield* attempts).toBe(1)
      yield* TestClock.adjust("950 millis")
      expect(yield* attempts).toBe(2)
      expect(failures).toEqual([1, 2])
    })
  )

  it.scoped("back-off that throws is as none: the usual one is waited", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const backOff = () => {
        throw new Error("a bug in the script")
      }
      const session = yield* backend.open(sandbox, { backOff })
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(503) })
      yield* TestClock.adjust(untilDue)
      expect((yield* read(session, backend)).status).toBe(200)
      yield* settled
      yield* TestClock.adjust("1300 millis")
      expect((yield* read(session, backend)).status).toBe(200)
      yield* settled
      expect(backend.tally(sandbox)).toMatchObject({ refreshesRefused: 1, refreshes: 1 })
    })
  )

  it.scopedLive("retries are the ones that are made", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox, { retry: Schedule.recurs(3) })
      yield* sandbox.fail({ path: backend.readable, how: Sandbox.Fault.status(503), times: 99 })
      const error = yield* Effect.flip(read(session, backend))
      expect(error).toMatchObject({ _tag: "DeviceBusy", status: 503 })
      expect(sandbox.ledger.requests.filter(({ path }) => path === backend.readable)).toHaveLength(4)
    })
  )

  it.scopedLive("longest wait is what a device may ask for", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox, { maxRetryAfter: "1 second", retry: Schedule.recurs(3) })
      const busy = Sandbox.Fault.status(429, { headers: { "retry-after": "2" } })
      yield* sandbox.fail({ path: backend.readable, how: busy })
      expect(yield* Effect.flip(read(session, backend))).toMatchObject({ _tag: "DeviceBusy", status: 429 })
      expect((yield* read(session, backend)).status).toBe(200)
    })
  )
})
