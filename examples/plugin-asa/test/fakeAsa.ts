// An ASA on loopback: real HTTPS with a certificate of its own, tokens that age by the clock it is made under, and
// ways to go wrong. Everything it starts ends with the scope.
import { Buffer } from "node:buffer"
import { randomUUID } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { Credentials, Target, Trust } from "sallyport"
import { generate } from "selfsigned"

/** `Answer` is what it answers. */
interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface FakeAsa {
  readonly target: Target.Target
  /** `ca` is its certificate, PEM. */
  readonly ca: string
  readonly credentials: Credentials.Credentials
  readonly password: Redacted.Redacted
  /** `heard` has method, path and answer of each request so far. A token in a path is left out. */
  readonly heard: ReadonlyArray<string>
  readonly counts: Effect.Effect<{ readonly logins: number; readonly revokes: number; readonly open: number }>
  /** `evict` ends every token, as a reboot would. */
  readonly evict: Effect.Effect<void>
  /** `failNext` lets the next request be answered so, and not carried out. */
  readonly failNext: (status: number, body?: unknown) => Effect.Effect<void>
}

export const make: Effect.Effect<FakeAsa, never, Scope.Scope> = Effect.gen(function* () {
  const clock = yield* Effect.clock
  const password = Redacted.make(`Passw0rd-${randomUUID()}`)
  const account = `Basic ${Buffer.from(`api:${Redacted.value(password)}`).toString("base64")}`
  /** `tokens` has each token, and when it is over. */
  const tokens = new Map<string, number>()
  const heard: Array<string> = []
  const failures: Array<Answer> = []
  const count = { logins: 0, revokes: 0 }
  const isOpen = (token: unknown) =>
    typeof token === "string" && clock.unsafeCurrentTimeMillis() < (tokens.get(token) ?? 0)

  const objects = networkObjects()

  const answer = ({ headers, method = "", url = "" }: IncomingMessage, body: string): Answer => {
    const failure = failures.shift()
    if (failure !== undefined) return failure
    const isLogin = method === "POST" && url === "/api/tokenservices"
    if (!isLogin && !isOpen(headers["x-auth-token"])) return refused(401, "Invalid token")
    // A page for browsers, and no API.
    if (headers["user-agent"] !== "REST API Agent") return { status: 200, body: "<html>ASDM</html>" }
    if (isLogin) {
      if (headers.authorization !== account) return refused(401, "Authentication failure")
      const token = `asa-token-${randomUUID()}`
      tokens.set(token, clock.unsafeCurrentTimeMillis() + 30 * 60_000)
      count.logins += 1
      return { status: 204, headers: { "X-Auth-Token": token } }
    }
    if (method === "DELETE" && tokens.delete(url.replace("/api/tokenservices/", ""))) {
      count.revokes += 1
      return { status: 204 }
    }
    return objects(method, url, body) ?? refused(404, "Resource not found")
  }

  const server = createServer(yield* Effect.promise(() => certificate), (request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk) => chunks.push(chunk))
    request.on("end", () => {
      const { body, headers, status } = answer(request, Buffer.concat(chunks).toString())
      heard.push(`${request.method} ${request.url?.replace(/asa-token-.*/, "…")} ${status}`)
      response.writeHead(status, { "content-type": "application/json", ...headers })
      response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body))
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
  const { cert } = yield* Effect.promise(() => certificate)

  return {
    target: Target.make({ url: `https://127.0.0.1:${port}`, name: "asa.test", trust: Trust.ca(cert) }),
    ca: cert,
    credentials: Credentials.password({ username: "api", password }),
    password,
    heard,
    counts: Effect.sync(() => ({ ...count, open: [...tokens.keys()].filter(isOpen).length })),
    evict: Effect.sync(() => tokens.clear()),
    failNext: (status, body) => Effect.sync(() => void failures.push({ status, body }))
  }
})

/** `networkObjects` are kept by their names, which are their ids; changes are answered without a body. */
const networkObjects = () => {
  const path = "/api/objects/networkobjects"
  const all = new Map<string, unknown>()
  return (method: string, url: string, body: string): Answer | undefined => {
    const { pathname, searchParams } = new URL(url, "https://asa.test")
    const offset = Number(searchParams.get("offset") ?? 0)
    if (method === "GET" && pathname === path) {
      const items = [...all.values()].slice(offset, offset + Number(searchParams.get("limit") ?? 100))
      return {
        status: 200,
        body: { kind: "collection#NetworkObj", items, rangeInfo: { offset, total: all.size } }
      }
    }
    const objectId = decodeURIComponent(pathname.slice(path.length + 1))
    if (pathname !== path && !all.has(objectId)) return undefined
    if (method === "GET") return { status: 200, body: all.get(objectId) }
    if (method === "DELETE") return all.delete(objectId) ? { status: 204 } : undefined
    const sent = JSON.parse(body)
    if (sent.kind !== "object#NetworkObj" || "id" in sent) return refused(400, "Invalid object")
    if (method === "POST" && all.has(sent.name)) return refused(400, "It exists already")
    all.set(sent.name, { ...sent, objectId: sent.name, selfLink: `https://asa.test${path}/${sent.name}` })
    return { status: method === "POST" ? 201 : 204 }
  }
}

const refused = (status: number, details: string): Answer => ({
  status,
  body: { messages: [{ level: "Error", code: "REFUSED", details }] }
})

const certificate = generate([{ name: "commonName", value: "asa.test" }], {
  keyType: "ec",
  curve: "P-256",
  algorithm: "sha256",
  notBeforeDate: new Date(Date.now() - 86_400_000),
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
    { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }
  ]
}).then(({ cert, private: key }) => ({ cert, key }))
