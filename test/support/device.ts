import type { IncomingHttpHeaders } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { Credentials, Target, Trust } from "sallyport"
import { generate } from "selfsigned"

/** A request as the device heard it. */
export interface Heard {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The fields of a JSON object; none where the body is none. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** What it answers; a body that is no text is sent as JSON. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Device {
  readonly target: Target.Target
  readonly credentials: Credentials.Credentials
  readonly password: Redacted.Redacted
  readonly heard: Array<Heard>
  /** Heard by the token operation with this grant. */
  readonly asked: (grantType: string) => ReadonlyArray<Heard>
}

let devices = 0

/** A device that answers as it is told, for what no sandbox would say. Each has a password of its own. */
export const make = (answer: (heard: Heard) => Answer): Effect.Effect<Device, never, Scope.Scope> =>
  Effect.gen(function* () {
    const heard: Array<Heard> = []
    const { cert, private: key } = yield* Effect.promise(() => certificate)
    const server = createServer({ cert, key }, (request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { headers, method = "", url: path = "" } = request
        const text = Buffer.concat(chunks).toString("utf8")
        const one = { method, path, headers, text, fields: fieldsOf(text) }
        heard.push(one)
        const { body, headers: extra, status = 200 } = answer(one)
        response.writeHead(status, { "content-type": "application/json", ...extra })
        response.end(typeof body === "string" ? body : JSON.stringify(body))
      })
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
    const password = Redacted.make(`Passw0rd-${process.pid}-${++devices}`)
    return {
      target: Target.make({
        url: `https://127.0.0.1:${port}`,
        name: "fdm.test",
        trust: Trust.ca(cert)
      }),
      credentials: Credentials.password({ username: "api", password }),
      password,
      heard,
      asked: (grantType) => heard.filter(({ fields }) => fields.grant_type === grantType)
    }
  })

const certificate = generate([{ name: "commonName", value: "fdm.test" }], {
  keyType: "ec",
  curve: "P-256",
  algorithm: "sha256",
  notBeforeDate: new Date(Date.now() - 86_400_000),
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
    { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }
  ]
})

const fieldsOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return { ...JSON.parse(text) }
  } catch {
    return {}
  }
}
