import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { make } from "../../support/device.ts"
import { granting } from "./granting.ts"

const systemInfo = "/operational/systeminfo/default"
const tokens = { access_token: "access-1", refresh_token: "refresh-1" }

it.scoped("a session logs in, works, and logs out when its scope closes", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const scope = yield* Scope.make()
    const fdm = yield* Fdm.make(sandbox.fdm).pipe(Scope.extend(scope))
    expect((yield* fdm.http.get(systemInfo)).status).toBe(200)
    expect(sandbox.ledger.fdm).toMatchObject({ opened: 1, open: 1, logins: 1 })
    yield* Scope.close(scope, Exit.void)
    expect(sandbox.ledger.fdm).toMatchObject({ opened: 1, open: 0, revokes: 1, revokesRefused: 0 })
  })
)

it.scoped("a password grant refreshes again and again, and logs in once", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    for (let count = 1; count <= 6; count++) {
      yield* TestClock.adjust("30 minutes")
      expect((yield* fdm.http.get(systemInfo)).status).toBe(200)
      expect((yield* fdm.session.token).refreshesLeft).toBe(Number.POSITIVE_INFINITY)
      expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, refreshes: count })
    }
    expect(sandbox.ledger.fdm.expiredTokensSent.total).toBe(0)
  })
)

it.scoped("a refresh token that has expired is not sent: the session logs in", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    expect((yield* fdm.session.token).refreshLifetime).toEqual(Duration.seconds(2400))
    yield* TestClock.adjust("2400 seconds")
    expect((yield* fdm.http.get(systemInfo)).status).toBe(200)
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 2, refreshes: 0, refreshesRefused: 0 })
  })
)

it.scoped.each([400, 401, 403, 404, 422])("a refresh that is refused with %i becomes a login", (status) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(status) })
    yield* TestClock.adjust("30 minutes")
    expect((yield* fdm.http.get(systemInfo)).status).toBe(200)
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 2, refreshes: 0, refreshesRefused: 1 })
  })
)

it.scoped("a sixth login silently ends the first session, which then logs in again by itself", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const first = yield* Fdm.make(sandbox.fdm)
    expect((yield* first.http.get(systemInfo)).status).toBe(200)
    yield* Effect.replicateEffect(Fdm.make(sandbox.fdm), 5)
    expect((yield* first.http.get(systemInfo)).status).toBe(200)
    expect(sandbox.ledger.fdm.opened).toBe(7)
  })
)

it.scoped(
  "tokens travel in JSON bodies, without an Authorization header and never the password as Basic",
  () =>
    Effect.gen(function* () {
      const device = yield* make(granting(tokens))
      const fdm = yield* Effect.scoped(
        Effect.gen(function* () {
          const fdm = yield* Fdm.make(device)
          yield* fdm.http.get("/object/networks")
          yield* TestClock.adjust("30 minutes")
          yield* fdm.http.get("/object/networks")
          return fdm
        })
      )
      const [login] = device.asked("password")
      expect(login).toMatchObject({ method: "POST", path: "/api/fdm/v6/fdm/token" })
      expect(login?.headers["content-type"]).toBe("application/json")
      expect(login?.fields).toEqual({
        grant_type: "password",
        username: "api",
        password: Redacted.value(device.password)
      })
      expect(device.asked("refresh_token").map(({ fields }) => fields)).toEqual([
        { grant_type: "refresh_token", refresh_token: "refresh-1" }
      ])
      expect(device.asked("revoke_token").map(({ fields }) => fields)).toEqual([
        { grant_type: "revoke_token", access_token: "access-1", token_to_revoke: "access-1" }
      ])
      const tokenOperations = device.heard.filter(({ path }) => path.endsWith("/fdm/token"))
      expect(tokenOperations.every(({ headers }) => headers.authorization === undefined)).toBe(true)
      const calls = device.heard.filter(({ path }) => path.endsWith("/object/networks"))
      expect(calls.map(({ headers }) => headers.authorization)).toEqual([
        "Bearer access-1",
        "Bearer access-1"
      ])
      expect(yield* fdm.apiVersion).toBe("v6")
    })
)

it.scoped.each([
  ["missing", {}, 1800, undefined],
  ["given as numbers", { expires_in: 600, refresh_expires_in: 900 }, 600, 900],
  ["given as text", { expires_in: "600", refresh_expires_in: "900" }, 600, 900],
  ["null", { expires_in: null, refresh_expires_in: null }, 1800, undefined],
  ["unreadable", { expires_in: "soon", refresh_expires_in: ["x"] }, 1800, undefined],
  ["endless", { expires_in: "Infinity", token_type: 7, unknown: { deep: true } }, 1800, undefined]
] as const)("lifetimes that are %s never fail a login", ([, fields, lifetime, refreshLifetime]) =>
  Effect.gen(function* () {
    const device = yield* make(granting({ ...tokens, ...fields }))
    const token = yield* (yield* Fdm.make(device)).session.token
    expect(token.lifetime).toEqual(Duration.seconds(lifetime))
    expect(token.refreshLifetime).toEqual(
      refreshLifetime === undefined ? undefined : Duration.seconds(refreshLifetime)
    )
    expect(token).toMatchObject({ revocable: true, refreshesLeft: Number.POSITIVE_INFINITY })
  })
)

it.scoped("a refresh that is answered 408 twice in a row is followed by a login", () =>
  Effect.gen(function* () {
    const body = { message: "Refresh token expired or revoked" }
    const device = yield* make(
      granting(tokens, ({ fields }) =>
        fields.grant_type === "refresh_token" ? { status: 408, body } : undefined
      )
    )
    const fdm = yield* Fdm.make(device)
    yield* TestClock.adjust("31 minutes")
    for (let times = 0; times < 2; times++) {
      expect(yield* Effect.flip(fdm.session.token)).toMatchObject({ _tag: "DeviceRefused", status: 408 })
      yield* TestClock.adjust("3 seconds")
    }
    yield* fdm.session.token
    expect(device.asked("refresh_token")).toHaveLength(2)
    expect(device.asked("password")).toHaveLength(2)
  })
)

it.scoped("a login that brings no refresh token is followed by another login", () =>
  Effect.gen(function* () {
    const device = yield* make(granting({ access_token: "access-1", refresh_token: null }))
    const fdm = yield* Fdm.make(device)
    expect(yield* fdm.session.token).toMatchObject({ refresh: undefined, refreshesLeft: 0 })
    yield* TestClock.adjust("30 minutes")
    yield* fdm.session.token
    expect(device.asked("refresh_token")).toEqual([])
    expect(device.asked("password")).toHaveLength(2)
  })
)

it.scoped.each([
  [401, { error: { messages: [{ description: "unauthorized" }] } }, "LoggedOut"],
  [400, { status_code: 400, message: "Invalid access token." }, "LoggedOut"],
  [408, { message: "Request timed out while ending api-token-server" }, "LogoutFailed"]
] as const)("a logout that is answered with %i and %j is %s, whatever it says", ([status, body, end]) =>
  Effect.gen(function* () {
    const ends: Array<string> = []
    const device = yield* make(
      granting(tokens, ({ fields }) => (fields.grant_type === "revoke_token" ? { status, body } : undefined))
    )
    yield* Effect.scoped(Fdm.make({ ...device, onEvent: ({ _tag }) => ends.push(_tag) }))
    expect(ends).toEqual(["LoggedIn", end])
  })
)

it.scoped("a logout that fails is an event, and does not hide the program's result", () =>
  Effect.gen(function* () {
    const said: Array<string> = []
    const device = yield* make(
      granting(tokens, ({ fields }) =>
        fields.grant_type === "revoke_token"
          ? { status: 500, body: { message: `broken for ${String(fields.access_token)}` } }
          : undefined
      )
    )
    const onEvent = (event: { readonly _tag: string; readonly message?: string }) =>
      event._tag === "LogoutFailed" ? said.push(event.message ?? "") : undefined
    yield* Effect.scoped(Fdm.make({ ...device, onEvent }))
    expect(said).toEqual([
      "fdm.test: POST /fdm/token (revoke_token) was refused with status 500: broken for ***. Look at the device's own state and logs before you repeat it."
    ])
  })
)
