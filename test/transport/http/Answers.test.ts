import * as zlib from "node:zlib"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import * as Reply from "../../../src/transport/Reply.ts"
import type * as Target from "../../../src/transport/Target.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import { httpsServer, pause, rawAnswer, type Server, tlsServer } from "../servers.ts"

const limit = 100_000

const get = (
  server: Server,
  options: Partial<Target.Options> = {},
  request = HttpClientRequest.get("/a?b=c")
) =>
  Effect.scoped(
    Effect.flatMap(
      Transport.make(server.target({ maxBodyBytes: limit, responseTimeout: 1000, ...options })),
      (transport) => transport.exchange(request)
    )
  )

const answering = (headers: Record<string, string>, body: Uint8Array | string) =>
  httpsServer((_request, response) => response.writeHead(200, headers).end(body))

const violation = { _tag: "ProtocolViolation", sent: "maybe", operation: "GET /a" }
const lost = { _tag: "DeviceUnreachable", phase: "Response", sent: "maybe" }

describe("an answer", () => {
  it.scopedLive("comes whole, with lower-case header names and repeated ones joined", () =>
    Effect.gen(function* () {
      const server = yield* rawAnswer(
        "HTTP/1.1 201 Made\r\nX-One: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n__proto__: x\r\nX-Odd: \u00e9\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n, Bob!\r\n0\r\n\r\n"
      )
      const reply = yield* get(server)
      expect(reply.status).toBe(201)
      expect(Reply.text(reply)).toBe("hello, Bob!")
      expect(Object.entries(reply.headers).slice(0, 3)).toEqual([
        ["x-one", "1"],
        ["set-cookie", "a=1, b=2"],
        ["__proto__", "x"]
      ])
      expect({}.constructor).toBe(Object)
      // And @effect/platform can take it over, whatever its header names.
      const response = Reply.toResponse(reply, HttpClientRequest.get("/"))
      expect(yield* response.text).toBe("hello, Bob!")
    })
  )

  for (const status of [300, 301, 302, 303, 307, 308]) {
    it.scopedLive(`of ${status} is handed back, not followed`, () =>
      Effect.gen(function* () {
        const elsewhere = yield* httpsServer()
        const server = yield* httpsServer((_request, response) =>
          response.writeHead(status, { location: `https://127.0.0.1:${elsewhere.port}/` }).end()
        )
        expect((yield* get(server)).status).toBe(status)
        expect(server.requests.length).toBe(1)
        expect(elsewhere.connections).toBe(0)
      })
    )
  }

  for (const status of [204, 304, 404, 500, 599]) {
    it.scopedLive(`of ${status} is data like any other`, () =>
      Effect.gen(function* () {
        const server = yield* httpsServer((_request, response) => response.writeHead(status).end())
        const reply = yield* get(server)
        expect(reply.status).toBe(status)
        expect(Reply.toResponse(reply, HttpClientRequest.get("/")).status).toBe(status)
      })
    )
  }

  it.scopedLive("to a HEAD has the headers of a body that does not follow", () =>
    Effect.gen(function* () {
      const server = yield* answering({ "content-length": "999999", "content-encoding": "gzip" }, "")
      const reply = yield* get(server, {}, HttpClientRequest.head("/a"))
      expect(reply.headers["content-length"]).toBe("999999")
      expect(reply.body.length).toBe(0)
    })
  )

  it.scopedLive("is found behind those of 100 and 103", () =>
    Effect.gen(function* () {
      const server = yield* rawAnswer(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
      )
      expect(Reply.text(yield* get(server))).toBe("hi")
    })
  )

  it.scopedLive("without a length ends where the connection ends", () =>
    Effect.gen(function* () {
      const server = yield* rawAnswer("HTTP/1.1 200 OK\r\n\r\nhi", "end")
      expect(Reply.text(yield* get(server))).toBe("hi")
    })
  )

  it.scopedLive("that comes before the request was read to its end is taken at once", () =>
    Effect.gen(function* () {
      const server = yield* tlsServer((socket) => {
        socket.once("data", () => {
          socket.pause()
          socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno")
        })
      })
      const request = HttpClientRequest.post("/a").pipe(
        HttpClientRequest.bodyUint8Array(new Uint8Array(30 * 1024 * 1024))
      )
      const started = Date.now()
      const reply = yield* get(server, { responseTimeout: 20_000 }, request)
      expect(reply.status).toBe(413)
      expect(Date.now() - started).toBeLessThan(10_000)
    })
  )
})

describe("a compressed answer", () => {
  const text = "words ".repeat(1000)
  for (const [encoding, zip] of [
    ["gzip", zlib.gzipSync],
    ["x-gzip", zlib.gzipSync],
    ["deflate", zlib.deflateSync]
  ] as const) {
    it.scopedLive(`by ${encoding} is unzipped, and no header speaks of it any more`, () =>
      Effect.gen(function* () {
        const reply = yield* get(yield* answering({ "content-encoding": encoding }, zip(text)))
        expect(Reply.text(reply)).toBe(text)
        expect(reply.headers).not.toHaveProperty("content-encoding")
        expect(reply.headers).not.toHaveProperty("content-length")
      })
    )
  }

  it.scopedLive("that is a bomb is a violation, and fills no memory", () =>
    Effect.gen(function* () {
      const bomb = zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024))
      const server = yield* answering({ "content-encoding": "gzip" }, bomb)
      const before = process.memoryUsage().rss
      const error = yield* Effect.flip(get(server, { maxBodyBytes: 1024 * 1024 }))
      expect(error).toMatchObject({
        ...violation,
        detail: expect.stringContaining("larger than 1048576 bytes")
      })
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    })
  )

  for (const [what, encoding, body] of [
    ["not zipped at all", "gzip", "plain"],
    ["cut short", "gzip", zlib.gzipSync(text).subarray(0, 30)],
    ["damaged", "gzip", zlib.gzipSync(text).fill(7, 20, 40)],
    ["zipped by br, which was not asked for", "br", zlib.brotliCompressSync(text)],
    ["zipped twice", "gzip, gzip", zlib.gzipSync(zlib.gzipSync(text))]
  ] as const) {
    it.scopedLive(`that is ${what} is a violation`, () =>
      Effect.gen(function* () {
        const server = yield* answering({ "content-encoding": encoding }, body)
        expect(yield* Effect.flip(get(server))).toMatchObject(violation)
      })
    )
  }
})

describe("an answer without end", () => {
  it.scopedLive("is cut at the bound when it says its length", () =>
    Effect.gen(function* () {
      const server = yield* rawAnswer(`HTTP/1.1 200 OK\r\ncontent-length: ${limit + 1}\r\n\r\n`)
      expect(yield* Effect.flip(get(server))).toMatchObject(violation)
    })
  )

  it.scopedLive("is cut at the bound when it does not", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(10_000)));
        }
        response.on("drain", more)
        more()
      })
      expect(yield* Effect.flip(get(server))).toMatchObject(violation)
    })
  )

  it.scopedLive("is cut by the response time-out when it trickles", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => {
        const timer = setInterval(() => response.write("x"), 20)
        response.on("close", () => clearInterval(timer))
      })
      const error = yield* Effect.flip(get(server, { responseTimeout: 150 }))
      expect(error).toMatchObject({ ...lost, reason: "Timeout" })
    })
  )

  it.scopedLive("is cut by the response time-out when it is all 100 Continue", () =>
    Effect.gen(function* () {
      const server = yield* tlsServer((socket) => {
        const timer = setInterval(() => socket.write("HTTP/1.1 100 Continue\r\n\r\n"), 5)
        socket.on("close", () => clearInterval(timer))
      })
      const error = yield* Effect.flip(get(server, { responseTimeout: 150 }))
      expect(error).toMatchObject({ ...lost, reason: "Timeout" })
    })
  )
})

describe("an answer that says something oddly, and means one thing", () => {
  const head = "HTTP/1.1 200 OK\r\n"
  it.scopedLive.each([
    ["its length twice", `${head}content-length: 2\r\nContent-Length: 2\r\n\r\nhi`],
    ["its length twice in one", `${head}content-length: 2, 2\r\n\r\nhi`],
    ["a header in several lines", `${head}x: a\r\n\t b\r\n  c\r\ncontent-length: 2\r\n\r\nhi`],
    ["a length in several lines", `${head}content-length:\r\n 2\r\n\r\nhi`],
    ["that its transfer has no encoding", `${head}transfer-encoding: identity\r\ncontent-length: 2\r\n\r\nhi`]
  ] as const)("is read: %s", ([what, bytes]) =>
    Effect.gen(function* () {
      for (const cut of [bytes.length, 1]) {
        const server = yield* rawAnswer(...(cut === 1 ? bytes.split("") : [bytes]))
        const reply = yield* get(server)
        expect([reply.status, Reply.text(reply)]).toEqual([200, "hi"])
        if (what === "a header in several lines") expect(reply.headers.x).toBe("a b c")
      }
    })
  )
})

describe("a broken answer", () => {
  const head = "HTTP/1.1 200 OK\r\n"
  const cases: ReadonlyArray<readonly [string, object, ReadonlyArray<string>]> = [
    ["that ends before its length", lost, [`${head}content-length: 5\r\n\r\nhi`, "end"]],
    ["that is reset before its length", lost, [`${head}content-length: 5\r\n\r\nhi`, "reset"]],
    ["that ends within a chunk", lost, [`${head}transfer-encoding: chunked\r\n\r\n5\r\nhi`, "end"]],
    ["that ends between chunks", lost, [`${head}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n`, "end"]],
    ["that ends within its head", lost, [`${head}content-len`, "end"]],
    ["that is none", lost, ["end"]],
    ["that is a reset", lost, ["reset"]],
    ["that is not HTTP", violation, ["SSH-2.0-OpenSSH_9.6\r\n\r\n"]],
    ["with status 99", violation, ["HTTP/1.1 099 X\r\ncontent-length: 0\r\n\r\n"]],
    ["with status 999", violation, ["HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n"]],
    ["that changes the protocol", violation, ["HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"]],
    ["with a header that is none", violation, [`${head}b@d na:me\r\n\r\n`]],
    ["with a control character in a header", violation, [`${head}x: a\u0001b\r\ncontent-length: 0\r\n\r\n`]],
    ["with two lengths", violation, [`${head}content-length: 1\r\ncontent-length: 2\r\n\r\nhi`]],
    ["with two lengths in one", violation, [`${head}content-length: 2, 1\r\n\r\nhi`]],
    ["with a line that goes on with none", violation, [`${head} x: a\r\ncontent-length: 0\r\n\r\n`]],
    // Who reads it by the one takes something else for the next answer than who reads it by the other.
    [
      "with a length beside chunks",
      violation,
      [`${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`]
    ],
    ["with a length below zero", violation, [`${head}content-length: -1\r\n\r\n`]],
    ["with a chunk that has no size", violation, [`${head}transfer-encoding: chunked\r\n\r\nZZ\r\nhi\r\n`]],
    ["with headers of 100 kB", violation, [`${head}x: ${"a".repeat(100_000)}\r\ncontent-length: 0\r\n\r\n`]]
  ]
  for (const [what, error, bytes] of cases) {
    it.scopedLive(`${what} is a typed error`, () =>
      Effect.gen(function* () {
        const server = yield* rawAnswer(...bytes)
        expect(yield* Effect.flip(get(server))).toMatchObject(error)
      })
    )
  }

  it.scopedLive("with a second answer behind it does not answer the next request", () =>
    Effect.gen(function* () {
      let connection = 0
      const server = yield* tlsServer((socket) => {
        const mine = ++connection
        const body = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n${text}`
        socket.on("data", () => socket.write(mine === 1 ? body("hi") + body("no") : body("yo")))
      })
      const transport = yield* Transport.make(server.target())
      expect(Reply.text(yield* transport.exchange(HttpClientRequest.get("/")))).toBe("hi")
      expect(Reply.text(yield* transport.exchange(HttpClientRequest.get("/")))).toBe("yo")
    })
  )

  it.scopedLive("that comes unasked does not answer the next request", () =>
    Effect.gen(function* () {
      let connection = 0
      const server = yield* tlsServer((socket) => {
        const mine = ++connection
        const body = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n${text}`
        socket.on("data", () => {
          socket.write(body(mine === 1 ? "hi" : "yo"))
          if (mine === 1) setTimeout(() => socket.write(body("no")), 30)
        })
      })
      const transport = yield* Transport.make(server.target())
      expect(Reply.text(yield* transport.exchange(HttpClientRequest.get("/")))).toBe("hi")
      yield* pause(100)
      expect(Reply.text(yield* transport.exchange(HttpClientRequest.get("/")))).toBe("yo")
    })
  )

  it.scopedLive("of any bytes is a reply or a typed error, in bounded time", () =>
    Effect.gen(function* () {
      let bytes = new Uint8Array()
      let then: "stay" | "end" | "reset" = "stay"
      const server = yield* tlsServer((socket) => {
        socket.once("data", () => {
          socket.write(bytes)
          if (then === "end") socket.end()
          if (then === "reset") socket.destroy()
        })
      })
      const part = fc.constantFrom(
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.0 200\r\n",
        "HTTP/1.1 204 X\r\n",
        "HTTP/1.1 100 X\r\n\r\n",
        "HTTP/1.1 101 X\r\n",
        "content-length: 3\r\n",
        "content-length: 18446744073709551616\r\n",
        "transfer-encoding: chunked\r\n",
        "content-encoding: gzip\r\n",
        "connection: close\r\n",
        "connection: upgrade\r\nupgrade: h2c\r\n",
        "\r\n",
        "3\r\nabc\r\n",
        "0\r\n\r\n",
        "abc"
      )
      const utf8 = new TextEncoder()
      const piece = fc.oneof(
        { weight: 4, arbitrary: part.map((text) => utf8.encode(text)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) }
      )
      const transport = yield* Transport.make(server.target({ responseTimeout: 60, maxBodyBytes: limit }))
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(
            fc.array(piece, { minLength: 1, maxLength: 8 }),
            fc.constantFrom<"stay" | "end" | "reset">("stay", "end", "reset"),
            async (pieces, after) => {
              bytes = Uint8Array.from(pieces.flatMap((one) => [...one]))
              then = after
              const started = Date.now()
              const exit = await Effect.runPromiseExit(transport.exchange(HttpClientRequest.post("/")))
              if (exit._tag === "Failure") {
                expect(exit.cause).toMatchObject({ _tag: "Fail", error: { sent: "maybe" } })
              }
              expect(Date.now() - started).toBeLessThan(2000)
            }
          ),
          { numRuns: 120 }
        )
      )
    })
  )
})
