import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { fmcCall, fmcLogin, fmcRefresh, fmcRevoke, fmcTokens, make } from "./client.ts"

const auth = "/api/fmc_platform/v1/auth"
const global = "e276abec-e0f2-11e3-8169-6d9ed49b625f"

const start = (options?: Sandbox.Options) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make(options)
    return { sandbox, client: yield* make(sandbox) }
  })

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

it.scoped("a token lives 30 minutes of the test clock, however often it is used", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const tokens = fmcTokens(yield* fmcLogin(client))
    yield* TestClock.adjust("15 minutes")
    expect((yield* fmcCall(client, tokens)).status).toBe(200)
    yield* TestClock.adjust(Duration.minutes(15).pipe(Duration.subtract("1 second")))
    expect((yield* fmcCall(client, tokens)).status).toBe(200)
    yield* TestClock.adjust("1 second")
    const late = yield* fmcCall(client, tokens)
    expect(late.status).toBe(401)
    expect(late.json.error.messages[0].description).toBe("Access token invalid.")
    expect(sandbox.ledger).toMatchObject({ open: 0, ended: 1 })
    expect(sandbox.ledger.sessions[0]).toMatchObject({ endedBy: "expiry", endedAt: 30 * 60_000 })
    expect(sandbox.ledger.expiredTokensSent).toMatchObject({ expiry: 1, total: 1 })
  })
)
