// Answers that a login or a refresh cannot use, with secrets in them all the same.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { evidence } from "../support/canaries.ts"
import { type Answer, make as device } from "../support/device.ts"

const secret = "canary-6f2e9b1d44c08a57"

const fdm: ReadonlyArray<readonly [string, Answer]> = [
  ["is cut off", { body: `{"access_token":"${secret}","refresh_` }],
  ["has the token under another name", { body: { accessToken: secret, expires_in: 1800 } }],
  ["has a refresh token alone", { body: { refresh_token: secret, expires_in: 1800 } }],
  ["has a token that is no text", { body: { access_token: [secret] } }],
  ["has a token with a line break", { body: { access_token: `${secret}\n` } }],
  ["is the token and nothing else", { body: secret }]
]

const fmc: ReadonlyArray<readonly [string, Answer]> = [
  ["has a refresh token alone", { headers: { "x-auth-refresh-token": secret }, body: "" }],
  ["has the token under another name", { headers: { "x-access-token": secret }, body: "" }],
  ["has the token in its body", { body: { access_token: secret } }],
  [
    "has domains that are none",
    { headers: { "x-auth-access-token": secret, domains: `{"${secret}` }, body: "" }
  ]
]

const cases = [
  ...fdm.map(([what, answer]) => ["fdm", what, answer] as const),
  ...fmc.map(([what, answer]) => ["fmc", what, answer] as const)
]

describe("an answer to a login that", () => {
  it.scopedLive.each(cases)("(%s) %s tells nothing of what stands in it", ([backend, , answer]) =>
    Effect.gen(function* () {
      const { credentials, target } = yield* device(({ path }) =>
        path.includes("token") ? answer : { status: 404, body: secret }
      )
      const told = evidence()
      told.plant(Redacted.make(secret))
      const exit = yield* told.watch(
        "login",
        Effect.scoped(
          backend === "fdm"
            ? Effect.asVoid(Fdm.make({ target, credentials, apiVersion: "v6" }))
            : Effect.flatMap(Fmc.make({ target, credentials }), (fmc) => fmc.domain("Global"))
        )
      )
      expect(exit._tag).toBe("Failure")
      expect(told.size().texts).toBeGreaterThan(20)
      expect(told.found()).toEqual([])
    })
  )
})
