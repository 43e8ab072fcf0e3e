import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../../support/eventually.ts"
import { bearer, fdmLogin, fmcCall, fmcLogin, fmcTokens, make, start } from "./client.ts"
import { network } from "./fdm.ts"
import { signedIn } from "./signedIn.ts"

it.scoped(
  "the 121st request within a minute is answered 429, a login too, and room comes back as time passes",
  () =>
    Effect.gen(function* () {
      const { sandbox, client } = yield* start({ requestsPerMinute: true })
      const tokens = fmcTokens(yield* fmcLogin(client))
      yield* TestClock.adjust("10 seconds")
      for (let sent = 1; sent < 120; sent++) expect((yield* fmcCall(client, tokens)).status).toBe(200)
      expect((yield* fmcCall(client, tokens)).status).toBe(429)
      expect((yield* fmcLogin(client)).status).toBe(429)
      expect(sandbox.ledger).toMatchObject({ logins: 1, loginsRefused: 1 })
      yield* TestClock.adjust("50 seconds")
      expect((yield* fmcCall(client, tokens)).status).toBe(200)
      expect((yield* fmcCall(client, tokens)).status).toBe(429)
      yield* TestClock.adjust("10 seconds")
      expect((yield* fmcCall(client, tokens)).status).toBe(200)
      // An FDM has never been seen to throttle.
      expect((yield* fdmLogin(client, sandbox)).status).toBe(200)
    })
)

it.scoped("the limit of requests is an option", () =>
  Effect.gen(function* () {
    const { client } = yield* start({ requestsPerMinute: 2 })
    const statuses = yield* Effect.all([fmcLogin(client), fmcLogin(client), fmcLogin(client)])
    expect(statuses.map(({ status }) => status)).toEqual([204, 204, 429])
  })
)

it.scoped("requests on the connection beyond the tenth are answered 429 until another one closes", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start({ connectionLimit: true })
    const tokens = fmcTokens(yield* fmcLogin(client))
    const closing = yield* Effect.scoped(
      Effect.gen(function* () {
        const more = yield* Effect.replicateEffect(make(sandbox), 9)
        for (const other of more) expect((yield* fmcCall(other, tokens)).status).toBe(200)
        expect(sandbox.ledger.connections).toEqual({ now: 10, max: 10 })
        const eleventh = yield* make(sandbox)
        const refused = yield* fmcCall(eleventh, tokens)
        expect(refused.status).toBe(429)
        expect(refused.json.error.category).toBe("FRAMEWORK")
        expect((yield* fmcCall(client, tokens)).status).toBe(200)
        return sandbox.ledger.connections.max
      })
    )
    expect(closing).toBe(11)
    const after = yield* make(sandbox)
    const answer = yield* fmcCall(after, tokens).pipe(
      Effect.repeat({ while: ({ status }) => status === 429, times: 50 })
    )
    expect(answer.status).toBe(200)
  })
)

// FMC guide 10.0, Rate Limiting (Too Many Writes); seen on an FMC 10.0 by FMCAnsible's live tests.
it.scoped(
  "a write that comes while an FMC is at another one is answered 429, a read or an FDM's is not",
  () =>
    Effect.gen(function* () {
      const { client, sandbox, send } = yield* signedIn()
      const wanted = (name: string) => ({ name, type: "Host", value: "192.0.2.1" })
      const [one] = (yield* send("GET", "/object/hosts?limit=1")).json.items
      yield* sandbox.fail({ method: "POST", path: /hosts$/, how: Sandbox.Fault.slow("2 seconds") })
      const first = yield* Effect.fork(send("POST", "/object/hosts", wanted("first")))
      yield* eventually("it has come", () =>
        sandbox.ledger.requests.some(({ method, path }) => method === "POST" && path.endsWith("/hosts"))
      )
      const refused = yield* send("DELETE", `/object/hosts/${one.id}`)
      expect(refused).toMatchObject({
        status: 429,
        json: {
          error: {
            category: "FRAMEWORK",
            messages: [
              { description: "Parallel add/update/delete operations are blocked. Please retry the request." }
            ]
          }
        }
      })
      expect((yield* send("GET", `/object/hosts/${one.id}`)).status).toBe(200)
      const fdm = bearer((yield* fdmLogin(client, sandbox)).json.access_token)
      const body = network("beside")
      expect((yield* client.send("POST", "/api/fdm/v6/object/networks", { ...fdm, body })).status).toBe(200)
      expect((yield* first).status).toBe(201)
      expect((yield* send("DELETE", `/object/hosts/${one.id}`)).status).toBe(200)
    })
)
