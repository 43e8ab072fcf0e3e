// What the library reads from an answer for its own use, and how much of it.
import { gzipSync } from "node:zlib"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Reply, Transport } from "sallyport/plugin"
import { httpsServer, pause, tlsServer } from "./servers.ts"

const mebi = 1024 * 1024

const reply = (text: string): Reply.Reply => ({
  status: 200,
  headers: {},
  body: new TextEncoder().encode(text)
})

describe("the JSON of an answer", () => {
  it("is read up to 1 MiB", () => {
    const text = JSON.stringify("j".repeat(mebi - 2))
    expect(Reply.json(reply(text)) === undefined).toBe(false)
    expect(Reply.json(reply(` ${text}`)) === undefined).toBe(true)
  })

  it("may be nested beyond any stack", () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":[', "]}"]
    ] as const)
      expect(typeof Reply.json(reply(`${open.repeat(50_000)}${close.repeat(50_000)}`))).toBe("object")
  })
})

describe("the answer to a login", () => {
  for (const [how, headers, body] of [
    ["as it is", {}, Buffer.alloc(mebi + 1)],
    ["unzipped", { "content-encoding": "gzip" }, gzipSync(Buffer.alloc(mebi + 1))]
  ] as const) {
    it.scopedLive(`of more than 1 MiB ${how} is a violation, while a request may have more`, () =>
      Effect.gen(function* () {
        const server = yield* httpsServer((_request, response) => response.writeHead(200, headers).end(body))
        const transport = yield* Transport.make(server.target())
        const error = yield* Effect.flip(transport.exchangeAuth(HttpClientRequest.post("/login")))
        expect(error).toMatchObject({
          _tag: "ProtocolViolation",
          detail: expect.stringContaining("larger than 1048576 bytes")
        })
        expect((yield* transport.exchange(HttpClientRequest.get("/file"))).body.length).toBe(mebi + 1)
      })
    )
  }

  it.scopedLive("has at most what the target allows, where that is less", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => response.end("12345"))
      const transport = yield* Transport.make(server.target({ maxBodyBytes: 4 }))
      const error = yield* Effect.flip(transport.exchangeAuth(HttpClientRequest.post("/login")))
      expect(error).toMatchObject({
        _tag: "ProtocolViolation",
        detail: expect.stringContaining("than 4 bytes")
      })
    })
  )
})

it.scopedLive.each([204, 304])(
  "the body of a %i, which has none, does not answer the next request",
  (status) =>
    Effect.gen(function* () {
      let connection = 0
      const server = yield* tlsServer((socket) => {
        const mine = ++connection
        socket.on("data", () => {
          if (mine > 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nyo")
          // What the status rules out comes a moment later: by then the next request is on its way.
          else socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 40\r\n\r\n`)
          setTimeout(() => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno"), 20)
        })
      })
      const transport = yield* Transport.make(server.target())
      expect((yield* transport.exchange(HttpClientRequest.get("/"))).status).toBe(status)
      expect(Reply.text(yield* transport.exchange(HttpClientRequest.get("/")))).toBe("yo")
      yield* pause(30)
    })
)
