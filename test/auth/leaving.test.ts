// However a session is left, it ends logged out. The ways: success, a typed failure, a defect, interruption, a
// time-out while it is open, a time-out while it logs in or its account is asked for, a renewal under way. (Signals:
// signals.test.ts.)
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { type SessionEvent, TokenStore } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { eventually, pause, settled } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { untilDue } from "../support/times.ts"

describe.each(fewest(backends))("$name: a session ends logged out", (backend) => {
  const left = (sandbox: Sandbox.Sandbox) => {
    const { ended, open, opened } = backend.tally(sandbox)
    return { ended, open, opened }
  }

  it.scopedLive("on success", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const status = yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox)
          expect(backend.tally(sandbox).open).toBe(1)
          return (yield* read(session, backend)).status
        })
      )
      expect(status).toBe(200)
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
      expect(backend.tally(sandbox).revokes).toBe(1)
    })
  )

  it.scopedLive("on a typed failure, which reaches the caller as it is", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const exit = yield* Effect.exit(
        Effect.scoped(Effect.zipRight(backend.open(sandbox), Effect.fail("the script's own failure")))
      )
      expect(exit).toEqual(Exit.fail("the script's own failure"))
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
    })
  )

  it.scopedLive("on a defect", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const exit = yield* Effect.exit(
        Effect.scoped(Effect.zipRight(backend.open(sandbox), Effect.die(new Error("a bug"))))
      )
      expect(Exit.isFailure(exit)).toBe(true)
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
    })
  )

  it.scopedLive("on interruption, in the middle of a request too", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.hang })
      const opened = yield* Deferred.make<void>()
      const fiber = yield* Effect.fork(
        Effect.scoped(
          Effect.gen(function* () {
            const session = yield* backend.open(sandbox)
            yield* Deferred.succeed(opened, undefined)
            return yield* read(session, backend)
          })
        )
      )
      yield* Deferred.await(opened)
      yield* eventually("the request hangs", () =>
        sandbox.ledger.requests.some(({ status }) => status === "hung")
      )
      yield* Fiber.interrupt(fiber)
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
    })
  )

  it.scopedLive("when its user runs out of time", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const exit = yield* Effect.scoped(Effect.zipRight(backend.open(sandbox), Effect.never)).pipe(
        Effect.timeout("2 seconds"),
        Effect.exit
      )
      expect(Exit.isFailure(exit)).toBe(true)
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
    })
  )

  it.scopedLive("when the login answers after its caller gave up, who is free at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.slow("700 millis") })
      const exit = yield* Effect.scoped(backend.open(sandbox)).pipe(Effect.timeout("200 millis"), Effect.exit)
      expect(Exit.isFailure(exit)).toBe(true)
      // The caller is back, the login's answer is not: the device has a session of which nobody knows yet.
      expect(backend.tally(sandbox).revokes).toBe(0)
      yield* eventually("the late session is logged out", () => backend.tally(sandbox).revokes === 1)
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
    })
  )

  it.scoped("when a renewal is under way as it closes", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox)
          yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("400 millis") })
          yield* TestClock.adjust(untilDue)
          // Due: the caller gets the old token at once, and the renewal goes on beside it.
          yield* session.token
          yield* eventually("the refresh is under way", () => backend.tally(sandbox).refreshes === 1)
        })
      )
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
    })
  )

  it.scoped("when a renewal by login is under way as it closes: both sessions end", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox)
          yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
          yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.slow("400 millis") })
          yield* TestClock.adjust(untilDue)
          yield* session.token
          yield* eventually("the login is under way", () => backend.tally(sandbox).logins === 2)
        })
      )
      expect(left(sandbox)).toEqual({ opened: 2, ended: 2, open: 0 })
    })
  )

  it.scoped("when what it waits for takes longer than the closing: the exchange logs itself out", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox)
          yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("500 millis") })
          yield* TestClock.adjust(untilDue)
          yield* session.token
          yield* eventually("the refresh is under way", () => backend.tally(sandbox).refreshes === 1)
          // The closing's three seconds pass on the test clock, the device's answer takes real time.
          yield* Effect.forkDaemon(Effect.zipRight(pause(100), TestClock.adjust("3 seconds")))
        })
      )
      yield* eventually("the late token is revoked", () => backend.tally(sandbox).open === 0)
    })
  )

  it.scopedLive("and says so when the logout fails, without hiding the script's own result", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.status(500) })
      const events: Array<SessionEvent.SessionEvent> = []
      const result = yield* Effect.scoped(
        Effect.as(backend.open(sandbox, { onEvent: (event) => events.push(event) }), "done")
      )
      expect(result).toBe("done")
      expect(events.map(({ _tag }) => _tag)).toEqual(["LoggedIn", "LogoutFailed"])
    })
  )

  it.scopedLive.each([
    [429, "1"],
    [503, undefined]
  ] as const)(
    "and sends its logout again where the device has no time for it (%i, Retry-After %j)",
    ([status, asked]) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const headers = asked === undefined ? {} : { "retry-after": asked }
        yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.status(status, { headers }) })
        const events: Array<string> = []
        yield* Effect.scoped(backend.open(sandbox, { onEvent: ({ _tag }) => events.push(_tag) }))
        expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
        expect(events).toEqual(["LoggedIn", "LoggedOut"])
      })
  )

  it.scopedLive("and says at once that the device asks to wait for longer than a logout has", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const headers = { "retry-after": "4" }
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.status(429, { headers }) })
      const messages: Array<string> = []
      const onEvent = (event: SessionEvent.SessionEvent) =>
        void (event._tag === "LogoutFailed" && messages.push(event.message))
      yield* Effect.scoped(backend.open(sandbox, { onEvent }))
      expect(messages).toEqual([expect.stringMatching(/is busy .* asks to wait 4s/)])
      expect(sandbox.ledger.requests.filter(({ kind }) => kind === "revoke")).toHaveLength(1)
    })
  )

  it.scopedLive("and says so where its logout is refused, once the device has time for it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.status(429) })
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.status(403) })
      const events: Array<string> = []
      yield* Effect.scoped(backend.open(sandbox, { onEvent: ({ _tag }) => events.push(_tag) }))
      expect(left(sandbox)).toEqual({ opened: 1, ended: 0, open: 1 })
      expect(events).toEqual(["LoggedIn", "LogoutFailed"])
    })
  )

  it.scopedLive("and says so when a portal answers the logout with a page of its own", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const body = "<html>Please sign in</html>"
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.status(200, { body }), times: 2 })
      const events: Array<SessionEvent.SessionEvent> = []
      yield* Effect.scoped(backend.open(sandbox, { onEvent: (event) => events.push(event) }))
      expect(left(sandbox)).toEqual({ opened: 1, ended: 0, open: 1 })
      expect(events.at(-1)).toMatchObject({
        _tag: "LogoutFailed",
        message: expect.stringMatching(/is no JSON.* check that the device itself answers at this address/)
      })
    })
  )

  it.scoped("within five seconds, even if the logout hangs", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.hang })
      const events: Array<SessionEvent.SessionEvent> = []
      const fiber = yield* Effect.fork(
        Effect.scoped(Effect.as(backend.open(sandbox, { onEvent: (event) => events.push(event) }), "done"))
      )
      yield* eventually("the logout hangs", () =>
        sandbox.ledger.requests.some(({ status }) => status === "hung")
      )
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(fiber)).toBe("done")
      expect(events.at(-1)?._tag).toBe("LogoutFailed")
    })
  )

  it.scopedLive("and is of no use afterwards: SessionClosed, and no new login", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* Effect.scoped(backend.open(sandbox))
      const refused = yield* Effect.flip(read(session, backend))
      expect(refused._tag).toBe("SessionClosed")
      expect((yield* Effect.flip(session.token))._tag).toBe("SessionClosed")
      expect(left(sandbox)).toEqual({ opened: 1, ended: 1, open: 0 })
    })
  )
})

describe("an account that is still asked for", () => {
  it.scopedLive.each([
    ["of its own", TokenStore.memory],
    ["that is kept", undefined]
  ] as const)("when a session %s is given up is asked for no longer", ([, store]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const asked = yield* Deferred.make<void>()
      let isOver = false
      const credentials = Deferred.succeed(asked, undefined).pipe(
        Effect.zipRight(Effect.never),
        Effect.onInterrupt(() =>
          Effect.sync(() => {
            isOver = true
          })
        )
      )
      const folder = yield* temporaryFolder
      const opening = Effect.scoped(Fmc.make({ ...sandbox.fmc, credentials })).pipe(
        Effect.provideService(TokenStore.TokenStore, store ?? TokenStore.disk({ folder }))
      )
      const fiber = yield* Effect.fork(opening)
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(fiber)
      yield* eventually("nobody asks any more", () => isOver)
      yield* settled
      expect(sandbox.ledger.opened).toBe(0)
    })
  )
})
