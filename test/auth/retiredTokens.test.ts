// What a new login leaves behind: the session before it, which the device would keep open.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { eventually, pause } from "../support/eventually.ts"
import { untilDue } from "../support/times.ts"

describe.each(backends)("$name: a new login", (backend) => {
  const { tally } = backend

  it.scoped("logs out the one before, at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* read(session, backend)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      yield* TestClock.adjust(untilDue)
      yield* session.token
      yield* eventually("the one before is logged out", () => tally(sandbox).revokes === 1)
      expect(tally(sandbox)).toMatchObject({ logins: 2, open: 1 })
      expect((yield* read(session, backend)).status).toBe(200)
    })
  )

  it.scoped("whose retired token a request still carries when it closes leaves nothing open", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const scope = yield* Scope.make()
      const session = yield* Scope.extend(backend.open(sandbox), scope)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.hang })
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      yield* TestClock.adjust(untilDue)
      const slow = yield* Effect.fork(Effect.exit(read(session, backend)))
      yield* eventually("the new login is there", () => tally(sandbox).logins === 2)
      yield* pause(100)
      expect(tally(sandbox).open).toBe(2)
      yield* Scope.close(scope, Exit.void)
      // A read whose connection has gone is to be repeated, and waits on a clock that stands still.
      yield* Fiber.interrupt(slow)
      yield* eventually("both are logged out", () => tally(sandbox).open === 0)
      expect(tally(sandbox)).toMatchObject({ revokes: 2, revokesRefused: 0 })
    })
  )

  it.scoped("whose retired token is logged out once, though both the request and the closing end it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const scope = yield* Scope.make()
      const session = yield* Scope.extend(backend.open(sandbox), scope)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.slow("400 millis") })
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.slow("400 millis"), times: 2 })
      yield* TestClock.adjust(untilDue)
      const slow = yield* Effect.fork(Effect.exit(read(session, backend)))
      yield* eventually("the new login is there", () => tally(sandbox).logins === 2)
      yield* Fiber.join(slow)
      // Its logout is under way when the closing finds it.
      yield* eventually("it is being logged out", () => tally(sandbox).revokes === 1)
      yield* Scope.close(scope, Exit.void)
      yield* pause(100)
      const revokes = sandbox.ledger.requests.filter(({ kind }) => kind === "revoke")
      expect(revokes).toHaveLength(2)
      expect(tally(sandbox).open).toBe(0)
    })
  )
})
