// Renewal. States: Fresh, Renewing, BackingOff, Refused, Contested, Closed (src/auth/session/SessionState.ts).
// Races looked at here: many callers at one expiry; callers that are interrupted while they wait; a refresh that is
// slow, refused, lost or met by a device that is down; a clock that jumps.
// Invariants: one exchange at a time; its result is everybody's; a good token is served whatever else fails.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { eventually, pause, settled } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"
import { untilDue, untilSpent } from "../support/times.ts"

describe.each(fewest(backends))("$name: renewal", (backend) => {
  const tokens = (sandbox: Sandbox.Sandbox) => {
    const { logins, refreshes } = backend.tally(sandbox)
    return { logins, refreshes }
  }

  it.scoped.each([16, 1000])("%i callers at one expiry cause one refresh", (callers) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* TestClock.adjust(untilSpent)
      const answers = yield* Effect.forEach(Array.from({ length: callers }), () => read(session, backend), {
        concurrency: "unbounded"
      })
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(tokens(sandbox)).toEqual({ logins: 1, refreshes: 1 })
      expect(backend.tally(sandbox).expiredTokensSent.total).toBe(0)
    })
  )

  it.scoped("a token that is due is served at once and renewed beside it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      const first = yield* session.token
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("200 millis") })
      yield* TestClock.adjust(untilDue)
      expect(yield* session.token).toBe(first)
      yield* eventually("it is renewed", () => tokens(sandbox).refreshes === 1)
      yield* settled
      expect(yield* session.token).not.toBe(first)
    })
  )

  it.scoped("a token that is not due is not renewed", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* TestClock.adjust("27 minutes")
      yield* read(session, backend)
      expect(tokens(sandbox)).toEqual({ logins: 1, refreshes: 0 })
    })
  )

  it.scoped("an early renewal that fails costs no caller a good token", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({
        kind: "refresh",
        how: Sandbox.Fault.status(503),
        times: Number.POSITIVE_INFINITY
      })
      yield* TestClock.adjust(untilDue)
      for (let i = 0; i < 3; i++) {
        expect((yield* read(session, backend)).status).toBe(200)
        yield* pause(30)
      }
      // One attempt: the next waits its back-off.
      expect(backend.tally(sandbox).refreshesRefused).toBe(1)
    })
  )

  it.scoped(
    "with the device down, sixteen callers past expiry make one attempt per back-off and share its failure",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const session = yield* backend.open(sandbox)
        yield* TestClock.adjust(untilSpent)
        yield* sandbox.fail({
          kind: "refresh",
          how: Sandbox.Fault.status(503),
          times: Number.POSITIVE_INFINITY
        })
        const sixteen = Effect.forEach(Array.from({ length: 16 }), () => Effect.flip(session.token), {
          concurrency: "unbounded"
        })
        const refused = () => backend.tally(sandbox).refreshesRefused
        expect(new Set((yield* sixteen).map(({ _tag }) => _tag))).toEqual(new Set(["DeviceBusy"]))
        expect(refused()).toBe(1)
        for (const attempts of [2, 3, 4]) {
          const waiting = yield* Effect.fork(sixteen)
          yield* pause(50)
          expect(refused()).toBe(attempts - 1)
          // 1, 2, 4 seconds, each with a fifth of jitter.
          yield* TestClock.adjust(2 ** (attempts - 2) * 1200 + 1)

          expect(new Set((yield* Fiber.join(waiting)).map(({ _tag }) => _tag))).toEqual(
            new Set(["DeviceBusy"])
          )
          expect(refused()).toBe(attempts)
        }
        yield* sandbox.clearFaults()
        const last = yield* Effect.fork(session.token)
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(last)
        expect(tokens(sandbox)).toEqual({ logins: 1, refreshes: 1 })
      })
  )

  it.scoped("a refused refresh is followed by one login, now, for all callers", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({
        kind: "refresh",
        how: Sandbox.Fault.status(400),
        times: Number.POSITIVE_INFINITY
      })
      yield* TestClock.adjust(untilSpent)
      yield* Effect.forEach(Array.from({ length: 16 }), () => read(session, backend), {
        concurrency: "unbounded"
      })
      expect(tokens(sandbox)).toEqual({ logins: 2, refreshes: 0 })
    })
  )

  it.scoped("a refresh whose answer was lost is not repeated: the next attempt is a login", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.loseAnswer })
      yield* TestClock.adjust(untilSpent)
      const lost = yield* Effect.flip(session.token)
      expect(lost._tag).toBe("DeviceUnreachable")
      const next = yield* Effect.fork(session.token)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(next)
      // Nor tried and refused, which would end in a login too.
      expect(backend.tally(sandbox)).toMatchObject({ logins: 2, refreshes: 1, refreshesRefused: 0 })
    })
  )

  it.scoped("after a new login the retired token is revoked, once no request carries it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.slow("1 second") })
      yield* TestClock.adjust(untilDue)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      const slow = yield* Effect.fork(
        Effect.map(read(session, backend), ({ status }) => ({ status, open: backend.tally(sandbox).open }))
      )
      yield* eventually("the new login is there", () => tokens(sandbox).logins === 2)
      // As long as it has no answer.
      expect(yield* Fiber.join(slow)).toEqual({ status: 200, open: 2 })
      yield* eventually("the retired token is revoked", () => backend.tally(sandbox).open === 1)
    })
  )

  it.scoped("an interrupted caller neither cancels the renewal nor loses what the device rotated", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("300 millis") })
      yield* TestClock.adjust(untilSpent)
      const first = yield* Effect.fork(session.token)
      const second = yield* Effect.fork(session.token)
      yield* eventually("the refresh is under way", () => tokens(sandbox).refreshes === 1)
      yield* Fiber.interrupt(first)
      yield* Fiber.join(second)
      expect((yield* read(session, backend)).status).toBe(200)
      expect(tokens(sandbox)).toEqual({ logins: 1, refreshes: 1 })
    })
  )

  it.scoped("the events tell of the login, the refresh, its failure and the logout", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const events: Array<string> = []
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox, { onEvent: ({ _tag }) => events.push(_tag) })
          yield* TestClock.adjust(untilSpent)
          yield* session.token
          yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(503) })
          yield* TestClock.adjust(untilSpent)
          yield* Effect.flip(session.token)
        })
      )
      expect(events).toEqual(["LoggedIn", "Refreshed", "RenewalFailed", "LoggedOut"])
    })
  )
})
