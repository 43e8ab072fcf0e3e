// Faults that a second reader found: what waits behind what, and what is learned from what.
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { Credentials, type Session } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { eventually, pause } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"
import { untilDue, untilSpent } from "../support/times.ts"

describe.each(fewest(backends))("$name: a session", (backend) => {
  const tally = backend.tally
  const withCredentials = (
    sandbox: Sandbox.Sandbox,
    credentials: Credentials.Credentials,
    options?: Session.Options
  ) =>
    backend.name === "fmc"
      ? Effect.map(Fmc.make({ ...sandbox.fmc, credentials, ...options }), ({ session }) => session)
      : Effect.map(
          Fdm.make({ ...sandbox.fdm, credentials, apiVersion: "v6", ...options }),
          ({ session }) => session
        )

  it.scoped("that closes behind a refresh that hangs is logged out all the same", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const scope = yield* Scope.make()
      const session = yield* Scope.extend(backend.open(sandbox), scope)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.hang })
      yield* TestClock.adjust(untilDue)
      yield* session.token
      yield* eventually("the refresh hangs", () =>
        sandbox.ledger.requests.some(({ status }) => status === "hung")
      )
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* pause(50)
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(closing)
      expect(tally(sandbox)).toMatchObject({ open: 0, revokes: 1 })
    })
  )

  it.scoped("whose closing is interrupted is logged out all the same", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const scope = yield* Scope.make()
      const session = yield* Scope.extend(backend.open(sandbox), scope)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("600 millis") })
      yield* TestClock.adjust(untilDue)
      yield* session.token
      yield* eventually("the refresh is under way", () => tally(sandbox).refreshes === 1)
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* pause(100)
      yield* Fiber.interrupt(closing)
      expect(tally(sandbox)).toMatchObject({ opened: 1, open: 0 })
    })
  )

  it.scoped("authorizes a request that waited for its turn with the token of then", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.slow("1200 millis"), times: 8 })
      const reading = yield* Effect.fork(
        Effect.forEach(Array.from({ length: 16 }), () => read(session, backend), { concurrency: "unbounded" })
      )
      yield* eventually("the connections are taken", () => sandbox.ledger.requests.length >= 9)
      yield* TestClock.adjust(untilSpent)
      const answers = yield* Fiber.join(reading)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      // Those that were on their way when the token expired were sent in time.
      expect(tally(sandbox).expiredTokensSent.total).toBe(0)
      expect(tally(sandbox)).toMatchObject({ logins: 1, refreshes: 1 })
    })
  )

  it.scopedLive("takes no 401 of a token that it renewed meanwhile for an eviction", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox, { giveWay: true })
      yield* read(session, backend)
      // The refusal comes at the end of a slow way, when a newer token is there.
      yield* sandbox.evict()
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.slow("500 millis") })
      const slow = yield* Effect.fork(read(session, backend))
      yield* eventually("it was refused", () => tally(sandbox).expiredTokensSent.eviction === 1)
      yield* session.renew
      expect(slow.unsafePoll()).toBeNull()
      expect((yield* Fiber.join(slow)).status).toBe(200)
      expect((yield* read(session, backend)).status).toBe(200)
      expect(tally(sandbox)).toMatchObject({ logins: 2, refreshes: 0 })
    })
  )

  it.scoped("that was evicted long before its first use logs in again", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* TestClock.adjust("20 minutes")
      yield* sandbox.evict()
      expect((yield* read(session, backend)).status).toBe(200)
      expect(tally(sandbox).logins).toBe(2)
    })
  )

  it.scoped("says that a request was not sent when the renewal before it was lost", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.loseAnswer })
      yield* TestClock.adjust(untilSpent)
      const error = yield* Effect.flip(session.http.post(backend.readable))
      expect(error).toMatchObject({ _tag: "DeviceUnreachable", sent: "no" })
      expect(error.message).toContain("was not sent")
      expect(sandbox.ledger.requests.some(({ kind }) => kind === "call")).toBe(false)
    })
  )

  it.scoped("reads its environment at the second login as it did at the first", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const environment = ConfigProvider.fromMap(
        new Map([
          ["HERE_USERNAME", sandbox.username],
          ["HERE_PASSWORD", Redacted.value(sandbox.password)]
        ])
      )
      const session = yield* Effect.withConfigProvider(
        withCredentials(sandbox, Credentials.fromEnv("HERE")),
        environment
      )
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      yield* TestClock.adjust(untilSpent)
      expect((yield* read(session, backend)).status).toBe(200)
      expect(tally(sandbox).logins).toBe(2)
    })
  )

  it.scoped("whose credentials never come fails after a minute, and can be used again", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      let hangs = false
      const { password, username } = sandbox
      const vault = Effect.suspend(() => (hangs ? Effect.never : Effect.succeed({ username, password })))
      const session = yield* withCredentials(sandbox, vault)
      yield* sandbox.fail({
        kind: "refresh",
        how: Sandbox.Fault.status(400),
        times: Number.POSITIVE_INFINITY
      })
      yield* TestClock.adjust(untilSpent)
      hangs = true
      const reading = yield* Effect.fork(Effect.flip(read(session, backend)))
      yield* eventually("the refresh was refused", () => tally(sandbox).refreshesRefused === 1)
      yield* pause(50)
      yield* TestClock.adjust("60 seconds")
      expect(yield* Fiber.join(reading)).toMatchObject({ _tag: "InvalidInput", field: "credentials" })
      hangs = false
      const again = yield* Effect.fork(read(session, backend))
      yield* pause(50)
      yield* TestClock.adjust("5 seconds")
      expect((yield* Fiber.join(again)).status).toBe(200)
    })
  )

  it.scopedLive("tells of the logout of a login that came too late for its caller", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.slow("400 millis") })
      const events: Array<string> = []
      yield* Effect.option(
        Effect.timeout(
          Effect.scoped(backend.open(sandbox, { onEvent: ({ _tag }) => events.push(_tag) })),
          "100 millis"
        )
      )
      yield* eventually("it is logged out", () => events.includes("LoggedOut"))
      expect(events).toEqual(["LoggedOut"])
    })
  )

  it.scopedLive("is not held up by a listener that never ends", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* Effect.scoped(
        Effect.flatMap(backend.open(sandbox, { onEvent: () => Effect.never }), (session) =>
          read(session, backend)
        )
      ).pipe(Effect.timeout("3 seconds"))
      expect(result.status).toBe(200)
      expect(tally(sandbox).open).toBe(0)
    })
  )
})

describe("a lifetime that cannot be read", () => {
  it.scopedLive("is refused before anything is sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      // As a script in JavaScript may give it.
      const tokenLifetime = "1800" as `${number} seconds`
      const error = yield* Effect.flip(Fmc.make({ ...sandbox.fmc, tokenLifetime }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "tokenLifetime", value: "1800" })
      expect(sandbox.ledger.requests).toEqual([])
    })
  )
})
