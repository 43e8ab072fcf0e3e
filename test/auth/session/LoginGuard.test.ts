// What a process knows of pairs of user name and password: who may log in with one, and when. The logins are fakes: what
// is looked at is which of them are made.
//
// States of a pair: unproven (nobody has accepted it), good (some device has), ended (as many have refused it as its kind
// allows). Of a pair at one device: untried, under way, proven (accepted within the last minute), refused.
//
// Races: devices that are opened at once; one that refuses while others are under way; one that never answers, or
// refuses late; a caller who is interrupted while it waits or is under way; many sessions on one device.
//
// Invariants: at one device a refused pair is never tried again, and one that is not proven never twice at once · across
// devices an unproven pair is refused at most twice by those that answer within a second; of those that answer later at
// most 16 after one second of silence, 128 after two · with a shared account once, 4, 16 · nobody is held up by a device
// that is silent for longer than a second, but by seconds in which none answers: 100 silent ones cost two · a good pair
// is never refused without being asked, unless its account is shared.
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as fc from "fast-check"
import { type AuthError, type Credentials, CredentialsRefused } from "sallyport"
import { LoginGuard } from "sallyport/plugin"
import { unreachable } from "../../support/unreachable.ts"

const account = (password: string, kind?: Credentials.Account["account"]): Credentials.Account => ({
  username: "api",
  password: Redacted.make(password),
  account: kind
})
const at = (name: string) => ({ device: `https://${name}`, targetName: name })
const refusal = (target: string) =>
  new CredentialsRefused({ targetName: target, username: "api", messages: ["no"] })

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

const devicesOf = (count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => `d${index}`),
    device
  )

const settled = Effect.repeatN(Effect.yieldNow(), 50)

type Device = Effect.Effect.Success<ReturnType<typeof device>>

const tried = (devices: ReadonlyArray<Device>) => devices.reduce((sum, { seen }) => sum + seen.attempts, 0)

const openAll = (loginGuard: LoginGuard.Service, devices: ReadonlyArray<Device>, who: Credentials.Account) =>
  Effect.forEach(devices, ({ login, name }) =>
    Effect.fork(Effect.either(loginGuard.guard(at(name), who, login)))
  )

describe("a pair that nobody has accepted yet", () => {
  it.effect("is tried by two devices at once, and by all side by side once one has taken it", () =>
    Effect.gen(function* () {
      const devices = yield* devicesOf(20)
      const fibers = yield* openAll(LoginGuard.make(), devices, account("good"))
      yield* settled
      expect(tried(devices)).toBe(2)
      const [first, ...others] = devices
      if (first !== undefined) yield* Deferred.succeed(first.answer, "token")
      yield* settled
      expect(tried(devices)).toBe(20)
      for (const { answer } of others) yield* Deferred.succeed(answer, "token")
      expect((yield* Effect.forEach(fibers, Fiber.join)).every(Either.isRight)).toBe(true)
    })
  )

  it.effect("is refused by two devices at most, and each error of the others names both", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const devices = yield* devicesOf(50)
      for (const { answer, name } of devices) yield* Deferred.fail(answer, refusal(name))
      const fibers = yield* openAll(loginGuard, devices, account("bad"))
      const errors = (yield* Effect.forEach(fibers, Fiber.join)).map((one) => Either.isLeft(one) && one.left)
      expect(tried(devices)).toBe(2)
      expect(errors.slice(0, 2)).toMatchObject([
        { targetName: "d0", messages: ["no"] },
        { targetName: "d1", messages: ["no"] }
      ])
      for (const [index, error] of errors.entries()) {
        if (index < 2) expect(error).not.toHaveProperty("refusedBy")
        else expect(error).toMatchObject({ targetName: `d${index}`, refusedBy: "d0 and d1" })
      }
      expect(errors[7]).toMatchObject({
        message: expect.stringContaining("They were refused by d0 and d1; this device was not asked.")
      })
      yield* TestClock.adjust("10 days")
      const later = yield* device("later")
      expect((yield* Effect.flip(loginGuard.guard(at("later"), account("bad"), later.login)))._tag).toBe(
        "CredentialsRefused"
      )
      expect(later.seen.attempts).toBe(0)
    })
  )

  it.effect("may have one device that refuses it: the refusal is that device's own", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const devices = yield* devicesOf(10)
      const [drifted, ...others] = devices
      if (drifted !== undefined) yield* Deferred.fail(drifted.answer, refusal("d0"))
      for (const { answer } of others) yield* Deferred.succeed(answer, "token")
      const results = yield* Effect.flatMap(
        openAll(loginGuard, devices, account("x")),
        Effect.forEach(Fiber.join)
      )
      expect(results.map(Either.isRight)).toEqual([false, ...others.map(() => true)])
      // Nor does another that drifts later end it for the rest.
      for (const name of ["late", "later", "latest"]) {
        yield* Effect.flip(loginGuard.guard(at(name), account("x"), Effect.fail(refusal(name))))
      }
      expect(yield* loginGuard.guard(at("fine"), account("x"), Effect.succeed("in"))).toBe("in")
    })
  )

  it.effect("of which a store knows that it was accepted is good", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      yield* loginGuard.accepted(account("x"))
      for (const name of ["a", "b", "c"]) {
        yield* Effect.flip(loginGuard.guard(at(name), account("x"), Effect.fail(refusal(name))))
      }
      expect(yield* loginGuard.guard(at("d"), account("x"), Effect.succeed("in"))).toBe("in")
    })
  )
})

describe("a device that does not answer", () => {
  it.effect.each([
    [undefined, 2],
    ["shared", 4]
  ] as const)(
    "holds up nobody for long: behind a hundred of them, with an account that is %s, it takes %i seconds",
    ([kind, seconds]) =>
      Effect.gen(function* () {
        const loginGuard = LoginGuard.make()
        const silent = yield* devicesOf(100)
        yield* openAll(loginGuard, silent, account("x", kind))
        const good = yield* Effect.fork(
          loginGuard.guard(at("good"), account("x", kind), Effect.succeed("in"))
        )
        yield* settled
        yield* TestClock.adjust(seconds * 1000 - 1)
        expect(good.unsafePoll()).toBeNull()
        yield* TestClock.adjust("1 millis")
        yield* settled
        expect(yield* Fiber.join(good)).toBe("in")
      })
  )

  it.effect(
    "gives its place to one other after a second, and no more while others refuse: two refusals in all",
    () =>
      Effect.gen(function* () {
        const devices = yield* devicesOf(30)
        for (const { answer, name } of devices.slice(1)) yield* Deferred.fail(answer, refusal(name))
        const fibers = yield* openAll(LoginGuard.make(), devices, account("bad"))
        yield* TestClock.adjust("10 millis")
        yield* settled
        expect(tried(devices)).toBe(2)
        yield* TestClock.adjust("2 seconds")
        yield* settled
        expect(tried(devices)).toBe(3)
        expect(fibers.filter((fiber) => fiber.unsafePoll() === null)).toHaveLength(1)
      })
  )

  it.effect("within a second, and refuses, is one of 18 where all of a hundred are as slow", () =>
    Effect.gen(function* () {
      const devices = yield* devicesOf(100)
      const fibers = yield* openAll(LoginGuard.make(), devices, account("bad"))
      yield* settled
      yield* TestClock.adjust("1900 millis")
      yield* settled
      expect(tried(devices)).toBe(18)
      for (const { answer, name } of devices) yield* Deferred.fail(answer, refusal(name))
      expect((yield* Effect.forEach(fibers, Fiber.join)).every(Either.isLeft)).toBe(true)
      expect(tried(devices)).toBe(18)
    })
  )

  it.effect("fails those who waited for it at the same device with it, once for all", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const silent = yield* device("a")
      const fibers = yield* Effect.forEach(Array.from({ length: 16 }), () =>
        Effect.fork(Effect.flip(loginGuard.guard(at("a"), account("x"), silent.login)))
      )
      yield* settled
      yield* TestClock.adjust("60 seconds")
      yield* Deferred.fail(silent.answer, unreachable("a"))
      const errors = yield* Effect.forEach(fibers, Fiber.join)
      expect(new Set(errors.map(({ _tag }) => _tag))).toEqual(new Set(["DeviceUnreachable"]))
      expect(silent.seen.attempts).toBe(1)
    })
  )
})

describe("at one device", () => {
  it.effect(
    "a refused pair is tried once, whatever the number of callers and the name that they call it",
    () =>
      Effect.gen(function* () {
        for (const kind of [undefined, "shared", "local"] as const) {
          const loginGuard = LoginGuard.make()
          yield* loginGuard.accepted(account("x", kind))
          const one = yield* device("a")
          yield* Deferred.fail(one.answer, refusal("a"))
          for (const target of ["a", "b"]) {
            const errors = yield* Effect.forEach(
              Array.from({ length: 16 }),
              () =>
                Effect.flip(
                  loginGuard.guard({ device: "https://a", targetName: target }, account("x", kind), one.login)
                ),
              { concurrency: "unbounded" }
            )
            expect(
              errors.every((error) => error._tag === "CredentialsRefused" && error.targetName === target)
            ).toBe(true)
          }
          expect(one.seen.attempts).toBe(1)
        }
      })
  )

  it.effect("an answer from what is no such device is no refusal", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const foreign = new CredentialsRefused({
        targetName: "a",
        username: "api",
        messages: [],
        isForeign: true
      })
      for (const name of ["a", "b", "c"]) {
        yield* Effect.flip(loginGuard.guard(at(name), account("x"), Effect.fail(foreign)))
      }
      expect(yield* loginGuard.guard(at("a"), account("x"), Effect.succeed("in"))).toBe("in")
    })
  )

  it.effect.each([
    ["59 seconds", 2],
    ["60 seconds", 1]
  ] as const)("%s after a login worked, %i may log in at once", ([later, atOnce]) =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      yield* loginGuard.guard(at("a"), account("x"), Effect.succeed("in"))
      yield* TestClock.adjust(later)
      const one = yield* device("a")
      const fibers = yield* openAll(loginGuard, [one, one], account("x"))
      yield* settled
      expect(one.seen.attempts).toBe(atOnce)
      yield* Deferred.succeed(one.answer, "in")
      yield* Effect.forEach(fibers, Fiber.join)
    })
  )
})

describe("an account that is", () => {
  it.effect("shared is ended by one refusal, also where it was good before", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const shared = account("x", "shared")
      yield* loginGuard.guard(at("a"), shared, Effect.succeed("in"))
      yield* TestClock.adjust("10 minutes")
      const devices = yield* devicesOf(20)
      for (const { answer, name } of devices) yield* Deferred.fail(answer, refusal(name))
      yield* Effect.flatMap(openAll(loginGuard, devices, shared), Effect.forEach(Fiber.join))
      expect(tried(devices)).toBe(1)
    })
  )

  it.effect("local is each device's own", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const devices = yield* devicesOf(20)
      for (const { answer, name } of devices) yield* Deferred.fail(answer, refusal(name))
      yield* Effect.flatMap(openAll(loginGuard, devices, account("x", "local")), Effect.forEach(Fiber.join))
      expect(tried(devices)).toBe(20)
      expect(yield* loginGuard.guard(at("last"), account("x", "local"), Effect.succeed("in"))).toBe("in")
    })
  )
})

describe("the login guard", () => {
  it.effect(
    "take a rotated password, and another user, for what they are: not yet refused, as another process does",
    () =>
      Effect.gen(function* () {
        const loginGuard = LoginGuard.make()
        for (const name of ["a", "b"]) {
          yield* Effect.flip(loginGuard.guard(at(name), account("old"), Effect.fail(refusal(name))))
        }
        const good = Effect.succeed("in")
        expect(yield* loginGuard.guard(at("a"), account("new"), good)).toBe("in")
        expect(yield* loginGuard.guard(at("a"), { ...account("old"), username: "ops" }, good)).toBe("in")
        expect((yield* Effect.flip(loginGuard.guard(at("c"), account("old"), good)))._tag).toBe(
          "CredentialsRefused"
        )
        expect(yield* LoginGuard.make().guard(at("a"), account("old"), good)).toBe("in")
      })
  )

  it.effect("let the next ones try when the first are interrupted or fail for reasons of their own", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const devices = yield* devicesOf(5)
      const fibers = yield* openAll(loginGuard, devices, account("x"))
      yield* settled
      const [one, two] = fibers
      if (one !== undefined) yield* Fiber.interrupt(one)
      if (devices[1] !== undefined) yield* Deferred.fail(devices[1].answer, unreachable("d1"))
      yield* settled
      expect(devices.map(({ seen }) => seen.attempts)).toEqual([1, 1, 1, 1, 0])
      expect(two && Exit.isSuccess(yield* Fiber.await(two))).toBe(true)
      // Who waits and is interrupted leaves nothing behind.
      if (fibers[4] !== undefined) yield* Fiber.interrupt(fibers[4])
      yield* Effect.forEach(devices, ({ answer }) => Deferred.succeed(answer, "in"))
      yield* settled
      expect(devices.map(({ seen }) => seen.attempts)).toEqual([1, 1, 1, 1, 0])
    })
  )

  it.effect("keep their bounds in any order of answers, silences and interruptions", () =>
    Effect.gen(function* () {
      const behaviour = fc.constantFrom("refuses", "refuses", "dead", "silent", "interrupted" as const)
      for (const kinds of fc.sample(fc.array(behaviour, { minLength: 1, maxLength: 12 }), 25)) {
        const loginGuard = LoginGuard.make()
        const devices = yield* devicesOf(kinds.length)
        const fibers = yield* openAll(loginGuard, devices, account("bad"))
        let refusals = 0
        // After one refusal the others go one by one, and whoever is silent holds its place for a second.
        for (let millis = 0; millis < 12_000; millis += 500) {
          for (const [index, { answer, name, seen }] of devices.entries()) {
            if (seen.attempts === 0 || (yield* Deferred.isDone(answer))) continue
            const kind = kinds[index]
            if (kind === "refuses") {
              refusals += 1
              yield* Deferred.fail(answer, refusal(name))
            }
            if (kind === "dead") yield* Deferred.fail(answer, unreachable(name))
            const fiber = fibers[index]
            if (kind === "interrupted" && fiber !== undefined) yield* Fiber.interruptFork(fiber)
          }
          yield* settled
          yield* TestClock.adjust(500)
        }
        yield* settled
        const silent = kinds.filter((kind) => kind === "silent").length
        // More than two only after a second in which none answered.
        if (silent === 0) expect([kinds, refusals]).toEqual([kinds, Math.min(2, refusals)])
        expect(refusals).toBeLessThanOrEqual(16)
        expect(devices.every(({ seen }) => seen.attempts <= 1)).toBe(true)
        const waiting = fibers.filter((fiber) => fiber.unsafePoll() === null)
        expect(waiting.length).toBeLessThanOrEqual(silent)
        yield* Fiber.interruptAll(fibers)
      }
    })
  )

  it.effect("keep what a thousand pairs have shown, and let the older ones go", () =>
    Effect.gen(function* () {
      const loginGuard = LoginGuard.make()
      const refuse = Effect.fail(refusal("a"))
      yield* Effect.flip(loginGuard.guard(at("a"), account("first"), refuse))
      for (let index = 0; index < 1100; index++) {
        yield* loginGuard.guard(at("a"), account(`good ${index}`), Effect.succeed("in"))
      }
      // Those that worked go first.
      const again = yield* device("a")
      expect((yield* Effect.flip(loginGuard.guard(at("a"), account("first"), again.login)))._tag).toBe(
        "CredentialsRefused"
      )
      for (let index = 0; index < 1100; index++) {
        yield* Effect.flip(loginGuard.guard(at("a"), account(`bad ${index}`), refuse))
      }
      expect(yield* loginGuard.guard(at("a"), account("first"), Effect.succeed("in"))).toBe("in")
    })
  )
})
