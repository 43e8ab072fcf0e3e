// A plugin, credentials or a store that do what the types forbid: throw, fail with nothing, give garbage, never end.
//
// Invariants: whoever waits gets a typed error within the time of an exchange · nothing hangs, a closing neither · no
// secret is in the error.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { Credentials, Session } from "sallyport"
import type { AuthProvider } from "sallyport/plugin"
import { eventually } from "../support/eventually.ts"
import { ScriptedClient, ScriptedDevice } from "../support/scriptedDevice.ts"

const canary = "canary-4711-secret"

/** A provider whose device takes everything. */
const sound = (): AuthProvider.AuthProvider => {
  const time = { now: 0 } as never // nothing of it takes time
  const device = new ScriptedDevice(time, { lifetime: undefined, refreshes: 3 })
  return new ScriptedClient(device).provider
}

/** What JavaScript may give in place of what the types want. */
// biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tried here
const wrong = (given: unknown): any => given

const anError: unknown = new Error(canary)

const broken: ReadonlyArray<readonly [string, () => unknown]> = [
  ["fails with undefined", () => Effect.fail(undefined)],
  ["fails with null", () => Effect.fail(null)],
  ["fails with a text", () => Effect.fail(`no ${canary}`)],
  ["fails with an Error", () => Effect.fail(anError)],
  ["fails with an object that has a tag", () => Effect.fail({ _tag: "DeviceBusy" })],
  ["breaks off with a defect", () => Effect.die(canary)],
  ["interrupts itself", () => Effect.interrupt],
  [
    "throws",
    () => {
      throw new Error(canary)
    }
  ],
  ["gives undefined", () => undefined],
  ["gives a promise", () => Promise.resolve({})],
  ["gives a promise that is rejected", () => Promise.reject(anError)],
  ["gives an Effect of undefined", () => Effect.succeed(undefined)],
  ["gives an Effect of a text", () => Effect.succeed(canary)]
]

const told = (error: unknown) => `${String(error)} ${JSON.stringify(error)}`

describe("a plugin's login that", () => {
  it.scopedLive.each([
    ...broken,
    ["gives a token that is not hidden", () => Effect.succeed({ access: canary })],
    ["gives an empty token", () => Effect.succeed({ access: Redacted.make("") })],
    ["gives a token that is no text", () => Effect.succeed({ access: Redacted.make(7) })]
  ] as const)("%s is a ProtocolViolation, and hangs nobody", ([, login]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Session.make({ ...sound(), login: wrong(login) }))
      expect(error._tag).toBe("ProtocolViolation")
      expect(error.message).toContain("fault of the plugin")
      expect(told(error)).not.toContain(canary)
    })
  )

  it.scoped(
    "never ends and cannot be interrupted is DeviceUnreachable after a minute, and the scope closes",
    () =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const provider = { ...sound(), login: () => Effect.uninterruptible(Effect.never) }
        const opening = yield* Effect.fork(Effect.flip(Scope.extend(Session.make(provider), scope)))
        yield* TestClock.adjust("61 seconds")
        expect((yield* Fiber.join(opening))._tag).toBe("DeviceUnreachable")
        yield* Scope.close(scope, Exit.void)
      })
  )
})

describe("a plugin's refresh that", () => {
  it.scopedLive.each(broken)("%s is followed by a login, or is a typed error", ([, refresh]) =>
    Effect.gen(function* () {
      const session = yield* Session.make({ ...sound(), refresh: wrong(refresh) })
      const result = yield* Effect.either(session.renew)
      expect(["Right", "ProtocolViolation"]).toContain(result._tag === "Left" ? result.left._tag : "Right")
      expect(told(result)).not.toContain(canary)
    })
  )
})

describe("a plugin's logout that", () => {
  const ends = (revoke: unknown) =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const onEvent = ({ _tag }: { readonly _tag: string }) => seen.push(_tag)
      yield* Effect.scoped(Session.make({ ...sound(), revoke: wrong(revoke) }, { onEvent }))
      return seen
    })

  it.scopedLive.each(broken.slice(0, 10))("%s is an event", ([, revoke]) =>
    Effect.gen(function* () {
      expect(yield* ends(revoke)).toEqual(["LoggedIn", "LogoutFailed"])
    })
  )

  it.scoped("never ends and cannot be interrupted holds up a closing for five seconds and no longer", () =>
    Effect.gen(function* () {
      const ending = yield* Effect.fork(ends(() => Effect.uninterruptible(Effect.never)))
      const isOver = () => ending.unsafePoll() !== null
      for (let seconds = 0; seconds < 6 && !isOver(); seconds++) {
        yield* Effect.yieldNow()
        yield* TestClock.adjust("1 seconds")
      }
      yield* eventually("it was closed", isOver)
      expect(yield* Fiber.join(ending)).toEqual(["LoggedIn", "LogoutFailed"])
    })
  )
})

describe("a plugin", () => {
  it.scopedLive.each(["authorize", "judge"] as const)(
    "whose %s throws or gives garbage fails the request with its fault",
    (name) =>
      Effect.gen(function* () {
        for (const one of [undefined, null, 7, "x", {}]) {
          const session = yield* Session.make({ ...sound(), [name]: wrong(() => one) })
          expect((yield* Effect.flip(session.http.get("/x")))._tag).toBe("ProtocolViolation")
        }
        const thrown = wrong(() => {
          throw new Error(canary)
        })
        const session = yield* Session.make({ ...sound(), [name]: thrown })
        const error = yield* Effect.flip(session.http.get("/x"))
        expect(error._tag).toBe("ProtocolViolation")
        expect(told(error)).not.toContain(canary)
      })
  )

  it.scopedLive.each([
    ["provider", undefined],
    ["provider", "fmc"],
    ["provider.login", { ...sound(), login: undefined }],
    ["provider.judge", { ...sound(), judge: "Fine" }],
    ["provider.transport", { ...sound(), transport: undefined }],
    ["credentials", { ...sound(), credentials: undefined }],
    ["credentials", { ...sound(), credentials: { username: "api", password: canary } }],
    ["credentials", { ...sound(), credentials: Promise.resolve() }]
  ] as const)("that lacks its %s is InvalidInput, which names it", ([field, provider]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Session.make(wrong(provider)))
      expect(error).toMatchObject({ _tag: "InvalidInput", field })
      expect(told(error)).not.toContain(canary)
    })
  )
})

describe("a session's option", () => {
  it.scopedLive.each([
    ["onEvent", "log"],
    ["giveWay", "yes"],
    ["retry", 3],
    ["maxRetryAfter", "soon"],
    ["backOff", 1000]
  ] as const)("%s that is %j is InvalidInput, which names it", ([field, given]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Session.make(sound(), wrong({ [field]: given })))
      expect(error).toMatchObject({ _tag: "InvalidInput", field })
    })
  )
})

describe("credentials that", () => {
  it.scopedLive.each(broken.filter(([name]) => !/promise|throws|gives undefined|interrupts/.test(name)))(
    "%s are InvalidInput, which says so",
    ([, credentials]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Session.make({ ...sound(), credentials: wrong(credentials()) }))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "credentials" })
        expect(told(error)).not.toContain(canary)
      })
  )

  it.scopedLive.each([
    ["username", { password: Redacted.make(canary) }],
    ["username", { username: 7, password: Redacted.make(canary) }],
    ["password", { username: "api" }],
    ["password", { username: "api", password: 4711 }],
    ["password", { username: "api", password: Redacted.make(4711) }],
    ["password", { username: "api", password: { toString: () => canary } }]
  ] as const)("give an account without a sound %s are InvalidInput, which names it", ([field, account]) =>
    Effect.gen(function* () {
      for (const credentials of [
        Effect.succeed(wrong(account)),
        Credentials.password(wrong(account)),
        Credentials.once(wrong(account))
      ]) {
        const error = yield* Effect.flip(Session.make({ ...sound(), credentials }))
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
        expect(told(error)).not.toContain(canary)
      }
    })
  )

  it.scopedLive("give a password as plain text are taken, and it is hidden", () =>
    Effect.gen(function* () {
      for (const credentials of [
        Credentials.password(wrong({ username: "api", password: "first" })),
        Credentials.once(wrong({ username: "api", password: "first" })),
        Effect.succeed(wrong({ username: "api", password: "first" }))
      ]) {
        yield* Session.make({ ...sound(), credentials })
      }
      const given = yield* Credentials.password(wrong({ username: "api", password: canary }))
      expect(told(given)).not.toContain(canary)
      const token = yield* Credentials.token(wrong(canary))
      expect(Redacted.value(token.password)).toBe(canary)
    })
  )
})
