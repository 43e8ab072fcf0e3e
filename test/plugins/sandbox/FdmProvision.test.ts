import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { fdmCall, fdmLogin } from "./client.ts"
import { signedIn } from "./fdm.ts"

const path = "/devices/default/action/provision"

const wish = (currentPassword: string, newPassword = "a new and longer one") => ({
  type: "initialprovision",
  acceptEULA: true,
  currentPassword,
  newPassword
})

it.scoped("a device fresh from its box answers 403 until it is provisioned, and shows its licence", () =>
  Effect.gen(function* () {
    const { client, token, send } = yield* signedIn({ firstBoot: true })
    for (const other of ["/object/networks", "/operational/systeminfo/default", "/unheard-of"]) {
      expect(yield* send("GET", other)).toMatchObject({ status: 403, json: { error: { severity: "ERROR" } } })
    }
    const { json } = yield* send("GET", path)
    expect(json.items).toMatchObject([{ id: "default", acceptEULA: false, eulaText: expect.any(String) }])
    expect((yield* send("GET", `${path}/default`)).json).toEqual(json.items[0])
    expect((yield* send("GET", `${path}/other`)).status).toBe(404)
    expect((yield* client.send("GET", `/api/fdm/v6${path}`)).status).toBe(401)
    expect((yield* fdmCall(client, token)).status).toBe(403)
  })
)

it.scoped("provisioning changes the password and ends every session of the device", () =>
  Effect.gen(function* () {
    const { sandbox, client, token, send } = yield* signedIn({ firstBoot: true })
    const old = Redacted.value(sandbox.password)
    const done = yield* send("POST", path, wish(old))
    expect(done).toMatchObject({ status: 200, json: { acceptEULA: true, type: "initialprovision" } })
    expect(done.text).not.toContain(old)
    expect(done.text).not.toContain("a new and longer one")
    expect(Redacted.value(sandbox.password)).toBe("a new and longer one")
    expect((yield* fdmCall(client, token)).status).toBe(401)
    const again = (yield* fdmLogin(client, sandbox)).json.access_token
    expect((yield* fdmCall(client, again)).status).toBe(200)
  })
)

it.scoped("a wrong password of now, a new one that is too short or the old one, and no licence are 422", () =>
  Effect.gen(function* () {
    const { sandbox, send } = yield* signedIn({ firstBoot: true })
    const old = Redacted.value(sandbox.password)
    const refused = [
      ["currentPassword", wish("wrong")],
      ["newPassword", wish(old, "short")],
      ["newPassword", wish(old, old)],
      ["acceptEULA", { ...wish(old), acceptEULA: false }],
      ["type", { ...wish(old), type: "provision" }]
    ] as const
    for (const [location, body] of refused) {
      const answer = yield* send("POST", path, body)
      expect(answer).toMatchObject({ status: 422, json: { error: { messages: [{ location }] } } })
    }
    expect(Redacted.value(sandbox.password)).toBe(old)
    expect((yield* send("GET", "/object/networks")).status).toBe(403)
  })
)

it.scoped("a device that is set up is not provisioned once more", () =>
  Effect.gen(function* () {
    const { sandbox, send } = yield* signedIn()
    const old = Redacted.value(sandbox.password)
    expect((yield* send("POST", path, wish(old))).status).toBe(422)
    expect(Redacted.value(sandbox.password)).toBe(old)
    expect((yield* send("GET", path)).json.items).toMatchObject([{ acceptEULA: true }])
  })
)
