import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Session } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { make } from "../../support/device.ts"
import { granting } from "./granting.ts"

const systemInfo = "/operational/systeminfo/default"

/** A sandbox with a custom token of an hour, and a session that runs on it. */
const monitoring = (request: Partial<Fdm.CustomTokenRequest> = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const maker = yield* Fdm.make(sandbox.fdm)
    const token = yield* maker.customToken({ subject: "monitoring", expiresIn: 3600, ...request })
    const { target } = sandbox.fdm
    return { sandbox, maker, token, target, monitor: yield* Fdm.make({ target, token }) }
  })

it.scoped("a session on a custom token opens without a request, works, and never revokes it", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const { target } = sandbox.fdm
    const maker = yield* Fdm.make(sandbox.fdm)
    const token = yield* maker.customToken({ subject: "monitoring", expiresIn: 3600 })
    const before = sandbox.ledger.requests.length
    for (const given of [token, token.access]) {
      yield* Effect.scoped(
        Effect.gen(function* () {
          const monitor = yield* Fdm.make({ target, token: given, apiVersion: "v6" })
          expect(sandbox.ledger.requests).toHaveLength(before)
          expect((yield* monitor.session.token).revocable).toBe(false)
        })
      )
    }
    yield* Effect.scoped(
      Effect.flatMap(Fdm.make({ target, token }), (monitor) => monitor.http.get(systemInfo))
    )
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, revokes: 0 })
    expect(sandbox.ledger.customTokens).toMatchObject([{ endedBy: undefined }])
  })
)

it.scoped("what it refuses is each caller's own error, which its line is put into", () =>
  Effect.gen(function* () {
    const { monitor } = yield* monitoring()
    const refused = Effect.flip(monitor.revokeSubject("monitoring"))
    const [first, second] = yield* Effect.all([refused, refused])
    expect([first, second]).toMatchObject([{ field: "session" }, { field: "session" }])
    expect(second).not.toBe(first)
  })
)

it.scoped("it has what is left of the token's life; of a bare token nothing is known", () =>
  Effect.gen(function* () {
    const { target, token } = yield* monitoring()
    yield* TestClock.adjust("20 minutes")
    const whole = yield* (yield* Fdm.make({ target, token })).session.token
    expect(whole).toMatchObject({ expiresAt: 3_600_000, refreshesLeft: 0 })
    const bare = yield* (yield* Fdm.make({ target, token: token.access })).session.token
    expect(bare).toMatchObject({ expiresAt: undefined, lifetime: undefined, refreshesLeft: 0 })
  })
)

it.scoped("it refreshes as often as the token may, and then says that a new one must be obtained", () =>
  Effect.gen(function* () {
    const { monitor, sandbox } = yield* monitoring({ refreshCount: 2, refreshExpiresIn: 7200 })
    for (const left of [1, 0]) {
      yield* TestClock.adjust("1 hour")
      expect((yield* monitor.http.get(systemInfo)).status).toBe(200)
      expect(yield* monitor.session.token).toMatchObject({ refreshesLeft: left, revocable: false })
    }
    yield* TestClock.adjust("1 hour")
    const error = yield* Effect.flip(monitor.http.get(systemInfo))
    expect(error._tag).toBe("TokenRejected")
    expect(error.message).toContain("A new one must be obtained")
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, refreshes: 2, refreshesRefused: 0 })
    expect(sandbox.ledger.fdm.expiredTokensSent.total).toBe(0)
  })
)

it.scoped("a refresh that is refused ends it: there is nobody to log in", () =>
  Effect.gen(function* () {
    const { maker, monitor, sandbox } = yield* monitoring({ refreshCount: 9, refreshExpiresIn: 7200 })
    yield* maker.revokeSubject("monitoring")
    yield* TestClock.adjust("1 hour")
    const error = yield* Effect.flip(monitor.http.get(systemInfo))
    expect(error._tag).toBe("TokenRejected")
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, refreshesRefused: 1 })
  })
)

it.scoped("a custom token that has expired opens no session, unless it can be refreshed", () =>
  Effect.gen(function* () {
    const { maker, sandbox, target, token } = yield* monitoring()
    const refreshable = yield* maker.customToken({
      subject: "refreshable",
      expiresIn: 3600,
      refreshCount: 1,
      refreshExpiresIn: 7200
    })
    yield* TestClock.adjust("1 hour")
    const error = yield* Effect.flip(Fdm.make({ target, token }))
    expect(error._tag).toBe("TokenRejected")
    expect(error.message).toContain("expired")
    const monitor = yield* Fdm.make({ target, token: refreshable })
    expect((yield* monitor.http.get(systemInfo)).status).toBe(200)
    expect(sandbox.ledger.fdm.expiredTokensSent.total).toBe(0)
  })
)

it.scoped("it neither makes nor revokes tokens: InvalidInput, and nothing is sent", () =>
  Effect.gen(function* () {
    const device = yield* make(granting({}))
    const fdm = yield* Fdm.make({ target: device.target, token: Redacted.make("custom") })
    for (const effect of [
      fdm.customToken({ subject: "s", expiresIn: 1 }),
      fdm.revokeSubject("s"),
      fdm.revokeToken(Redacted.make("other"))
    ]) {
      const error = yield* Effect.flip(effect)
      expect(error._tag).toBe("InvalidInput")
      expect(error.message).toContain("custom token")
    }
    expect(device.heard).toEqual([])
  })
)

it.scoped("a token that the device does not know is TokenRejected, after one request", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const token = Redacted.make("eyJhbGciOiJIUzI1NiJ9.unknown")
    const fdm = yield* Fdm.make({ target: sandbox.fdm.target, token, apiVersion: "v6" })
    const error = yield* Effect.flip(fdm.http.get(systemInfo))
    expect(error._tag).toBe("TokenRejected")
    expect(JSON.stringify(error) + error.message).not.toContain(Redacted.value(token))
    expect(sandbox.ledger.requests).toHaveLength(1)
  })
)

it.scoped("a token is handed over once: a second session of one provider gets no copy", () =>
  Effect.gen(function* () {
    const { target, token } = yield* monitoring()
    yield* Effect.gen(function* () {
      yield* Effect.scoped(Session.Session.pipe(Effect.provide(Session.layer())))
      const error = yield* Effect.flip(Session.Session.pipe(Effect.provide(Session.layer())))
      expect(error._tag).toBe("TokenRejected")
    }).pipe(Effect.provide(Fdm.provider({ target, token })))
  })
)

it.scoped("credentials and a token together, or neither, are InvalidInput", () =>
  Effect.gen(function* () {
    const { sandbox, token } = yield* monitoring()
    // @ts-expect-error: exactly one of the two
    const both = Fdm.make({ ...sandbox.fdm, token })
    // @ts-expect-error: exactly one of the two
    const neither = Fdm.make({ target: sandbox.fdm.target })
    for (const effect of [both, neither]) {
      expect(yield* Effect.flip(effect)).toMatchObject({ _tag: "InvalidInput", field: "options" })
    }
  })
)

it.scoped("a token that is plain text, as JavaScript or a file may have it, is taken and hidden", () =>
  Effect.gen(function* () {
    const device = yield* make(granting({ access_token: "access-1" }))
    for (const token of ["given-1", { access: "given-1", refreshesLeft: 0, expiresAt: 9e15, subject: "x" }]) {
      const fdm = yield* Fdm.make({ target: device.target, token: token as never })
      expect(String((yield* fdm.session.token).access)).toBe("<redacted>")
      yield* fdm.http.get("/object/networks")
      expect(device.heard.at(-1)?.headers.authorization).toBe("Bearer given-1")
    }
  })
)

it.scoped.each([
  ["token", { token: 7 }],
  ["token", { token: {} }],
  ["token.access", { token: { access: 7 } }],
  ["token.refresh", { token: { access: "a", refresh: {} } }],
  ["credentials", { credentials: "admin" }],
  ["credentials", { credentials: { username: "admin", password: "x" } }],
  ["options", {}],
  ["target", { token: "given-1", target: undefined }],
  ["target", { token: "given-1", target: "https://edge.example" }]
] as const)("options that are wrong at %s are InvalidInput, which names it: %j", ([field, options]) =>
  Effect.gen(function* () {
    const device = yield* make(granting({}))
    const error = yield* Effect.flip(Fdm.make({ target: device.target, ...options } as never))
    expect(error).toMatchObject({ _tag: "InvalidInput", field })
    expect(device.heard).toEqual([])
  })
)
