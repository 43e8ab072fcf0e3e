import { Agent, request } from "node:https"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Sandbox from "sallyport/sandbox"

/** A whole answer, as plain `node:https` hears it. */
export interface Heard {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly bytes: Uint8Array
  // Answers are looked into field by field; a wrong path shows as a failed expectation.
  // biome-ignore lint/suspicious/noExplicitAny: the tests' own reading glass
  readonly json: any
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** Why no whole answer came: a system's code, or `truncated`. */
export class Broken {
  readonly _tag = "Broken"
  readonly code: string
  constructor(code: string) {
    this.code = code
  }
}

export interface Client {
  readonly send: (method: string, path: string, ask?: Ask) => Effect.Effect<Heard, Broken>
  readonly basic: (password?: string) => Readonly<Record<string, string>>
}

/** A client of a sandbox that knows nothing of our library. */
export const make = (sandbox: Sandbox.Sandbox): Effect.Effect<Client, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new Agent({ keepAlive: true, ca: sandbox.certificate.pem })),
      (agent) => Effect.sync(() => agent.destroy())
    ),
    (agent) => ({
      send: (method, path, ask = {}) =>
        Effect.async((resume, interrupted) => {
          const asIs = typeof ask.body === "string" || ask.body instanceof Uint8Array
          const body = asIs ? ask.body : JSON.stringify(ask.body)
          const req = request(
            { host: "127.0.0.1", port: sandbox.port, method, path, agent, headers: { ...ask.headers } },
            (res) => {
              const chunks: Array<Buffer> = []
              res.on("data", (chunk: Buffer) => chunks.push(chunk))
              res.on("error", () => resume(Effect.fail(new Broken("truncated"))))
              res.on("aborted", () => resume(Effect.fail(new Broken("truncated"))))
              res.on("end", () => {
                const raw = Buffer.concat(chunks)
                const bytes = res.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw
                const text = bytes.toString("utf8")
                const headers = Object.fromEntries(
                  Object.entries(res.headers).map(([name, value]) => [name, String(value)])
                )
                const status = res.statusCode ?? 0
                resume(Effect.succeed({ status, headers, text, bytes, json: parse(text) }))
              })
            }
          )
          req.on("error", (error) =>
            resume(Effect.fail(new Broken("code" in error ? String(error.code) : error.message)))
          )
          // Deno 2.9 silently sends again, a POST too, what breaks on a connection that it knows to be reused.
          req.on("socket", () => {
            req.reusedSocket = false
          })
          interrupted.addEventListener("abort", () => req.destroy())
          req.end(body)
        }),
      basic: (password = Redacted.value(sandbox.password)) => ({
        authorization: `Basic ${Buffer.from(`${sandbox.username}:${password}`).toString("base64")}`
      })
    })
  )

/** A sandbox and a client of it. */
export const start = (options?: Sandbox.Options) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make(options)
    return { sandbox, client: yield* make(sandbox) }
  })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface FmcTokens {
  readonly access: string
  readonly refresh: string
}

const auth = "/api/fmc_platform/v1/auth"

export const fmcLogin = (client: Client, password?: string) =>
  client.send("POST", `${auth}/generatetoken`, { headers: client.basic(password) })

export const fmcRefresh = (client: Client, tokens: FmcTokens) =>
  client.send("POST", `${auth}/refreshtoken`, {
    headers: { "x-auth-access-token": tokens.access, "x-auth-refresh-token": tokens.refresh }
  })

export const fmcRevoke = (client: Client, tokens: FmcTokens) =>
  client.send("POST", `${auth}/revokeaccess`, { headers: { "x-auth-access-token": tokens.access } })

export const fmcTokens = (heard: Heard): FmcTokens => ({
  access: heard.headers["x-auth-access-token"] ?? "",
  refresh: heard.headers["x-auth-refresh-token"] ?? ""
})

export const fmcSigned = (tokens: FmcTokens): Ask => ({ headers: { "x-auth-access-token": tokens.access } })

/** A cheap call that needs a good FMC token. */
export const fmcCall = (client: Client, tokens: FmcTokens) =>
  client.send("GET", "/api/fmc_platform/v1/info/serverversion", fmcSigned(tokens))

export const fdmToken = (client: Client, fields: object) =>
  client.send("POST", "/api/fdm/latest/fdm/token", {
    headers: { "content-type": "application/json" },
    body: fields
  })

export const fdmLogin = (client: Client, sandbox: Sandbox.Sandbox) =>
  fdmToken(client, {
    grant_type: "password",
    username: sandbox.username,
    password: Redacted.value(sandbox.password)
  })

export const bearer = (token: string): Ask => ({ headers: { authorization: `Bearer ${token}` } })

/** A cheap call that needs a good FDM token. */
export const fdmCall = (client: Client, token: string) =>
  client.send("GET", "/api/fdm/latest/operational/systeminfo/default", bearer(token))
