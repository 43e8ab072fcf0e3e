import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Sandbox from "sallyport/sandbox"
import { Broken, fdmLogin, fdmToken, fmcCall, fmcLogin, fmcRefresh, fmcTokens, start } from "./client.ts"

const { Fault } = Sandbox

const realTime = (millis: number) => Effect.promise(() => new Promise((done) => setTimeout(done, millis)))

it.scoped("a status comes once, in the protocol's envelope, and the work is not done", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.status(503) })
    const failed = yield* fmcLogin(client)
    expect(failed).toMatchObject({ status: 503, json: { error: { category: "FRAMEWORK" } } })
    expect(sandbox.ledger).toMatchObject({ opened: 0, logins: 0, loginsRefused: 1 })
    expect((yield* fmcLogin(client)).status).toBe(204)
    yield* sandbox.fail({ protocol: "fdm", how: Fault.status(500) })
    expect((yield* fdmLogin(client, sandbox)).json.error.key).toBe("General")
  })
)

it.scoped("a status may bring headers and a body of its own", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const how = Fault.status(429, { headers: { "Retry-After": "7" }, body: { slow: "down" } })
    yield* sandbox.fail({ how })
    const busy = yield* fmcLogin(client)
    expect(busy).toMatchObject({ status: 429, json: { slow: "down" }, headers: { "retry-after": "7" } })
    yield* sandbox.fail({ how: Fault.status(502, { body: "<html>Bad gateway</html>" }) })
    expect(yield* fmcLogin(client)).toMatchObject({ status: 502, text: "<html>Bad gateway</html>" })
  })
)

it.scoped(
  "a fault waits for the nth match of method, path, protocol and kind, and lasts as often as told",
  () =>
    Effect.gen(function* () {
      const { sandbox, client } = yield* start()
      yield* sandbox.fail({ kind: "refresh", protocol: "fmc", nth: 2, times: 2, how: Fault.status(500) })
      let tokens = fmcTokens(yield* fmcLogin(client))
      const login = yield* fdmLogin(client, sandbox)
      yield* fdmToken(client, { grant_type: "refresh_token", refresh_token: login.json.refresh_token })
      const statuses: Array<number> = []
      for (let sent = 0; sent < 4; sent++) {
        const answer = yield* fmcRefresh(client, tokens)
        statuses.push(answer.status)
        if (answer.status === 204) tokens = fmcTokens(answer)
      }
      expect(statuses).toEqual([204, 500, 500, 204])

      yield* sandbox.fail({ method: "get", path: /serverversion$/, how: Fault.status(500) })
      yield* sandbox.fail({ path: "/api/fmc_platform/v1/info", how: Fault.status(501) })
      expect((yield* fmcLogin(client)).status).toBe(204)
      expect((yield* fmcCall(client, tokens)).status).toBe(500)
      expect((yield* fmcCall(client, tokens)).status).toBe(501)
      expect((yield* fmcCall(client, tokens)).status).toBe(200)
    })
)

it.scoped("an answer that cannot be written becomes a 500", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.status(200, { headers: { "x-broken": "two\nlines" } }) })
    expect((yield* fmcLogin(client)).status).toBe(500)
    expect((yield* fmcLogin(client)).status).toBe(204)
  })
)

it.scoped("a fault without end lasts until it is cleared", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ times: Number.POSITIVE_INFINITY, how: Fault.status(503) })
    for (let sent = 0; sent < 3; sent++) expect((yield* fmcLogin(client)).status).toBe(503)
    yield* sandbox.clearFaults()
    expect((yield* fmcLogin(client)).status).toBe(204)
  })
)

it.scoped("a reset breaks the connection before the work, a lost answer after it", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.reset })
    expect(yield* Effect.flip(fmcLogin(client))).toEqual(new Broken("ECONNRESET"))
    expect(sandbox.ledger).toMatchObject({ opened: 0, loginsRefused: 1 })
    expect(sandbox.ledger.requests.at(-1)).toMatchObject({ kind: "login", status: "reset" })
    yield* sandbox.fail({ how: Fault.loseAnswer })
    expect(yield* Effect.flip(fmcLogin(client))).toEqual(new Broken("ECONNRESET"))
    expect(sandbox.ledger).toMatchObject({ opened: 1, open: 1, logins: 1 })
    expect(sandbox.ledger.requests.at(-1)).toMatchObject({ kind: "login", status: "lost" })
  })
)

it.scoped("a lost answer to a refresh has rotated the pair", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const tokens = fmcTokens(yield* fmcLogin(client))
    yield* sandbox.fail({ kind: "refresh", how: Fault.loseAnswer })
    yield* Effect.flip(fmcRefresh(client, tokens))
    expect((yield* fmcCall(client, tokens)).status).toBe(401)
    expect(sandbox.ledger).toMatchObject({ refreshes: 1, open: 1 })
  })
)

it.scoped("a hung request is never answered, and does not hold up the others or the end", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.hang })
    const hung = yield* Effect.fork(fmcLogin(client))
    while (sandbox.ledger.requests.at(-1)?.status !== "hung") yield* realTime(5)
    expect((yield* fmcLogin(client)).status).toBe(204)
    expect(sandbox.ledger).toMatchObject({ opened: 1, loginsRefused: 1 })
    yield* Fiber.interrupt(hung)
  })
)

it.scoped("a slow answer takes real time, and its work is done at once", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.slow("150 millis") })
    const before = performance.now()
    const login = yield* Effect.fork(fmcLogin(client))
    while (sandbox.ledger.opened === 0) yield* realTime(5)
    expect(sandbox.ledger.requests.at(-1)?.status).toBe("pending")
    expect((yield* Fiber.join(login)).status).toBe(204)
    expect(performance.now() - before).toBeGreaterThan(145)
  })
)

it.scoped("a client that gives up a slow login leaves an open session behind", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.slow("10 seconds") })
    const login = yield* Effect.fork(fmcLogin(client))
    while (sandbox.ledger.opened === 0) yield* realTime(5)
    yield* Fiber.interrupt(login)
    while (sandbox.ledger.requests.at(-1)?.status !== "gone") yield* realTime(5)
    expect(sandbox.ledger.open).toBe(1)
  })
)

it.scoped("headers can be left out of an answer", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.dropHeader("x-auth-ACCESS-token", "DOMAINS") })
    const login = yield* fmcLogin(client)
    expect(login.status).toBe(204)
    expect(login.headers).not.toHaveProperty("x-auth-access-token")
    expect(login.headers).not.toHaveProperty("domains")
    expect(login.headers).toHaveProperty("x-auth-refresh-token")
    expect(sandbox.ledger.open).toBe(1)
  })
)

it.scoped("garbage says that it is JSON and is not", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.garbage(200) })
    const garbage = yield* fdmLogin(client, sandbox)
    expect(garbage.status).toBe(200)
    expect(garbage.headers["content-type"]).toContain("json")
    expect(garbage.headers["content-length"]).toBe("200")
    expect(garbage.json).toBeUndefined()
    expect(sandbox.ledger.opened).toBe(0)
  })
)

it.scoped("a redirect points elsewhere", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.redirect("https://elsewhere.example/") })
    expect(yield* fmcLogin(client)).toMatchObject({
      status: 302,
      headers: { location: "https://elsewhere.example/" }
    })
  })
)

it.scoped("a truncated answer breaks off in its body, or before it where there is none", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* sandbox.fail({ how: Fault.truncated })
    expect(yield* Effect.flip(fdmLogin(client, sandbox))).toEqual(new Broken("truncated"))
    expect(sandbox.ledger.fdm.opened).toBe(1)
    yield* sandbox.fail({ how: Fault.truncated })
    expect(yield* Effect.flip(fmcLogin(client))).toEqual(new Broken("ECONNRESET"))
    expect(sandbox.ledger.fmc.opened).toBe(1)
  })
)
