import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { fdmLogin, fmcCall, fmcLogin, fmcTokens, make, start } from "./client.ts"

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
