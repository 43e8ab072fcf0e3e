import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fdmCall, fdmLogin } from "./client.ts"
import { signedIn } from "./fdm.ts"

it.scoped("open sessions are listed without their tokens, and one that is ended gets 401", () =>
  Effect.gen(function* () {
    const { sandbox, client, token, send } = yield* signedIn()
    const other = (yield* fdmLogin(client, sandbox)).json.access_token
    const listed = yield* send("GET", "/action/activeusersessions")
    expect(listed.json.items).toHaveLength(2)
    expect(listed.json.items[0]).toMatchObject({ userName: "api", type: "ActiveUserSessions" })
    expect(listed.text).not.toContain(token)
    expect(listed.text).not.toContain(other)
    const path = `/action/activeusersessions/${listed.json.items[1].id}`
    expect((yield* send("GET", path)).json.id).toBe(listed.json.items[1].id)
    expect((yield* send("DELETE", path)).status).toBe(204)
    expect((yield* fdmCall(client, other)).status).toBe(401)
    expect((yield* fdmCall(client, token)).status).toBe(200)
    expect((yield* send("DELETE", path)).status).toBe(422)
    expect((yield* send("GET", path)).status).toBe(404)
    expect((yield* send("GET", "/action/activeusersessions")).json.items).toHaveLength(1)
    expect(sandbox.ledger.sessions).toMatchObject([{ endedBy: undefined }, { endedBy: "eviction" }])
  })
)
