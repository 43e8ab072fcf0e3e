import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { fmcCall, fmcLogin, fmcRefresh, fmcRevoke, fmcTokens, start } from "./client.ts"

const auth = "/api/fmc_platform/v1/auth"
const global = "e276abec-e0f2-11e3-8169-6d9ed49b625f"

it.scoped("a login answers 204 without a body and with the seven headers of a real device", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fmcLogin(client)
    expect(login).toMatchObject({ status: 204, text: "" })
    expect(login.headers).toMatchObject({ domain_uuid: global, global, domain_id: "0" })
    expect(JSON.parse(login.headers.domains ?? "")).toMatchObject([
      { name: "Global", uuid: global },
      { name: "Global/ Branch" }
    ])
    expect(login.headers.user_uuid).toMatch(/^[0-9a-f-]{36}$/)
    const tokens = fmcTokens(login)
    expect(tokens.access).toMatch(/^[0-9a-f-]{36}$/)
    expect(tokens.refresh).not.toBe(tokens.access)
    expect((yield* fmcCall(client, tokens)).status).toBe(200)
    expect(sandbox.ledger).toMatchObject({ opened: 1, ended: 0, open: 1, logins: 1, loginsRefused: 0 })
    expect(sandbox.ledger.sessions[0]).toMatchObject({ kind: "fmc", username: "api", refreshes: 0 })
  })
)

it.scoped("a domain's name beyond Latin-1 comes through the header", () =>
  Effect.gen(function* () {
    const { client } = yield* start({ domains: ["Global", "Global/ Łódź"] })
    const login = yield* fmcLogin(client)
    expect(JSON.parse(login.headers.domains ?? "")).toMatchObject([{}, { name: "Global/ Łódź" }])
  })
)

it.scoped("a refresh gives a new pair and kills the old one, three times and no more", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    let tokens = fmcTokens(yield* fmcLogin(client))
    for (let count = 1; count <= 3; count++) {
      const refreshed = yield* fmcRefresh(client, tokens)
      expect(refreshed.status).toBe(204)
      expect((yield* fmcCall(client, tokens)).status).toBe(401)
      expect((yield* fmcRefresh(client, tokens)).status).toBe(401)
      tokens = fmcTokens(refreshed)
      expect((yield* fmcCall(client, tokens)).status).toBe(200)
    }
    expect((yield* fmcRefresh(client, tokens)).status).toBe(401)
    expect((yield* fmcCall(client, tokens)).status).toBe(200)
    expect(sandbox.ledger).toMatchObject({ opened: 1, refreshes: 3, refreshesRefused: 4 })
    expect(sandbox.ledger.expiredTokensSent).toEqual({
      expiry: 0,
      rotation: 3,
      revoke: 0,
      eviction: 0,
      total: 3
    })
  })
)

it.scoped("the refresh limit is an option, and both spellings of refreshtoken are understood", () =>
  Effect.gen(function* () {
    const { client } = yield* start({ refreshLimit: 1 })
    const tokens = fmcTokens(yield* fmcLogin(client))
    const refreshed = yield* client.send("POST", `${auth}/refreshToken`, {
      headers: { "X-AUTH-ACCESS-TOKEN": tokens.access, "X-Auth-Refresh-Token": tokens.refresh }
    })
    expect(refreshed.status).toBe(204)
    expect((yield* fmcRefresh(client, fmcTokens(refreshed))).status).toBe(401)
  })
)

it.scoped("a token lives 30 minutes of the test clock, however often it is used", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const tokens = fmcTokens(yield* fmcLogin(client))
    yield* TestClock.adjust("15 minutes")
    expect((yield* fmcCall(client, tokens)).status).toBe(200)
    yield* TestClock.adjust(Duration.subtract("15 minutes", "1 milli"))
    expect((yield* fmcCall(client, tokens)).status).toBe(200)
    yield* TestClock.adjust("1 milli")
    const late = yield* fmcCall(client, tokens)
    expect(late.status).toBe(401)
    expect(late.json.error).toMatchObject({
      category: "FRAMEWORK",
      messages: [{ description: "Access token invalid." }],
      severity: "ERROR"
    })
    expect(sandbox.ledger).toMatchObject({ open: 0, ended: 1 })
    expect(sandbox.ledger.sessions[0]).toMatchObject({ endedBy: "expiry", endedAt: 30 * 60_000 })
    expect(sandbox.ledger.expiredTokensSent).toMatchObject({ expiry: 1, total: 1 })
  })
)

it.scoped("a refresh just after expiry reopens the session, an hour later it does not", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start({ tokenLifetime: "10 minutes" })
    const first = fmcTokens(yield* fmcLogin(client))
    yield* TestClock.adjust("12 minutes")
    expect(sandbox.ledger.open).toBe(0)
    const refreshed = yield* fmcRefresh(client, first)
    expect(refreshed.status).toBe(204)
    expect(sandbox.ledger).toMatchObject({ open: 1, opened: 1 })
    yield* TestClock.adjust("70 minutes")
    expect((yield* fmcRefresh(client, fmcTokens(refreshed))).status).toBe(401)
    expect(sandbox.ledger.open).toBe(0)
    expect(sandbox.ledger.expiredTokensSent.total).toBe(0)
  })
)

it.scoped("a revoked token is dead, and its refresh token with it", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const tokens = fmcTokens(yield* fmcLogin(client))
    expect(yield* fmcRevoke(client, tokens)).toMatchObject({ status: 204, text: "" })
    expect((yield* fmcCall(client, tokens)).status).toBe(401)
    expect((yield* fmcRefresh(client, tokens)).status).toBe(401)
    expect((yield* fmcRevoke(client, tokens)).status).toBe(401)
    expect(sandbox.ledger).toMatchObject({ opened: 1, ended: 1, open: 0, revokes: 1, revokesRefused: 1 })
    expect(sandbox.ledger.sessions[0]?.endedBy).toBe("revoke")
    expect(sandbox.ledger.expiredTokensSent).toMatchObject({ revoke: 2, total: 2 })
  })
)

it.scoped("a refresh needs the access token of its own session", () =>
  Effect.gen(function* () {
    const { client } = yield* start()
    const one = fmcTokens(yield* fmcLogin(client))
    const other = fmcTokens(yield* fmcLogin(client))
    const mixed = { access: other.access, refresh: one.refresh }
    expect((yield* fmcRefresh(client, mixed)).status).toBe(401)
    expect((yield* fmcRefresh(client, one)).status).toBe(204)
  })
)

it.scoped("wrong, missing and misshapen credentials are refused with 401 and without tokens", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const asks = [
      client.basic("wrong"),
      {},
      { authorization: "Basic" },
      { authorization: "Basic !!!!" },
      { authorization: "Bearer x" }
    ]
    for (const headers of asks) {
      const refused = yield* client.send("POST", `${auth}/generatetoken`, { headers })
      expect(refused.status).toBe(401)
      expect(refused.json.error.messages[0].description).toBe("User authentication failed")
      expect(refused.headers["x-auth-access-token"]).toBeUndefined()
    }
    expect(sandbox.ledger).toMatchObject({ opened: 0, logins: 0, loginsRefused: 5 })
  })
)

it.scoped("a password with colons and letters beyond ASCII is taken as UTF-8", () =>
  Effect.gen(function* () {
    const { client } = yield* start({ password: Redacted.make("päss:wörd:密") })
    expect((yield* fmcLogin(client)).status).toBe(204)
  })
)

it.scoped("bodies and stale token headers that public clients send along with a login are tolerated", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const old = fmcTokens(yield* fmcLogin(client))
    yield* fmcRevoke(client, old)
    for (const body of [undefined, "null", "{}", "{ not json", "grant=password&x=1"]) {
      const login = yield* client.send("POST", `${auth}/generatetoken`, {
        headers: {
          ...client.basic(),
          "content-type": body === "grant=password&x=1" ? "application/x-www-form-urlencoded" : "text/x",
          "x-auth-access-token": old.access,
          "x-auth-refresh-token": old.refresh
        },
        body
      })
      expect(login.status).toBe(204)
      expect(fmcTokens(login).access).not.toBe(old.access)
    }
    expect(sandbox.ledger.logins).toBe(6)
    expect(sandbox.ledger.expiredTokensSent.total).toBe(0)
  })
)

it.scoped("with evictOnLogin a second login ends the first; without, both live", () =>
  Effect.gen(function* () {
    const strict = yield* start({ evictOnLogin: true })
    const first = fmcTokens(yield* fmcLogin(strict.client))
    const second = fmcTokens(yield* fmcLogin(strict.client))
    expect((yield* fmcCall(strict.client, first)).status).toBe(401)
    expect((yield* fmcCall(strict.client, second)).status).toBe(200)
    expect(strict.sandbox.ledger).toMatchObject({ opened: 2, ended: 1, open: 1 })
    expect(strict.sandbox.ledger.sessions[0]?.endedBy).toBe("eviction")
    expect(strict.sandbox.ledger.expiredTokensSent.eviction).toBe(1)

    const lenient = yield* start()
    const kept = fmcTokens(yield* fmcLogin(lenient.client))
    yield* fmcLogin(lenient.client)
    expect((yield* fmcCall(lenient.client, kept)).status).toBe(200)
  })
)

it.scoped("evict ends every session at once, refresh tokens too", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const tokens = fmcTokens(yield* fmcLogin(client))
    yield* sandbox.evict()
    expect((yield* fmcCall(client, tokens)).status).toBe(401)
    expect((yield* fmcRefresh(client, tokens)).status).toBe(401)
    expect(sandbox.ledger).toMatchObject({ open: 0, ended: 1 })
  })
)

it.scoped("a rotated password is needed from the next login on, and the credentials follow it", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const old = Redacted.value(sandbox.password)
    const tokens = fmcTokens(yield* fmcLogin(client))
    yield* sandbox.setPassword(Redacted.make("another"))
    expect((yield* fmcLogin(client, old)).status).toBe(401)
    expect((yield* fmcLogin(client, "another")).status).toBe(204)
    expect((yield* fmcCall(client, tokens)).status).toBe(200)
    const account = yield* sandbox.fmc.credentials
    expect(Redacted.value(account.password)).toBe("another")
  })
)

it.scoped("with the REST API switched off generatetoken answers 404", () =>
  Effect.gen(function* () {
    const { client } = yield* start({ fmc: false })
    expect((yield* fmcLogin(client)).status).toBe(404)
  })
)

it.scoped("the token operations know no other verb than POST", () =>
  Effect.gen(function* () {
    const { client } = yield* start()
    for (const path of ["generatetoken", "refreshtoken", "revokeaccess"]) {
      expect((yield* client.send("GET", `${auth}/${path}`, { headers: client.basic() })).status).toBe(405)
    }
  })
)
