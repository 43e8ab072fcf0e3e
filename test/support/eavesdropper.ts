import { createServer, request } from "node:https"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type * as Sandbox from "sallyport/sandbox"
import { mint } from "../transport/certificates.ts"

/** What stands between a script of its own process and a sandbox, and hears every token that the sandbox gives. */
export interface Eavesdropper {
  readonly url: string
  /** `127.0.0.1:port` */
  readonly address: string
  readonly pem: string
  readonly sha256: string
  /** In the order in which they were given: access tokens and refresh tokens. */
  readonly tokens: ReadonlyArray<Redacted.Redacted>
}

/** Hands every request on to the sandbox, and every answer back as it came. */
export const eavesdropper = (sandbox: Sandbox.Sandbox): Effect.Effect<Eavesdropper, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { cert, key, sha256 } = yield* mint({ isCa: true })
    const tokens: Array<Redacted.Redacted> = []
    const hear = (value: unknown) => {
      if (typeof value === "string" && value !== "") tokens.push(Redacted.make(value))
    }
    const server = createServer({ cert, key }, (asked, answer) => {
      const { headers, method, url: path } = asked
      const onward = request({
        host: "127.0.0.1",
        port: sandbox.port,
        ca: sandbox.certificate.pem,
        agent: false,
        method,
        path,
        headers
      })
      onward.on("error", () => answer.destroy())
      onward.on("response", (got) => {
        const chunks: Array<Buffer> = []
        got.on("data", (chunk: Buffer) => chunks.push(chunk))
        got.on("end", () => {
          const body = Buffer.concat(chunks)
          const { access_token, refresh_token } = fields(body)
          for (const each of [
            got.headers["x-auth-access-token"],
            got.headers["x-auth-refresh-token"],
            access_token,
            refresh_token
          ])
            hear(each)
          answer.writeHead(got.statusCode ?? 500, got.headers)
          answer.end(body)
        })
      })
      asked.on("error", () => {})
      asked.pipe(onward)
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    )
    const { port } = server.address() as AddressInfo // a TCP server's address is never a string
    const address = `127.0.0.1:${port}`
    return { url: `https://${address}`, address, pem: cert, sha256, tokens }
  })

const fields = (body: Buffer): Readonly<Record<string, unknown>> => {
  try {
    return { ...JSON.parse(body.toString("utf8")) }
  } catch {
    return {}
  }
}
