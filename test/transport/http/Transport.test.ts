import { inspect } from "node:util"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import type * as Target from "../../../src/transport/Target.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import { httpsServer, rawAnswer, tcpServer, until } from "../servers.ts"

const get = HttpClientRequest.get("/api/x")

const failing = (target: Target.Target, request = get) =>
  Effect.scoped(
    Effect.flatMap(Transport.make(target), (transport) => Effect.flip(transport.exchange(request)))
  )

describe("a device that cannot be reached", () => {
  it.scopedLive("refused the connection", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(tcpServer(() => {}))
      expect(yield* failing(gone.target())).toMatchObject({
        _tag: "DeviceUnreachable",
        phase: "Connect",
        reason: "ECONNREFUSED",
        sent: "no"
      })
    })
  )

  it.scopedLive("has a name that cannot be resolved", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const error = yield* failing(server.target({ url: "https://no-such-host.invalid" }))
      expect(error).toMatchObject({ _tag: "DeviceUnreachable", phase: "Resolve", sent: "no" })
    })
  )

  // The test clock stands still: none of these may depend on it.
  it.scoped("does not finish its handshake in time", () =>
    Effect.gen(function* () {
      const server = yield* tcpServer(() => {})
      const error = yield* failing(server.target({ handshakeTimeout: 80 }))
      expect(error).toMatchObject({
        _tag: "DeviceUnreachable",
        phase: "Handshake",
        reason: "Timeout",
        sent: "no"
      })
      yield* until(() => server.open.size === 0)
    })
  )

  it.scoped("does not answer in time", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer(() => {})
      const error = yield* failing(server.target({ responseTimeout: 80 }))
      expect(error).toMatchObject({
        _tag: "DeviceUnreachable",
        phase: "Response",
        reason: "Timeout",
        sent: "maybe"
      })
      yield* until(() => server.open.size === 0)
    })
  )

  it.scoped("does not take the connection in time", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      // TEST-NET-1 swallows packets; where there is no route at all, that is said at once.
      const error = yield* failing(server.target({ url: "https://192.0.2.1", connectTimeout: 80 }))
      expect(error).toMatchObject({ _tag: "DeviceUnreachable", phase: "Connect", sent: "no" })
    })
  )
})

describe("transport.http", () => {
  it.scopedLive("is an HttpClient that knows the wire's errors alone", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((request, response) => {
        response.writeHead(request.url === "/gone" ? 404 : 200, { "x-one": "1" }).end('{"a":1}')
      })
      const { http } = yield* Transport.make(server.target())
      const response = yield* http.get("/api/x", { urlParams: { limit: 5 } })
      expect([response.status, response.headers["x-one"], yield* response.json]).toEqual([200, "1", { a: 1 }])
      expect(server.requests[0]?.url).toBe("/api/x?limit=5")
      expect((yield* http.get("/gone")).status).toBe(404)
      expect(yield* Effect.flip(http.get("//evil/x"))).toMatchObject({ _tag: "InvalidInput" })
    })
  )

  it.scopedLive("needs nobody to read the bodies", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => response.end("x".repeat(100_000)))
      const { http } = yield* Transport.make(server.target())
      for (let round = 0; round < 20; round++) yield* http.get("/")
      expect(server.connections).toBe(1)
    })
  )
})

describe("what is said of a request", () => {
  const secret = "canary-7f3a"
  const request = HttpClientRequest.post(`/api/x?token=${secret}`, {
    headers: { authorization: `Basic ${secret}`, "x-auth-access-token": secret },
    urlParams: { key: secret },
    body: HttpBody.unsafeJson({ password: secret })
  })

  it.scopedLive("is method, path and status in a span, and never a header or the query", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) =>
        response.writeHead(201, { "x-auth-access-token": secret }).end(secret)
      )
      const spans: Array<{ readonly name: string; readonly attributes: ReadonlyMap<string, unknown> }> = []
      const tracer = Tracer.make({
        span: (name, parent, context, links, startTime, kind) => {
          const attributes = new Map<string, unknown>()
          spans.push({ name, attributes })
          return {
            _tag: "Span",
            name,
            parent,
            context,
            links,
            kind,
            spanId: "1",
            traceId: "1",
            sampled: true,
            attributes,
            status: { _tag: "Started", startTime },
            attribute: (key, value) => attributes.set(key, value),
            event: () => {},
            addLinks: () => {},
            end: () => {}
          }
        },
        context: (run) => run()
      })
      const transport = yield* Transport.make(server.target({ name: "edge" }))
      yield* Effect.withTracer(transport.exchange(request), tracer)
      expect(spans.map(({ name, attributes }) => [name, Object.fromEntries(attributes)])).toEqual([
        ["sallyport.exchange", { target: "edge", method: "POST", path: "/api/x", status: 201 }]
      ])
      // And the device hears nothing of it.
      expect(Object.keys(server.requests[0]?.headers ?? {}).filter((name) => /b3|trace/.test(name))).toEqual(
        []
      )
    })
  )

  it.scopedLive("holds no secret in any printed form of any error", () =>
    Effect.gen(function* () {
      const servers = [
        yield* rawAnswer(`${secret}\r\n\r\n`),
        yield* rawAnswer(`HTTP/1.1 200 OK\r\n${secret}\u0001: x\r\n\r\n`),
        yield* rawAnswer(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 11\r\n\r\n${secret}`),
        yield* rawAnswer(`HTTP/1.1 999 ${secret}\r\n\r\n`),
        yield* rawAnswer(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${secret}`, "end"),
        yield* rawAnswer("reset"),
        yield* tcpServer((socket) => socket.end(secret))
      ]
      for (const server of servers) {
        const exit = yield* Effect.exit(
          Effect.scoped(
            Effect.flatMap(Transport.make(server.target({ responseTimeout: 500 })), (transport) =>
              transport.exchange(request)
            )
          )
        )
        expect(exit._tag).toBe("Failure")
        if (exit._tag !== "Failure") continue
        const error = Cause.squash(exit.cause)
        const printed = [
          String(error),
          JSON.stringify(error),
          JSON.stringify(exit),
          inspect(error, { depth: 9, showHidden: true }),
          inspect(exit, { depth: 9 }),
          Cause.pretty(exit.cause, { renderErrorCause: true }),
          (error as Error).stack
        ].join("\n")
        expect(printed).toContain("127.0.0.1")
        expect(printed).not.toContain(secret)
      }
    })
  )
})
