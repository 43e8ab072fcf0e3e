// What a renewal must never cost: a good token, its caller's time, or other callers' peace. Races: a renewal that
// fails or hangs beside a good token; callers who wait, give up, and come late; attempts that fail one after another.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { eventually, pause, settled } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"
import { untilDue, untilSpent } from "../support/times.ts"

const passing = [
  ["is answered with 408", Sandbox.Fault.status(408), "refresh"],
  ["is answered with 429", Sandbox.Fault.status(429), "refresh"],
  ["is answered with 500", Sandbox.Fault.status(500), "refresh"],
  ["is answered with 502", Sandbox.Fault.status(502), "refresh"],
  ["is answered with 503", Sandbox.Fault.status(503), "refresh"],
  ["is answered with 504", Sandbox.Fault.status(504), "refresh"],
  // It may have rotated the pair, so the next attempt does without it.
  ["breaks off", Sandbox.Fault.reset, "login"]
] as const

describe.each(fewest(backends))("$name: a renewal", (backend) => {
  const tokens = (sandbox: Sandbox.Sandbox) => {
    const { logins, refreshes } = backend.tally(sandbox)
    return { logins, refreshes }
  }
  const renewals = (sandbox: Sandbox.Sandbox) =>
    sandbox.ledger.requests.filter(({ kind }) => kind === "refresh" || kind === "login").slice(1)

  it.scoped.each(passing)(
    "before its time that %s costs no caller a good token, and is made good later",
    ([, how, by]) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const session = yield* backend.open(sandbox)
        const first = yield* session.token
        yield* sandbox.fail({ kind: "refresh", how })
        yield* TestClock.adjust(untilDue)
        for (let use = 0; use < 5; use++) {
          expect((yield* read(session, backend)).status).toBe(200)
          expect(yield* session.token).toBe(first)
          yield* settled
        }
        // One attempt: the next has to wait its back-off, a second and a fifth at most.
        expect(renewals(sandbox)).toHaveLength(1)
        yield* TestClock.adjust("1200 millis")
        expect(yield* session.token).toBe(first)
        yield* settled
        expect(yield* session.token).not.toBe(first)
        expect(tokens(sandbox)).toEqual(
          by === "refresh" ? { logins: 1, refreshes: 1 } : { logins: 2, refreshes: 0 }
        )
      })
  )

  it.scoped("before its time, with the device down, costs no caller a good token", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      const first = yield* session.token
      yield* sandbox.down()
      yield* TestClock.adjust(untilDue)
      for (let use = 0; use < 5; use++) {
        expect(yield* session.token).toBe(first)
        yield* settled
      }
      yield* sandbox.up()
      yield* TestClock.adjust("1200 millis")
      yield* session.token
      yield* settled
      // It was never sent, so the pair is as it was.
      expect(tokens(sandbox)).toEqual({ logins: 1, refreshes: 1 })
    })
  )

  it.scoped("that hangs keeps nobody waiting while the old token is good", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.hang })
      yield* TestClock.adjust(untilDue)
      for (let use = 0; use < 3; use++) {
        expect((yield* read(session, backend)).status).toBe(200)
        yield* eventually("the refresh hangs", () =>
          renewals(sandbox).some(({ status }) => status === "hung")
        )
      }
      expect(renewals(sandbox)).toHaveLength(1)
      yield* TestClock.adjust("60 seconds")
      yield* settled
    })
  )

  it.scoped("goes on when one who waits for it gives up: whoever comes next waits for the same one", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("400 millis") })
      yield* TestClock.adjust(untilSpent)
      const first = yield* Effect.fork(session.token)
      const second = yield* Effect.fork(session.token)
      yield* eventually("the refresh is under way", () => tokens(sandbox).refreshes === 1)
      yield* Fiber.interruptAll([first, second])
      const next = yield* Effect.all(
        Array.from({ length: 16 }, () => session.token),
        {
          concurrency: "unbounded"
        }
      )
      expect(new Set(next).size).toBe(1)
      expect(renewals(sandbox)).toHaveLength(1)
    })
  )

  it.scopedLive("that is asked for does not wait for the old token to expire, and is shared", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      const first = yield* session.token
      const sixteen = yield* Effect.all(
        Array.from({ length: 16 }, () => session.renew),
        {
          concurrency: "unbounded"
        }
      )
      const [second] = new Set(sixteen)
      expect(new Set(sixteen).size).toBe(1)
      expect(second).not.toBe(first)
      expect(yield* session.token).toBe(second)
      expect(tokens(sandbox)).toEqual({ logins: 1, refreshes: 1 })
    })
  )

  it.scopedLive("that fails again and again really sleeps between its attempts", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(500), times: 2 })
      expect((yield* Effect.flip(session.renew))._tag).toBe("DeviceRefused")
      const [errors, tokens] = yield* Effect.partition(
        Array.from({ length: 16 }),
        () => Effect.zipRight(Effect.ignore(session.renew), session.renew),
        { concurrency: "unbounded" }
      )
      expect({ errors, tokens: tokens.length }).toEqual({ errors: [], tokens: 16 })
      const at = renewals(sandbox).map((request) => request.at)
      const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0))
      expect(gaps.length).toBeGreaterThanOrEqual(2)
      // 1 and 2 seconds less a fifth; less what the way to the sandbox may vary by.
      expect(gaps[0]).toBeGreaterThan(700)
      expect(gaps[1]).toBeGreaterThan(1400)
    })
  )

  it.scoped("waits as long as the device asks, and longer waits are told at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      const asks = (seconds: number) =>
        Sandbox.Fault.status(503, { headers: { "retry-after": String(seconds) } })
      yield* sandbox.fail({ kind: "refresh", how: asks(40) })
      yield* TestClock.adjust(untilSpent)
      yield* Effect.flip(session.token)
      const waiting = yield* Effect.fork(session.token)
      yield* TestClock.adjust("39 seconds")
      yield* pause(50)
      expect(renewals(sandbox)).toHaveLength(1)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(waiting)
      expect(tokens(sandbox)).toEqual({ logins: 1, refreshes: 1 })
      yield* sandbox.fail({ kind: "refresh", how: asks(10_000_000) })
      yield* TestClock.adjust(untilSpent)
      yield* Effect.flip(session.token)
      // Nobody sleeps for months, and no timer overflows: the same answer, and nothing is sent.
      expect(yield* Effect.flip(session.token)).toMatchObject({ _tag: "DeviceBusy", sent: "maybe" })
      expect(renewals(sandbox)).toHaveLength(3)
    })
  )

  it.scoped("lets go of a caller at once who gives up waiting for the next attempt", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({
        kind: "refresh",
        how: Sandbox.Fault.status(503),
        times: Number.POSITIVE_INFINITY
      })
      yield* TestClock.adjust(untilSpent)
      yield* Effect.flip(session.token)
      const waiting = yield* Effect.fork(read(session, backend))
      yield* pause(50)
      // The test clock stands still: whoever sleeps on is never heard of again.
      const exit = yield* Fiber.interrupt(waiting)
      expect(Exit.isInterrupted(exit)).toBe(true)
      expect(renewals(sandbox)).toHaveLength(1)
    })
  )

  it.scoped("that is a login which hangs ends after 60 seconds as unreachable, sent maybe", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.hang })
      const opening = yield* Effect.fork(Effect.flip(Effect.scoped(backend.open(sandbox))))
      yield* eventually("the login hangs", () =>
        sandbox.ledger.requests.some(({ status }) => status === "hung")
      )
      yield* TestClock.adjust("59 seconds")
      expect(opening.unsafePoll()).toBeNull()
      const before = yield* Clock.currentTimeMillis
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(opening)).toMatchObject({
        _tag: "DeviceUnreachable",
        reason: "Timeout",
        sent: "maybe"
      })
      expect((yield* Clock.currentTimeMillis) - before).toBe(1000)
    })
  )
})
