import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { type Client, fdmCall, fdmLogin, fdmToken, type Heard, start } from "./client.ts"

const refresh = (client: Client, login: Heard) =>
  fdmToken(client, { grant_type: "refresh_token", refresh_token: login.json.refresh_token })

const custom = (client: Client, login: Heard, wishes: object = {}) =>
  fdmToken(client, {
    grant_type: "custom_token",
    access_token: login.json.access_token,
    desired_subject: "monitoring",
    desired_expires_in: 3600,
    ...wishes
  })

const revoke = (client: Client, login: Heard, what: object) =>
  fdmToken(client, { grant_type: "revoke_token", access_token: login.json.access_token, ...what })

const status = (client: Client, heard: Heard) =>
  Effect.map(fdmCall(client, heard.json.access_token), (answer) => answer.status)

it.scoped("a password grant answers with both tokens and their lifetimes in seconds", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    expect(login).toMatchObject({
      status: 200,
      json: { token_type: "Bearer", expires_in: 1800, refresh_expires_in: 2400 }
    })
    expect(yield* status(client, login)).toBe(200)
    expect(sandbox.ledger.fdm).toMatchObject({ opened: 1, open: 1, logins: 1 })
    expect(sandbox.ledger.fmc.opened).toBe(0)
    expect(login.json.access_token).not.toContain(Redacted.value(sandbox.password))
  })
)

it.scoped("a wrong password is a 400 with a bare message", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    for (const account of [{ username: "api", password: "wrong" }, { username: "api" }, {}]) {
      const refused = yield* fdmToken(client, { grant_type: "password", ...account })
      expect(refused).toMatchObject({ status: 400, json: { message: "Failed to authenticate user" } })
      expect(refused.json).not.toHaveProperty("status_code")
    }
    expect(sandbox.ledger).toMatchObject({ opened: 0, loginsRefused: 3 })
  })
)

it.scoped("bodies that are no grant are refused in the other two shapes of error", () =>
  Effect.gen(function* () {
    const { client } = yield* start()
    const unknown = yield* fdmToken(client, { grant_type: "client_credentials" })
    expect(unknown).toMatchObject({ status: 400, json: { status_code: 400, message: "Invalid grant type." } })
    for (const body of ["{", "", "null", "[]", "grant_type=password"]) {
      const rubbish = yield* client.send("POST", "/api/fdm/v6/fdm/token", { body })
      expect(rubbish.status).toBe(400)
      expect(rubbish.json.error.messages).toHaveLength(1)
    }
    expect((yield* client.send("GET", "/api/fdm/v6/fdm/token")).status).toBe(405)
  })
)

it.scoped("a password grant refreshes without limit, and each refresh kills the old pair", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    let login = yield* fdmLogin(client, sandbox)
    for (let count = 0; count < 6; count++) {
      yield* TestClock.adjust("25 minutes")
      const next = yield* refresh(client, login)
      expect(next.status).toBe(200)
      expect(yield* status(client, login)).toBe(401)
      expect((yield* refresh(client, login)).status).toBe(400)
      login = next
    }
    expect(sandbox.ledger).toMatchObject({ opened: 1, open: 1, refreshes: 6, refreshesRefused: 6 })
  })
)

it.scoped("a refresh token outlives the access token by ten minutes and no more", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    yield* TestClock.adjust("2399 seconds")
    expect(yield* status(client, login)).toBe(401)
    expect(sandbox.ledger.expiredTokensSent).toMatchObject({ expiry: 1, total: 1 })
    const next = yield* refresh(client, login)
    expect(next.status).toBe(200)
    yield* TestClock.adjust("2400 seconds")
    expect((yield* refresh(client, next)).status).toBe(400)
  })
)

it.scoped("lifetimes are options, told in seconds", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start({ tokenLifetime: "2 seconds", refreshLifetime: "5 seconds" })
    const login = yield* fdmLogin(client, sandbox)
    expect(login.json).toMatchObject({ expires_in: 2, refresh_expires_in: 5 })
    yield* TestClock.adjust("2 seconds")
    expect(yield* status(client, login)).toBe(401)
  })
)

it.scoped("a sixth session silently ends the oldest", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const logins = yield* Effect.replicateEffect(fdmLogin(client, sandbox), 6)
    const statuses = yield* Effect.forEach(logins, (login) => status(client, login))
    expect(statuses).toEqual([401, 200, 200, 200, 200, 200])
    expect(sandbox.ledger).toMatchObject({ opened: 6, open: 5, ended: 1 })
    expect(sandbox.ledger.sessions[0]).toMatchObject({ endedBy: "eviction" })
  })
)

it.scoped("sessions that ended leave room for others, and the limit is an option", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start({ fdmSessionLimit: 2 })
    const first = yield* fdmLogin(client, sandbox)
    const second = yield* fdmLogin(client, sandbox)
    yield* revoke(client, second, { token_to_revoke: second.json.access_token })
    yield* fdmLogin(client, sandbox)
    expect(yield* status(client, first)).toBe(200)
    yield* fdmLogin(client, sandbox)
    expect(yield* status(client, first)).toBe(401)
  })
)

it.scoped("custom_token_id_to_revoke stands in the model, and is refused", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const answer = yield* revoke(client, login, { custom_token_id_to_revoke: "1" })
    expect(answer).toMatchObject({
      status: 400,
      json: { status_code: 400, message: expect.stringContaining("not supported") }
    })
  })
)

it.scoped("a password-granted token may revoke itself; the answer holds no token", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const self = { token_to_revoke: login.json.access_token }
    const revoked = yield* revoke(client, login, self)
    expect(revoked).toMatchObject({ status: 200, json: { status_code: 200, message: "OK" } })
    expect(yield* status(client, login)).toBe(401)
    expect((yield* refresh(client, login)).status).toBe(400)
    expect((yield* revoke(client, login, self)).status).toBe(400)
    expect(sandbox.ledger).toMatchObject({ open: 0, ended: 1, revokes: 1, revokesRefused: 1 })
    expect(sandbox.ledger.expiredTokensSent).toMatchObject({ revoke: 2 })
  })
)

it.scoped("a revoke names exactly one thing, and a token that is good", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const { access_token } = login.json
    const refused = [
      {},
      { token_to_revoke: access_token, custom_token_subject_to_revoke: "monitoring" },
      { token_to_revoke: "unheard-of" },
      { custom_token_id_to_revoke: "1" }
    ]
    for (const what of refused) expect((yield* revoke(client, login, what)).status).toBe(400)
    expect(yield* status(client, login)).toBe(200)
  })
)

it.scoped(
  "a revoke of the refresh token, as FTDAnsible logs out, ends that alone: the session stays open",
  () =>
    Effect.gen(function* () {
      const { sandbox, client } = yield* start()
      const login = yield* fdmLogin(client, sandbox)
      const { refresh_token } = login.json
      const answer = yield* revoke(client, login, { token_to_revoke: refresh_token })
      expect(answer).toMatchObject({ status: 200, json: { status_code: 200, message: "OK" } })
      expect(yield* status(client, login)).toBe(200)
      expect(sandbox.ledger).toMatchObject({ open: 1, ended: 0 })
      expect((yield* fdmToken(client, { grant_type: "refresh_token", refresh_token })).status).toBe(400)
      expect((yield* revoke(client, login, { token_to_revoke: refresh_token })).status).toBe(400)
    })
)

it.scoped("a custom token works as long as was asked for, outlives its maker's session and is no login", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const made = yield* custom(client, login)
    expect(made).toMatchObject({ status: 200, json: { expires_in: 3600, token_type: "Bearer" } })
    expect(made.json).not.toHaveProperty("refresh_token")
    expect(made.json).not.toHaveProperty("refresh_expires_in")
    yield* revoke(client, login, { token_to_revoke: login.json.access_token })
    yield* TestClock.adjust("3599 seconds")
    expect(yield* status(client, made)).toBe(200)
    expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    expect(sandbox.ledger.customTokens).toMatchObject([{ subject: "monitoring", endedAt: undefined }])
    yield* TestClock.adjust("1 second")
    expect(yield* status(client, made)).toBe(401)
    expect(sandbox.ledger.customTokens[0]?.endedBy).toBe("expiry")
  })
)

it.scoped("a custom token counts its refreshes, and its last pair has no refresh token", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const made = yield* custom(client, login, { desired_refresh_count: 2, desired_refresh_expires_in: 7200 })
    expect(made.json.refresh_expires_in).toBe(7200)
    const once = yield* refresh(client, made)
    expect(once.json).toMatchObject({ expires_in: 3600, refresh_expires_in: 7200 })
    const twice = yield* refresh(client, once)
    expect(twice).toMatchObject({ status: 200, json: { expires_in: 3600 } })
    expect(twice.json).not.toHaveProperty("refresh_token")
    expect((yield* refresh(client, once)).status).toBe(400)
    expect(sandbox.ledger.customTokens[0]?.refreshes).toBe(2)
  })
)

it.scoped("wishes beyond Cisco's bounds are refused", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const year = 31_536_000
    const most = 34_128_000
    const refused = [
      { desired_expires_in: year + 1 },
      { desired_expires_in: 0 },
      { desired_expires_in: "3600" },
      { desired_subject: "" },
      { desired_refresh_count: -1 },
      { desired_refresh_count: 1 },
      { desired_refresh_count: 1, desired_refresh_expires_in: 3600 },
      { desired_refresh_count: 1, desired_refresh_expires_in: most + 1 }
    ]
    for (const wishes of refused) {
      const answer = yield* custom(client, login, wishes)
      expect(answer).toMatchObject({ status: 400, json: { status_code: 400 } })
    }
    const widest = { desired_expires_in: year, desired_refresh_count: 1, desired_refresh_expires_in: most }
    expect((yield* custom(client, login, widest)).status).toBe(200)
    expect(sandbox.ledger.customTokens).toHaveLength(1)
  })
)

it.scoped("a custom token makes and revokes nothing; its subject revokes every token of its name", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const [one, two] = [yield* custom(client, login), yield* custom(client, login)]
    const other = yield* custom(client, login, { desired_subject: "backup" })
    expect((yield* custom(client, one)).status).toBe(400)
    expect((yield* revoke(client, one, { token_to_revoke: one.json.access_token })).status).toBe(400)
    const bySubject = { custom_token_subject_to_revoke: "monitoring" }
    expect((yield* revoke(client, login, bySubject)).status).toBe(200)
    const statuses = yield* Effect.forEach([one, two, other, login], (token) => status(client, token))
    expect(statuses).toEqual([401, 401, 200, 200])
    expect((yield* revoke(client, login, { token_to_revoke: other.json.access_token })).status).toBe(200)
    expect(yield* status(client, other)).toBe(401)
    expect(sandbox.ledger.customTokens.map(({ endedBy }) => endedBy)).toEqual(["revoke", "revoke", "revoke"])
  })
)

it.scoped("neither a dead nor an unknown token makes a custom one", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    yield* sandbox.evict()
    expect((yield* custom(client, login)).status).toBe(400)
    expect((yield* custom(client, login, { access_token: "unheard-of" })).status).toBe(400)
  })
)
