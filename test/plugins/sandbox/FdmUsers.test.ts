import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { fdmCall, fdmLogin } from "./client.ts"
import { signedIn } from "./fdm.ts"

it.scoped("an update of the account with both passwords changes it, and sessions stay open", () =>
  Effect.gen(function* () {
    const { sandbox, client, token, send } = yield* signedIn()
    const old = Redacted.value(sandbox.password)
    const listed = yield* send("GET", "/object/users")
    expect(listed.json.items).toMatchObject([{ name: "api", userRole: "ROLE_ADMIN", type: "user" }])
    const [user] = listed.json.items
    const path = `/object/users/${user.id}`
    const done = yield* send("PUT", path, { ...user, password: old, newPassword: "the next password" })
    expect(done.status).toBe(200)
    expect(done.text).not.toContain("the next password")
    expect(done.json.version).not.toBe(user.version)
    expect((yield* send("GET", path)).json).toEqual(done.json)
    expect(Redacted.value(sandbox.password)).toBe("the next password")
    expect((yield* fdmCall(client, token)).status).toBe(200)
    expect((yield* fdmLogin(client, sandbox)).status).toBe(200)
  })
)

it.scoped("without both passwords, or with a stale version, nothing changes", () =>
  Effect.gen(function* () {
    const { sandbox, send } = yield* signedIn()
    const old = Redacted.value(sandbox.password)
    const [user] = (yield* send("GET", "/object/users")).json.items
    const refused = [
      ["password", { password: "wrong", newPassword: "the next password" }],
      ["password", { newPassword: "the next password" }],
      ["newPassword", { password: old }],
      ["newPassword", { password: old, newPassword: "short" }],
      ["version", { version: "stale", password: old, newPassword: "the next password" }],
      ["name", { name: "other" }]
    ] as const
    for (const [location, change] of refused) {
      const answer = yield* send("PUT", `/object/users/${user.id}`, { ...user, ...change })
      expect(answer).toMatchObject({ status: 422, json: { error: { messages: [{ location }] } } })
    }
    // What a device shows in place of passwords, sent back as it is.
    const masked = { ...user, password: "*********", newPassword: "*********" }
    expect((yield* send("PUT", `/object/users/${user.id}`, masked)).status).toBe(200)
    expect((yield* send("GET", "/object/users/other")).status).toBe(404)
    expect(Redacted.value(sandbox.password)).toBe(old)
  })
)
