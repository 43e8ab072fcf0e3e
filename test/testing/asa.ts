// A third party's plugin, and the fake device that its author has: login and logout, no refresh.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { CredentialsRefused } from "sallyport/AuthError"
import type { AuthProvider } from "sallyport/AuthProvider"
import type { Credentials } from "sallyport/Credentials"
import * as DeviceWords from "sallyport/DeviceWords"
import * as Refusal from "sallyport/Refusal"
import * as Reply from "sallyport/Reply"
import * as Transport from "sallyport/Transport"
import type * as Testing from "sallyport/testing"
import { type Answer, type Heard, make } from "../support/device.ts"

const base = "/api/tokenservices"

const provider = (transport: Transport.Transport, credentials: Credentials): AuthProvider => {
  const target = transport.target.name
  const words = (reply: Reply.Reply, secret: Redacted.Redacted) => [
    DeviceWords.safe(Reply.text(reply), [secret])
  ]
  return {
    name: "asa",
    transport,
    credentials,
    login: ({ password, username }) =>
      Effect.gen(function* () {
        const post = HttpClientRequest.post(base).pipe(HttpClientRequest.basicAuth(username, password))
        const reply = yield* transport.exchangeAuth(post)
        const token = reply.headers["x-auth-token"]
        if (reply.status === 204 && token) return { access: Redacted.make(token), lifetime: "30 minutes" }
        const messages = words(reply, password)
        if (reply.status === 401)
          return yield* Effect.fail(new CredentialsRefused({ target, username, messages }))
        return yield* Refusal.fail({ target, operation: `POST ${base}`, reply, messages })
      }),
    refresh: () => Effect.dieMessage("an ASA's tokens do not refresh"),
    revoke: ({ access }) =>
      Effect.gen(function* () {
        const gone = HttpClientRequest.del(`${base}/${Redacted.value(access)}`)
        // The path is a secret: it must not get into an error or a span.
        const reply = yield* transport.exchangeAuth(sign(gone, access), `${base}/…`)
        // 401 and 404: the token is dead already.
        if ([204, 401, 404].includes(reply.status)) return
        const messages = words(reply, access)
        return yield* Refusal.fail({ target, operation: `DELETE ${base}`, reply, messages })
      }),
    sign: (request, { access }) => sign(request, access),
    judge: ({ status }) => (status === 401 ? "TokenRefused" : [429, 503].includes(status) ? "Busy" : "Fine")
  }
}

const sign = (request: HttpClientRequest.HttpClientRequest, token: Redacted.Redacted) =>
  HttpClientRequest.setHeader(request, "x-auth-token", Redacted.value(token))

/** The provider on a device that forgets its tokens after half an hour of the test clock. */
export const subject = Effect.gen(function* () {
  const clock = yield* Effect.clock
  const tokens = new Map<string, number>()
  const count = { logins: 0, revokes: 0 }
  const failures: Array<number> = []
  const isAlive = (token: unknown) =>
    typeof token === "string" && clock.unsafeCurrentTimeMillis() < (tokens.get(token) ?? 0)

  const answer = ({ headers, method, path }: Heard): Answer => {
    const failure = failures.shift()
    if (failure !== undefined) return { status: failure }
    const account = Buffer.from(`api:${Redacted.value(device.password)}`).toString("base64")
    if (method === "POST" && path === base) {
      if (headers.authorization !== `Basic ${account}`) return { status: 401 }
      const token = `asa-token-${crypto.randomUUID()}`
      tokens.set(token, clock.unsafeCurrentTimeMillis() + 1_800_000)
      count.logins += 1
      return { status: 204, headers: { "x-auth-token": token } }
    }
    if (!isAlive(headers["x-auth-token"])) return { status: 401 }
    if (method !== "DELETE") return { body: { items: [] } }
    count.revokes += 1
    return { status: tokens.delete(path.slice(base.length + 1)) ? 204 : 404 }
  }
  const device = yield* make(answer)

  return {
    provider: provider(yield* Transport.make(device.target), device.credentials),
    request: "/api/objects/networkobjects",
    counts: Effect.sync(() => ({ ...count, open: [...tokens.keys()].filter(isAlive).length })),
    evict: Effect.sync(() => tokens.clear()),
    failNext: (status) => Effect.sync(() => failures.push(status)),
    ages: true
  } satisfies Testing.Subject
})
