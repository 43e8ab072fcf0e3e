import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import type { WireError } from "../../../src/transport/DeviceError.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import { httpsServer, type Server, tcpServer } from "../servers.ts"

const to = (server: Server) => Transport.make(server.target({ maxBodyBytes: 10_000 }))

const refusedField = (effect: Effect.Effect<unknown, WireError>) =>
  Effect.map(Effect.flip(effect), (error) => {
    expect(error._tag).toBe("InvalidInput")
    expect(error.sent).toBe("no")
    return "field" in error ? error.field : undefined
  })

describe("a request's URL", () => {
  it.scopedLive("is a path with or without a slash, or a URL of the target's own origin", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* to(server)
      for (const url of [
        "/api/x",
        "api/x",
        `https://127.0.0.1:${server.port}/api/x`,
        `HTTPS://127.0.0.1:${server.port}/api/x`,
        "/api/x#part"
      ]) {
        yield* transport.exchange(HttpClientRequest.get(url))
      }
      expect(server.requests.map(({ url }) => url)).toEqual(Array(5).fill("/api/x"))
      expect(new Set(server.requests.map(({ headers }) => headers.host))).toEqual(
        new Set([`127.0.0.1:${server.port}`])
      )
    })
  )

  it.scopedLive("keeps the query it has, beside the parameters of the request", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* to(server)
      const options = { urlParams: { limit: "25", name: "a b&c" }, hash: "part" }
      yield* transport.exchange(HttpClientRequest.get("/x?filter=name:a;b", options))
      yield* transport.exchange(HttpClientRequest.get("/x", options))
      yield* transport.exchange(HttpClientRequest.get("?a=1"))
      expect(server.requests.map(({ url }) => url)).toEqual([
        "/x?filter=name:a;b&limit=25&name=a+b%26c",
        "/x?limit=25&name=a+b%26c",
        "/?a=1"
      ])
    })
  )

  it.scopedLive(
    "that leads elsewhere, or reads otherwise than it is sent, is refused before any connection",
    () =>
      Effect.gen(function* () {
        const server = yield* httpsServer()
        const evil = yield* tcpServer((socket) => socket.destroy())
        const transport = yield* to(server)
        const there = `127.0.0.1:${evil.port}`
        for (const url of [
          `//${there}/x`,
          `@${there}/x`,
          `:x@${there}/x`,
          `\\\\${there}\\x`,
          `/\\${there}/x`,
          `https://${there}/x`,
          `https:/${there}/x`,
          `https:${there}/x`,
          `https:///${there}/x`,
          `http://127.0.0.1:${server.port}/x`,
          `https://127.0.0.1:${server.port}@${there}/x`,
          `https://user:word@127.0.0.1:${server.port}/x`,
          `https://@127.0.0.1:${server.port}/x`,
          `https://127.0.0.1:${server.port}\\@${there}/x`,
          `ftp://127.0.0.1:${server.port}/x`,
          "data:text/plain,x",
          "file:///etc/passwd",
          `/\t/${there}/x`,
          `\n//${there}/x`,
          ` //${there}/x`,
          `/x\r\nx-evil: 1`,
          "/x\u0000",
          "/x\u0085",
          "/x "
        ]) {
          const error = yield* Effect.flip(transport.exchange(HttpClientRequest.get(url)))
          expect([url, error._tag, "field" in error && error.field]).toEqual([url, "InvalidInput", "url"])
        }
        expect(server.connections).toBe(0)
        expect(evil.connections).toBe(0)
      })
  )

  it.scopedLive("leads no input to another origin", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const evil = yield* tcpServer((socket) => socket.destroy())
      const transport = yield* to(server)
      const piece = fc.oneof(
        fc.constantFrom(
          "/",
          "//",
          "\\",
          "@",
          ":",
          "?",
          "#",
          "..",
          "%2f",
          "%5c",
          "\t",
          " ",
          "https:",
          "https://",
          "http://"
        ),
        fc.constantFrom(
          `127.0.0.1:${evil.port}`,
          `localhost:${evil.port}`,
          `127.0.0.1:${server.port}`,
          "user:word@"
        ),
        fc.string({ maxLength: 5, unit: "binary" }),
        fc.webPath()
      )
      const url = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""))
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(
            url,
            fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 2 }),
            async (given, urlParams) => {
              const before = server.requests.length
              const exit = await Effect.runPromise(
                Effect.either(transport.exchange(HttpClientRequest.get(given, { urlParams })))
              )
              if (exit._tag === "Left") {
                expect(exit.left._tag).toBe("InvalidInput")
                expect(server.requests.length).toBe(before)
              } else {
                expect(server.requests.length).toBe(before + 1)
                expect(server.requests.at(-1)?.url).toMatch(/^\//)
                expect(server.requests.at(-1)?.headers.host).toBe(`127.0.0.1:${server.port}`)
              }
              expect(evil.connections).toBe(0)
            }
          ),
          { numRuns: 300 }
        )
      )
    })
  )
})

describe("a request's headers", () => {
  it.scopedLive("are refused by name, and never by value, when they cannot be sent", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* to(server)
      const secret = "canary\r\nx-evil: 1"
      for (const [name, value] of [
        ["x-token", secret],
        ["x-token", "canary\u0000"],
        ["x-token", "canary\u00e9"],
        ["x token", "canary"],
        ["x-token\r\nx-evil", "canary"],
        ["host", "canary.example"],
        ["transfer-encoding", "chunked"],
        ["connection", "close"],
        ["expect", "100-continue"]
      ] as const) {
        const request = HttpClientRequest.get("/").pipe((self) =>
          Object.assign(Object.create(Object.getPrototypeOf(self)), self, { headers: { [name]: value } })
        )
        const error = yield* Effect.flip(transport.exchange(request))
        expect(error).toMatchObject({ _tag: "InvalidInput", sent: "no" })
        expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("canary")
        expect(error.message).toContain(name.slice(0, 4))
      }
      expect(server.connections).toBe(0)
    })
  )

  it.scopedLive("arrive as given, with what the transport adds and nothing else", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* to(server)
      const headers = { "X-Auth-Access-Token": "t:~+/=" }
      const request = HttpClientRequest.get("/", { headers })
      yield* transport.exchange(request).pipe(Effect.withSpan("outside"))
      yield* transport.http.execute(request).pipe(Effect.withSpan("outside"))
      for (const seen of server.requests) {
        expect(seen.headers).toEqual({
          "x-auth-access-token": "t:~+/=",
          host: `127.0.0.1:${server.port}`,
          connection: "keep-alive",
          "accept-encoding": "gzip",
          "user-agent": expect.stringMatching(/^sallyport\/\S+ \((node|bun|deno)\/\S+\)$/)
        })
      }
      expect(server.requests.length).toBe(2)
    })
  )

  it.scopedLive("may not carry a method that makes a tunnel", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* to(server)
      for (const method of ["CONNECT", "TRACE", "GET /x HTTP/1.1\r\n", "get"]) {
        // @ts-expect-error: from plain JavaScript
        const field = yield* refusedField(transport.exchange(HttpClientRequest.make(method)("/")))
        expect(field).toBe("method")
      }
      expect(server.connections).toBe(0)
    })
  )
})

describe("a request's body", () => {
  const sent = (body: HttpBody.HttpBody, method: "POST" | "PUT" | "DELETE" = "POST") =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* to(server)
      const request = HttpClientRequest.make(method)("/x").pipe(HttpClientRequest.setBody(body))
      yield* transport.exchange(request)
      const [seen] = server.requests
      return {
        body: seen?.body,
        length: seen?.headers["content-length"],
        type: seen?.headers["content-type"],
        chunked: seen?.headers["transfer-encoding"]
      }
    })
  const words = (text: string) => new TextEncoder().encode(text)

  it.scopedLive("that is empty has length 0 with every method that may have one", () =>
    Effect.gen(function* () {
      for (const method of ["POST", "PUT", "DELETE"] as const) {
        expect(yield* sent(HttpBody.empty, method)).toMatchObject({
          body: "",
          length: "0",
          chunked: undefined
        })
      }
    })
  )

  const cases: ReadonlyArray<readonly [string, HttpBody.HttpBody, string, string]> = [
    ["JSON", HttpBody.unsafeJson({ a: "é" }), '{"a":"é"}', "application/json"],
    ["bytes", HttpBody.uint8Array(words("é"), "x/y"), "é", "x/y"],
    ["raw text", HttpBody.raw("é", { contentType: "text/plain" }), "é", "text/plain"],
    [
      "a raw form",
      HttpBody.raw(new URLSearchParams({ a: "b c" })),
      "a=b+c",
      "application/x-www-form-urlencoded"
    ],
    ["a raw blob", HttpBody.raw(new Blob(["é"], { type: "x/y" })), "é", "x/y"],
    [
      "a stream of unknown length",
      HttpBody.stream(Stream.make(words("on"), words("e é")), "x/y"),
      "one é",
      "x/y"
    ],
    // The length that it claims is not believed.
    ["a stream of wrong length", HttpBody.stream(Stream.make(words("one é")), "x/y", 2), "one é", "x/y"]
  ]
  for (const [kind, given, text, type] of cases) {
    it.scopedLive(`of ${kind} arrives whole, with its exact length`, () =>
      Effect.gen(function* () {
        expect(yield* sent(given)).toEqual({
          body: text,
          length: String(words(text).length),
          type,
          chunked: undefined
        })
      })
    )
  }

  it.scopedLive("of a form arrives as multipart with the boundary that it was encoded with", () =>
    Effect.gen(function* () {
      const form = new FormData()
      form.set("name", "é")
      form.set("file", new Blob(["content"]), "a.txt")
      const { body = "", length, type = "" } = yield* sent(HttpBody.formData(form))
      const boundary = /^multipart\/form-data; ?boundary="?([^"]+)"?$/.exec(type)?.[1]
      expect(boundary).toBeDefined()
      expect(body.split(`--${boundary}`).length).toBe(4)
      expect(body).toContain("content")
      expect(length).toBe(String(words(body).length))
    })
  )

  it.scopedLive("of four megabytes arrives at a server that reads slowly", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response, body) => response.end(String(body.length)))
      const transport = yield* Transport.make(server.target())
      const big = HttpBody.uint8Array(new Uint8Array(4 * 1024 * 1024).fill(97))
      const reply = yield* transport.exchange(
        HttpClientRequest.post("/").pipe(HttpClientRequest.setBody(big))
      )
      expect(new TextDecoder().decode(reply.body)).toBe(String(4 * 1024 * 1024))
    })
  )

  it.scopedLive("that cannot be read, has no end or is no body is refused before any connection", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* to(server)
      for (const body of [
        HttpBody.raw({ password: "canary" }),
        HttpBody.stream(Stream.fail("canary")),
        // Of a script in JavaScript.
        HttpBody.stream(Stream.make("text" as unknown as Uint8Array)),
        HttpBody.stream(Stream.forever(Stream.succeed(new Uint8Array(1000))))
      ]) {
        const request = HttpClientRequest.post("/").pipe(HttpClientRequest.setBody(body))
        expect(yield* refusedField(transport.exchange(request))).toBe("body")
        expect(String(yield* Effect.flip(transport.exchange(request)))).not.toContain("canary")
      }
      expect(server.connections).toBe(0)
    })
  )
})
