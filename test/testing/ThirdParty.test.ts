// What the author of a plugin writes: a test of a few lines, for whatever can be said of the device.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { AuthProvider } from "sallyport/AuthProvider"
import * as Credentials from "sallyport/Credentials"
import * as Transport from "sallyport/Transport"
import * as Testing from "sallyport/testing"
import { make } from "../support/device.ts"
import * as asa from "./asa.ts"

Testing.authProvider("asa", { make: asa.subject })

Testing.authProvider("asa, a device of which nothing is known", {
  make: Effect.map(asa.subject, ({ provider, request }) => ({ provider, request }))
})

/** A cloud that knows one token, for ever. */
const cloud = (transport: Transport.Transport, token: Redacted.Redacted): AuthProvider => ({
  name: "cloud",
  transport,
  credentials: Credentials.token(token),
  login: ({ password }) => Effect.succeed({ access: password, revocable: false }),
  refresh: () => Effect.dieMessage("its token does not refresh"),
  revoke: () => Effect.dieMessage("its token cannot be revoked"),
  sign: (request, { access }) => HttpClientRequest.bearerToken(request, access),
  judge: ({ status }) => (status === 401 ? "TokenRefused" : "Fine")
})

Testing.authProvider("a static token", {
  make: Effect.gen(function* () {
    const token = `static-token-${crypto.randomUUID()}`
    let known = token
    const device = yield* make(({ headers }) => ({
      status: headers.authorization === `Bearer ${known}` ? 200 : 401
    }))
    return {
      provider: cloud(yield* Transport.make(device.target), Redacted.make(token)),
      request: "/api/rest/v1/inventory",
      evict: Effect.sync(() => {
        known = ""
      })
    }
  })
})
