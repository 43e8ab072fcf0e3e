// Recovery from a 401. A 401 names the token that it was sent with; races: many 401s at once, a 401 that arrives
// when a newer token is there already, a 401 for a token that was never accepted.
// Invariants: one renewal for any number of 401s; one replay; a second 401 is an error, never data; a bounded
// number of logins however often someone else takes the session away.
import * as HttpBody from "@effect/platform/HttpBody"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { eventually } from "../support/eventually.ts"

describe.each(backends)("$name: recovery", (backend) => {
  it.scopedLive("an evicted session logs in again and the request goes through", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* read(session, backend)
      yield* sandbox.evict()
      expect((yield* read(session, backend)).status).toBe(200)
      expect(backend.tally(sandbox).logins).toBe(2)
    })
  )

  it.scopedLive("sixteen 401s at once cause one renewal", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* read(session, backend)
      yield* sandbox.evict()
      const answers = yield* Effect.forEach(Array.from({ length: 16 }), () => read(session, backend), {
        concurrency: "unbounded"
      })
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      // The session is gone, so one refresh is refused, and one login follows.
      expect(backend.tally(sandbox)).toMatchObject({ logins: 2, refreshes: 0, refreshesRefused: 1 })
    })
  )

  it.scopedLive("a second 401 is TokenRejected, never data", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* read(session, backend)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(401), times: 2 })
      const error = yield* Effect.flip(read(session, backend))
      expect(error._tag).toBe("TokenRejected")
    })
  )

  it.scopedLive("a second 401, of a token that others use well, ends it: there is no third try", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* read(session, backend)
      const path = `${backend.readable.split("?")[0]}?of=mine`
      const mine = () => sandbox.ledger.requests.filter((request) => request.path === path)
      // Refused at the end of a slow way; by then there is a newer token, which has been accepted.
      yield* sandbox.evict()
      yield* sandbox.fail({ kind: "call", path, how: Sandbox.Fault.slow("600 millis") })
      yield* sandbox.fail({ path, how: Sandbox.Fault.status(401), times: Number.POSITIVE_INFINITY })
      const slow = yield* Effect.fork(Effect.flip(session.http.get(path)))
      yield* eventually("it was refused", () => backend.tally(sandbox).expiredTokensSent.eviction === 1)
      yield* session.renew
      expect((yield* read(session, backend)).status).toBe(200)
      expect(yield* Fiber.join(slow)).toMatchObject({ _tag: "TokenRejected" })
      expect(mine()).toHaveLength(2)
      expect(backend.tally(sandbox).logins).toBe(2)
    })
  )

  it.scopedLive("a brand-new token that is refused at its first use is TokenRejected at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(401), times: Number.POSITIVE_INFINITY })
      const error = yield* Effect.flip(read(session, backend))
      expect(error._tag).toBe("TokenRejected")
      const { logins, refreshes } = backend.tally(sandbox)
      expect({ logins, refreshes }).toEqual({ logins: 1, refreshes: 0 })
    })
  )

  it.scopedLive("a body that cannot be sent again is not, and the error says so", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* read(session, backend)
      yield* sandbox.evict()
      const body = HttpBody.stream(Stream.make(new TextEncoder().encode("{}")), "application/json")
      const error = yield* Effect.flip(session.http.post(backend.readable, { body }))
      expect(error._tag).toBe("TokenRejected")
      expect(error.message).toContain("run the step again")
      expect((yield* read(session, backend)).status).toBe(200)
    })
  )

  it.scoped("the third eviction within five minutes is SessionContested, with no further login", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      for (let eviction = 1; eviction <= 2; eviction++) {
        yield* read(session, backend)
        yield* sandbox.evict()
        expect((yield* read(session, backend)).status).toBe(200)
      }
      yield* sandbox.evict()
      const { logins } = backend.tally(sandbox)
      const error = yield* Effect.flip(read(session, backend))
      expect(error._tag).toBe("SessionContested")
      expect(error.message).toContain("someone else uses the account")
      expect((yield* Effect.flip(read(session, backend)))._tag).toBe("SessionContested")
      expect(backend.tally(sandbox).logins).toBe(logins)
    })
  )

  it.scoped("evictions further apart than five minutes are lived through", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      for (let eviction = 1; eviction <= 5; eviction++) {
        yield* read(session, backend)
        yield* sandbox.evict()
        expect((yield* read(session, backend)).status).toBe(200)
        yield* TestClock.adjust("3 minutes")
      }
    })
  )

  it.scoped("an option gives way at the first eviction", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox, { giveWay: true })
      yield* read(session, backend)
      yield* sandbox.evict()
      expect((yield* Effect.flip(read(session, backend)))._tag).toBe("SessionContested")
      expect(backend.tally(sandbox).logins).toBe(1)
    })
  )

  it.scoped("a device that went away and came back has not been taken by someone else", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      for (let restart = 1; restart <= 4; restart++) {
        yield* read(session, backend)
        yield* sandbox.fail({ kind: "call", method: "POST", how: Sandbox.Fault.reset })
        yield* Effect.flip(session.http.post(backend.readable))
        yield* sandbox.evict()
        expect((yield* read(session, backend)).status).toBe(200)
      }
    })
  )
})
