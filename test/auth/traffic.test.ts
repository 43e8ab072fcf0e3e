// Sessions keep to what an FMC allows one address: over real sockets, against a sandbox that counts.
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import type { SessionEvent } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually, pause } from "../support/eventually.ts"

const version = "/api/fmc_platform/v1/info/serverversion"

const open = (sandbox: Sandbox.Sandbox, requestsPerMinute: number) =>
  Effect.map(
    Fmc.make({ ...sandbox.fmc, target: { ...sandbox.fmc.target, requestsPerMinute } }),
    ({ session }) => session
  )

describe("the traffic of sessions", () => {
  it.scoped("on one FMC keeps to its limit together: what is above it waits, and none is refused", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ requestsPerMinute: 30 })
      const sessions = [yield* open(sandbox, 30), yield* open(sandbox, 30)]
      const reads = yield* Effect.fork(
        Effect.forEach(
          Array.from({ length: 80 }, (_, index) => sessions[index % 2] ?? sessions[0]),
          (session) => (session === undefined ? Effect.die("no session") : session.http.get(version)),
          { concurrency: "unbounded" }
        )
      )
      const served = () =>
        sandbox.ledger.requests.filter(({ path, status }) => path === version && status === 200).length
      // Three are kept for logins, and one more for the second logout; two logins have been made.
      for (const most of [24, 50, 76]) {
        yield* eventually(`${most} are served`, () => served() === most)
        yield* pause(50)
        expect(served()).toBe(most)
        yield* TestClock.adjust("61 seconds")
      }
      const answers = yield* Fiber.join(reads)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(sandbox.ledger.requests.filter(({ status }) => status === 429)).toEqual([])
    })
  )

  it.scopedLive("leaves each its logout, however much the others had to ask when all of them close", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ requestsPerMinute: 20 })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const sessions = yield* Effect.replicateEffect(open(sandbox, 20), 8)
          const reads = sessions.flatMap(({ http }) => Array.from({ length: 5 }, () => http.get(version)))
          yield* Effect.forkScoped(Effect.all(reads, { concurrency: "unbounded" }))
          const served = () => sandbox.ledger.requests.filter(({ path }) => path === version).length
          yield* eventually("none waits for anything but time", () => served() >= 3)
          yield* pause(100)
        })
      )
      expect(sandbox.ledger.opened).toBe(8)
      expect(sandbox.ledger.open).toBe(0)
      expect(sandbox.ledger.requests.filter(({ status }) => status === 429)).toEqual([])
    })
  )

  it.scopedLive("logs out two dozen sessions together, at a device that takes its time for it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ requestsPerMinute: 120 })
      const how = Sandbox.Fault.slow("700 millis")
      const close = yield* Deferred.make<void>()
      const session = Effect.scoped(Effect.zipRight(open(sandbox, 120), Deferred.await(close)))
      const sessions = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 24 }, () => session),
          { concurrency: "unbounded" }
        )
      )
      yield* eventually("all are open", () => sandbox.ledger.opened === 24)
      yield* pause(200)
      yield* sandbox.fail({ kind: "revoke", times: Number.POSITIVE_INFINITY, how })
      yield* Deferred.succeed(close, undefined)
      yield* Fiber.join(sessions)
      expect(sandbox.ledger).toMatchObject({ opened: 24, ended: 24, open: 0 })
      expect(sandbox.ledger.connections.max).toBeLessThanOrEqual(10)
    })
  )

  it.scoped("says of a logout that had no turn that it was not sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const events: Array<SessionEvent.SessionEvent> = []
      const target = { ...sandbox.fmc.target, requestsPerMinute: 1 }
      const onEvent = (event: SessionEvent.SessionEvent) => Effect.sync(() => void events.push(event))
      const scope = yield* Scope.make()
      yield* Scope.extend(Fmc.make({ ...sandbox.fmc, target, onEvent }), scope)
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* pause(100)
      yield* TestClock.adjust("6 seconds")
      yield* Fiber.join(closing)
      expect(events.at(-1)).toMatchObject({
        _tag: "LogoutFailed",
        message: expect.stringContaining("it was not sent, since it had no turn within the target's")
      })
    })
  )

  it.scoped("waits as a whole when the device says 429 all the same: others share the address", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* open(sandbox, 120)
      yield* sandbox.fail({
        path: version,
        how: Sandbox.Fault.status(429, { headers: { "retry-after": "20" } })
      })
      const first = yield* Effect.fork(session.http.get(version))
      yield* eventually("it is refused", () => sandbox.ledger.requests.some(({ status }) => status === 429))
      yield* pause(50)
      const others = yield* Effect.fork(Effect.replicateEffect(session.http.get(version), 3))
      yield* pause(100)
      // None of them learns it for itself.
      const asked = () => sandbox.ledger.requests.filter(({ path }) => path === version).length
      expect(asked()).toBe(1)
      yield* TestClock.adjust("19 seconds")
      yield* pause(50)
      expect(asked()).toBe(1)
      yield* TestClock.adjust("2 seconds")
      expect((yield* Fiber.join(first)).status).toBe(200)
      expect((yield* Fiber.join(others)).map(({ status }) => status)).toEqual([200, 200, 200])
    })
  )

  it.scoped("lets a login and a logout go while all else waits", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ requestsPerMinute: 20 })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* open(sandbox, 20)
          yield* Effect.fork(
            Effect.forEach(Array.from({ length: 40 }), () => session.http.get(version), {
              concurrency: "unbounded"
            })
          )
          yield* eventually("the window is full", () => sandbox.ledger.requests.length >= 18)
          yield* pause(50)
          expect(sandbox.ledger.requests.length).toBe(18)
          yield* session.renew
        })
      )
      expect(sandbox.ledger).toMatchObject({ open: 0, refreshes: 1 })
    })
  )

  for (const { allowed, serverVersion } of [
    { serverVersion: "7.4.1 (build 172)", allowed: 300 },
    { serverVersion: "7.4.0 (build 81)", allowed: 120 },
    { serverVersion: "10.0.0 (build 1)", allowed: 300 }
  ]) {
    it.scoped(
      `on an FMC ${serverVersion} goes up to ${allowed} a minute, and asks for the version once`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.make({ requestsPerMinute: allowed, serverVersion })
          const { session } = yield* Fmc.make(sandbox.fmc)
          yield* Fmc.make(sandbox.fmc)
          const path = "/api/fmc_platform/v1/info/domain"
          yield* Effect.fork(
            Effect.forEach(Array.from({ length: 400 }), () => session.http.get(path), {
              concurrency: "unbounded"
            })
          )
          const served = () => sandbox.ledger.requests.filter((one) => one.path === path).length
          // Five are kept for logins, and one more for the second logout; two logins and the question for the version
          // have been made.
          const most = allowed - 6 - 3
          yield* eventually(`${most} are served`, () => served() >= most)
          yield* pause(100)
          expect(served()).toBeLessThanOrEqual(allowed - 6)
          expect(sandbox.ledger.requests.filter((one) => one.path === version)).toHaveLength(1)
          expect(sandbox.ledger.requests.filter(({ status }) => status === 429)).toEqual([])
        })
    )
  }

  it.scopedLive("asks no version of an FMC that is never crowded, nor where the target names a limit", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ requestsPerMinute: 300 })
      const few = yield* Fmc.make(sandbox.fmc)
      yield* Effect.all(
        Array.from({ length: 20 }, () => few.session.http.get("/api/fmc_platform/v1/info/domain"))
      )
      const session = yield* open(sandbox, 30)
      yield* Effect.fork(
        Effect.forEach(
          Array.from({ length: 60 }),
          () => session.http.get("/api/fmc_platform/v1/info/domain"),
          {
            concurrency: "unbounded"
          }
        )
      )
      yield* pause(300)
      expect(sandbox.ledger.requests.filter((one) => one.path === version)).toEqual([])
    })
  )

  it.scopedLive(
    "over one connection does not lock up: neither a renewal nor a logout waits for what waits for it",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ tokenLifetime: "1200 millis", connectionLimit: 1 })
        const target = { ...sandbox.fmc.target, maxConnections: 1 }
        yield* Effect.scoped(
          Effect.gen(function* () {
            const options = { ...sandbox.fmc, target, tokenLifetime: "1200 millis" } as const
            const sessions = [yield* Fmc.make(options), yield* Fmc.make(options)]
            for (let round = 0; round < 3; round++) {
              // All tokens have expired: all who ask wait for a renewal.
              yield* pause(1220)
              const answers = yield* Effect.forEach(
                Array.from({ length: 20 }, (_, index) => sessions[index % 2]?.session.http.get(version)),
                (read) => read ?? Effect.die("no session"),
                { concurrency: "unbounded" }
              )
              expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
            }
          })
        )
        // A token of so short a life may be over for the session some milliseconds before it is for the device.
        yield* eventually("nothing is open", () => sandbox.ledger.open === 0)
        expect(sandbox.ledger.connections.max).toBe(1)
      })
  )
})
