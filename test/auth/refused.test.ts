// Refused credentials: exactly one attempt, whatever the number of callers and of devices, for this very password.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Credentials } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { fewest } from "../support/long.ts"
import { untilSpent } from "../support/times.ts"

describe.each(fewest(backends))("$name: refused credentials", (backend) => {
  const attempts = (sandbox: Sandbox.Sandbox) =>
    backend.tally(sandbox).logins + backend.tally(sandbox).loginsRefused
  const secret = (name: string) => Redacted.make(`${backend.name}-${name}`)
  const as = (sandbox: Sandbox.Sandbox, credentials: Credentials.Credentials): Sandbox.Sandbox => {
    const endpoint = { ...sandbox[backend.name], credentials }
    return backend.name === "fmc" ? { ...sandbox, fmc: endpoint } : { ...sandbox, fdm: endpoint }
  }

  // By the test clock, so that none is slow, whatever the load.
  it.scoped("a hundred devices that share the account make two attempts", () =>
    Effect.gen(function* () {
      const sandboxes = yield* Effect.all(
        Array.from({ length: 100 }, () => Sandbox.make()),
        { concurrency: 10 }
      )
      const credentials = Credentials.password({ username: "api", password: secret("wrong everywhere") })
      const results = yield* Effect.forEach(
        sandboxes,
        (sandbox) => Effect.either(Effect.scoped(backend.open(as(sandbox, credentials)))),
        { concurrency: "unbounded" }
      )
      expect(results.filter(Either.isRight)).toEqual([])
      expect(results.map((result) => Either.isLeft(result) && result.left._tag)).toEqual(
        Array.from({ length: 100 }, () => "CredentialsRefused")
      )
      expect(sandboxes.reduce((sum, sandbox) => sum + attempts(sandbox), 0)).toBe(2)
      const refused = results.flatMap((result) => (Either.isLeft(result) ? [result.left.message] : []))
      expect(refused.filter((message) => message.includes("this device was not asked"))).toHaveLength(98)
    })
  )

  it.scoped("twenty devices of a directory make one", () =>
    Effect.gen(function* () {
      const sandboxes = yield* Effect.all(
        Array.from({ length: 20 }, () => Sandbox.make()),
        { concurrency: 10 }
      )
      const password = secret("wrong in the directory")
      const credentials = Credentials.password({ username: "api", password, account: "shared" })
      yield* Effect.forEach(
        sandboxes,
        (sandbox) => Effect.flip(Effect.scoped(backend.open(as(sandbox, credentials)))),
        { concurrency: "unbounded" }
      )
      expect(sandboxes.reduce((sum, sandbox) => sum + attempts(sandbox), 0)).toBe(1)
    })
  )

  it.scoped("one device whose password has drifted ends nobody else's session", () =>
    Effect.gen(function* () {
      const password = secret("of the fleet")
      const credentials = Credentials.password({ username: "api", password })
      const good = yield* Sandbox.make({ password })
      const drifted = yield* Effect.all(Array.from({ length: 3 }, () => Sandbox.make()))
      const session = yield* backend.open(as(good, credentials))
      for (const sandbox of drifted) {
        const error = yield* Effect.flip(Effect.scoped(backend.open(as(sandbox, credentials))))
        expect(error._tag).toBe("CredentialsRefused")
        expect(attempts(sandbox)).toBe(1)
      }
      // Each was asked itself; and the one that works logs in again.
      yield* good.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      yield* TestClock.adjust(untilSpent)
      expect((yield* read(session, backend)).status).toBe(200)
      yield* Effect.scoped(backend.open(as(yield* Sandbox.make({ password }), credentials)))
    })
  )

  it.scopedLive("devices that do not answer hold up none that does for longer than a second or two", () =>
    Effect.gen(function* () {
      const password = secret("of some that are dead")
      const credentials = Credentials.password({ username: "api", password })
      const silent = yield* Effect.all(Array.from({ length: 6 }, () => Sandbox.make({ password })))
      const good = yield* Sandbox.make({ password })
      for (const sandbox of silent) yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.hang })
      for (const sandbox of silent) yield* Effect.fork(Effect.scoped(backend.open(as(sandbox, credentials))))
      yield* Effect.sleep("50 millis")
      const [took] = yield* Effect.timed(Effect.scoped(backend.open(as(good, credentials))))
      expect(Duration.toMillis(took)).toBeLessThan(10_000)
    })
  )

  it.scopedLive("a hundred devices that share a good account log in side by side", () =>
    Effect.gen(function* () {
      const password = secret("right")
      const sandboxes = yield* Effect.all(
        Array.from({ length: 100 }, () => Sandbox.make({ password, latency: "50 millis" })),
        { concurrency: 10 }
      )
      yield* Effect.forEach(sandboxes, (sandbox) => Effect.scoped(backend.open(sandbox)), {
        concurrency: "unbounded"
      })
      expect(sandboxes.map((sandbox) => backend.tally(sandbox).open)).toEqual(
        Array.from({ length: 100 }, () => 0)
      )
      expect(sandboxes.map(attempts)).toEqual(Array.from({ length: 100 }, () => 1))
    })
  )

  it.scoped("after a rotation sixteen callers make one attempt with the old password, and none later", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: secret("before") })
      const session = yield* backend.open(
        as(sandbox, Credentials.password({ username: "api", password: secret("before") }))
      )
      yield* sandbox.setPassword(secret("after"))
      yield* sandbox.fail({
        kind: "refresh",
        how: Sandbox.Fault.status(400),
        times: Number.POSITIVE_INFINITY
      })
      yield* TestClock.adjust(untilSpent)
      const sixteen = Effect.forEach(Array.from({ length: 16 }), () => Effect.flip(read(session, backend)), {
        concurrency: "unbounded"
      })
      expect(new Set((yield* sixteen).map(({ _tag }) => _tag))).toEqual(new Set(["CredentialsRefused"]))
      yield* TestClock.adjust("1 hour")
      yield* sixteen
      expect(backend.tally(sandbox).loginsRefused).toBe(1)
    })
  )

  it.scoped("a rotated secret is picked up by the next login", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.setPassword(secret("rotated in time"))
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      yield* TestClock.adjust(untilSpent)
      expect((yield* read(session, backend)).status).toBe(200)
      expect(backend.tally(sandbox).logins).toBe(2)
    })
  )

  it.scoped("a one-time code is never sent twice", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: secret("123456") })
      const session = yield* backend.open(
        as(sandbox, Credentials.once({ username: "api", password: secret("123456") }))
      )
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
      yield* TestClock.adjust(untilSpent)
      const error = yield* Effect.flip(read(session, backend))
      expect(error._tag).toBe("CredentialsRefused")
      expect(error.message).toContain("never sent twice")
      expect(attempts(sandbox)).toBe(1)
    })
  )

  it.scopedLive("the message says what to do, and holds no password", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const password = secret("canary 4711")
      const error = yield* Effect.flip(
        Effect.scoped(backend.open(as(sandbox, Credentials.password({ username: "api", password }))))
      )
      expect(error._tag).toBe("CredentialsRefused")
      expect(error.message).toMatch(/not tried again.*Check user name and password/s)
      expect(error.message).not.toContain(Redacted.value(password))
    })
  )
})
