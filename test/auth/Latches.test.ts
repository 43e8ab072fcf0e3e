// One login at a time for an account that is not known to be good, whatever the device. The logins are fakes: what
// is looked at is who is allowed to make one, and when.
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { type AuthError, CredentialsRefused } from "sallyport/AuthError"
import { DeviceUnreachable } from "sallyport/DeviceError"
import * as Latches from "sallyport/Latches"

const account = (password: string) => ({ username: "api", password: Redacted.make(password) })
const refusal = (target: string) => new CredentialsRefused({ target, username: "api", messages: ["no"] })
const unreachable = (target: string) =>
  new DeviceUnreachable({ target, phase: "Connect", reason: "ECONNREFUSED", sent: "no" })

/** Logins that wait until they are told how they end. */
const device = (name: string) =>
  Effect.map(Deferred.make<string, AuthError>(), (answer) => {
    const seen = { attempts: 0 }
    const login = Effect.suspend(() => {
      seen.attempts += 1
      return Deferred.await(answer)
    })
    return { name, seen, login, answer }
  })

const settled = Effect.repeatN(Effect.yieldNow(), 50)

describe("the latches of a process", () => {
  it.effect("let one login go first, and the others side by side once it has worked", () =>
    Effect.gen(function* () {
      const latches = Latches.make()
      const devices = yield* Effect.forEach(["a", "b", "c", "d"], device)
      const fibers = yield* Effect.forEach(devices, ({ login, name }) =>
        Effect.fork(latches.guard(name, account("good"), login))
      )
      yield* settled
      expect(devices.map(({ seen }) => seen.attempts)).toEqual([1, 0, 0, 0])
      const [first, ...others] = devices
      if (first !== undefined) yield* Deferred.succeed(first.answer, "grant of a")
      yield* settled
      // None of them has answered, and all of them are under way.
      expect(devices.map(({ seen }) => seen.attempts)).toEqual([1, 1, 1, 1])
      for (const { answer, name } of others) yield* Deferred.succeed(answer, `grant of ${name}`)
      const grants = yield* Effect.forEach(fibers, Fiber.join)
      expect(grants).toEqual(["grant of a", "grant of b", "grant of c", "grant of d"])
    })
  )

  it.effect("relay a refusal to all who wait and all who come, and say which device refused", () =>
    Effect.gen(function* () {
      const latches = Latches.make()
      const devices = yield* Effect.forEach(["a", "b", "c"], device)
      const [first] = devices
      if (first !== undefined) yield* Deferred.fail(first.answer, refusal("a"))
      const errors = yield* Effect.forEach(
        devices,
        ({ login, name }) => Effect.flip(latches.guard(name, account("wrong"), login)),
        { concurrency: "unbounded" }
      )
      expect(devices.map(({ seen }) => seen.attempts)).toEqual([1, 0, 0])
      expect(
        errors.map((error) => error._tag === "CredentialsRefused" && [error.target, error.refusedBy])
      ).toEqual([
        ["a", undefined],
        ["b", "a"],
        ["c", "a"]
      ])
      expect(errors[1]?.message).toContain("They were refused by a; this device was not asked.")
      yield* TestClock.adjust("10 days")
      const again = yield* device("a")
      expect((yield* Effect.flip(latches.guard("a", account("wrong"), again.login)))._tag).toBe(
        "CredentialsRefused"
      )
      expect(again.seen.attempts).toBe(0)
    })
  )

  it.effect("take a rotated password, and another user, for what they are: not yet refused", () =>
    Effect.gen(function* () {
      const latches = Latches.make()
      yield* Effect.flip(latches.guard("a", account("old"), Effect.fail(refusal("a"))))
      expect(yield* latches.guard("a", account("new"), Effect.succeed("in"))).toBe("in")
      const other = { username: "ops", password: Redacted.make("old") }
      expect(yield* latches.guard("a", other, Effect.succeed("in"))).toBe("in")
      expect((yield* Effect.flip(latches.guard("a", account("old"), Effect.succeed("in"))))._tag).toBe(
        "CredentialsRefused"
      )
    })
  )

  it.effect("let the next one try when the first fails for a reason of its own", () =>
    Effect.gen(function* () {
      const latches = Latches.make()
      const devices = yield* Effect.forEach(["a", "b", "c"], device)
      const [a, b] = devices
      if (a !== undefined) yield* Deferred.fail(a.answer, unreachable("a"))
      if (b !== undefined) yield* Deferred.fail(b.answer, refusal("b"))
      const results = yield* Effect.forEach(
        devices,
        ({ login, name }) => Effect.either(latches.guard(name, account("x"), login)),
        { concurrency: "unbounded" }
      )
      expect(devices.map(({ seen }) => seen.attempts)).toEqual([1, 1, 0])
      expect(results.map((result) => Either.isLeft(result) && result.left._tag)).toEqual([
        "DeviceUnreachable",
        "CredentialsRefused",
        "CredentialsRefused"
      ])
    })
  )

  it.effect("let the next one try when the first is interrupted", () =>
    Effect.gen(function* () {
      const latches = Latches.make()
      const hung = yield* device("a")
      const next = yield* device("b")
      const first = yield* Effect.fork(latches.guard("a", account("x"), hung.login))
      yield* settled
      const second = yield* Effect.fork(latches.guard("b", account("x"), next.login))
      yield* settled
      expect(next.seen.attempts).toBe(0)
      yield* Fiber.interrupt(first)
      yield* Deferred.succeed(next.answer, "in")
      expect(yield* Fiber.join(second)).toBe("in")
    })
  )

  it.effect.each([
    ["59 seconds", 2],
    ["60 seconds", 1]
  ] as const)("hold an account for good %s after it worked: then %i may log in at once", ([later, atOnce]) =>
    Effect.gen(function* () {
      const latches = Latches.make()
      yield* latches.guard("a", account("x"), Effect.succeed("in"))
      yield* TestClock.adjust(later)
      const devices = yield* Effect.forEach(["b", "c"], device)
      const fibers = yield* Effect.forEach(devices, ({ login, name }) =>
        Effect.fork(latches.guard(name, account("x"), login))
      )
      yield* settled
      expect(devices.filter(({ seen }) => seen.attempts > 0)).toHaveLength(atOnce)
      for (const { answer } of devices) yield* Deferred.succeed(answer, "in")
      yield* Effect.forEach(fibers, Fiber.join)
    })
  )

  it.effect("of another process know nothing of these", () =>
    Effect.gen(function* () {
      yield* Effect.flip(Latches.make().guard("a", account("x"), Effect.fail(refusal("a"))))
      expect(yield* Latches.make().guard("a", account("x"), Effect.succeed("in"))).toBe("in")
    })
  )
})
