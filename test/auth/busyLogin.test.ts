// A first login that the device has no time for (429, 503).
//
// States: it is tried, it waits, it is tried again; it ends with a token, with another error, or as DeviceBusy when its
// minute is over or too short for what the device asks. Races: the opener gives up while it waits; a second session on
// the device wants something meanwhile; the script has a one-time code.
//
// Invariants: never before the time that the device asks for · never a try after the minute, after the opener has given
// up, or with a code that was sent · no session stays open.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Credentials } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { eventually, pause, settled } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"

describe.each(fewest(backends))("$name: a first login", (backend) => {
  const at = (sandbox: Sandbox.Sandbox) =>
    sandbox.ledger.requests.filter(({ kind }) => kind === "login").map((one) => one.at)
  const busy = (sandbox: Sandbox.Sandbox, status: number, retryAfter: string | undefined, times: number) =>
    sandbox.fail({
      kind: "login",
      times,
      how: Sandbox.Fault.status(
        status,
        retryAfter === undefined ? {} : { headers: { "retry-after": retryAfter } }
      )
    })
  const logins = (sandbox: Sandbox.Sandbox, count: number) =>
    eventually(`it was tried ${count} times`, () => {
      const tried = sandbox.ledger.requests.filter(({ kind }) => kind === "login")
      return tried.length === count && tried.every(({ status }) => status !== "pending")
    })

  // Until the answer has come here, too, and the login waits: for no longer than so many milliseconds. While it is under
  // way another wait is, of a second: so that other logins of its account are not held up.
  const waits = (longest: number) =>
    Effect.zipRight(
      pause(200),
      Effect.all([TestClock.sleeps(), Clock.currentTimeMillis]).pipe(
        Effect.zipLeft(pause(5)),
        Effect.repeat({ until: ([ends, now]) => [...ends].some((end) => end <= now + longest) })
      )
    )

  it.scoped.each([
    [429, "2", 2],
    [503, "2", 2],
    [429, "5, 5", 5],
    [429, "-5", 5],
    [503, "1.5", 1.5],
    [429, "+7", 7],
    [503, undefined, 0.8],
    [429, "soon", 0.8]
  ] as const)(
    "that is answered %i with the Retry-After %j waits %f seconds and is tried again",
    ([status, asked, seconds]) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        yield* busy(sandbox, status, asked, 1)
        const opening = yield* Effect.fork(Effect.scoped(backend.open(sandbox)))
        yield* logins(sandbox, 1)
        yield* waits(20_000)
        yield* TestClock.adjust(seconds * 1000 - 1)
        expect(at(sandbox)).toHaveLength(1)
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.join(opening)
        expect(at(sandbox)).toHaveLength(2)
        expect(backend.tally(sandbox)).toMatchObject({ opened: 1, open: 0 })
      })
  )

  it.scoped("that is busy for ever is DeviceBusy within its minute", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* busy(sandbox, 503, undefined, Number.POSITIVE_INFINITY)
      const opening = yield* Effect.fork(Effect.flip(Effect.scoped(backend.open(sandbox))))
      // In steps that are shorter than what an attempt has at least, so that none is cut off by the test.
      for (let steps = 0; steps < 240 && opening.unsafePoll() === null; steps++) {
        yield* TestClock.adjust("500 millis")
        yield* pause(20)
        yield* eventually("what was sent is answered", () =>
          sandbox.ledger.requests.every(({ status }) => status !== "pending")
        )
        yield* pause(0)
      }
      expect((yield* Fiber.join(opening))._tag).toBe("DeviceBusy")
      const tries = at(sandbox)
      // 1, 2, 4, 8 and 16 seconds apart, with a fifth of jitter, and 32 where the minute has room for it.
      expect([5, 6, 7]).toContain(tries.length)
      expect((tries.at(-1) ?? Number.NaN) - (tries[0] ?? Number.NaN)).toBeLessThan(60_000)
      yield* TestClock.adjust("1 hour")
      expect(at(sandbox)).toEqual(tries)
    })
  )

  it.scopedLive.each(["61", "59", "90, 3", "1e3", "2 minutes", "9".repeat(30)])(
    "that is asked to wait %j is DeviceBusy at once",
    (asked) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        yield* busy(sandbox, 429, asked, 1)
        expect((yield* Effect.flip(Effect.scoped(backend.open(sandbox))))._tag).toBe("DeviceBusy")
        expect(at(sandbox)).toHaveLength(1)
      })
  )

  it.scoped("whose opener gives up while it waits is not made any more, and holds up no exit", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* busy(sandbox, 429, "30", 1)
      const opening = yield* Effect.fork(Effect.scoped(backend.open(sandbox)))
      yield* logins(sandbox, 1)
      yield* Fiber.interrupt(opening)
      yield* settled
      yield* TestClock.adjust("1 hour")
      expect(at(sandbox)).toHaveLength(1)
      expect(backend.tally(sandbox).opened).toBe(0)
    })
  )

  it.scoped("that is answered 429 makes whatever else is asked of the device wait, too", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* busy(sandbox, 429, "5", 1)
      const opening = yield* Effect.fork(Effect.scoped(backend.open(sandbox)))
      yield* logins(sandbox, 2)
      yield* waits(5000)
      const before = sandbox.ledger.requests.length
      const reading = yield* Effect.fork(read(session, backend))
      yield* pause(100)
      expect(sandbox.ledger.requests).toHaveLength(before)
      yield* TestClock.adjust("7 seconds")
      expect((yield* Fiber.join(reading)).status).toBe(200)
      yield* Fiber.join(opening)
    })
  )

  it.scopedLive("with a one-time code is DeviceBusy at once: the code is never sent twice", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* busy(sandbox, 429, "0", 1)
      const { password, username } = sandbox
      const endpoint = { ...sandbox[backend.name], credentials: Credentials.once({ username, password }) }
      const once = backend.name === "fmc" ? { ...sandbox, fmc: endpoint } : { ...sandbox, fdm: endpoint }
      expect((yield* Effect.flip(Effect.scoped(backend.open(once))))._tag).toBe("DeviceBusy")
      expect(at(sandbox)).toHaveLength(1)
    })
  )
})
