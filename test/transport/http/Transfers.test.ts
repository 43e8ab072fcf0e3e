// Bodies that go piece by piece, at whatever pace.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as StreamedBody from "../../../src/transport/http/StreamedBody.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import { httpsServer, pause, relay, until } from "../servers.ts"

const head = "content-length"
const text = new TextEncoder()

/** Something that takes its time with each piece. */
const slow = (milliseconds: number, maxBytes = 10_000_000) => {
  const seen = { begun: 0, bytes: 0, pieces: 0, atOnce: 0 }
  let under = 0
  const into: StreamedBody.BodySink = {
    maxBytes,
    begin: async () => {
      seen.begun += 1
      seen.bytes = 0
    },
    write: async (piece) => {
      under += 1
      seen.atOnce = Math.max(seen.atOnce, under)
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      under -= 1
      seen.pieces += 1
      seen.bytes += piece.length
    }
  }
  return { into, seen }
}

const source = (
  announced: number,
  pieces: ReadonlyArray<string>,
  milliseconds = 20
): StreamedBody.BodySource => ({
  size: announced,
  read: async function* () {
    for (const piece of pieces) {
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      yield text.encode(piece)
    }
  }
})

describe("an answer that goes somewhere piece by piece", () => {
  for (const how of ["fin", "reset"] as const) {
    it.scopedLive(`is whole, however slow that is, where the connection behind it is cut (${how})`, () =>
      Effect.gen(function* () {
        const body = Buffer.alloc(3_000_000, "x")
        const server = yield* httpsServer((_request, response) => response.end(body))
        const way = yield* relay(server)
        const { into, seen } = slow(10)
        const { exchange } = yield* Transport.make(way.target({ responseTimeout: 3000 }))
        const fiber = yield* Effect.fork(
          exchange(StreamedBody.withStreamedBody(HttpClientRequest.get("/"), { into }))
        )
        yield* until(() => seen.pieces > 0)
        if (how === "reset") yield* until(() => seen.bytes === body.length)
        else yield* pause(100)
        way.cut(how)
        expect((yield* Fiber.join(fiber)).status).toBe(200)
        expect(seen).toMatchObject({ begun: 1, bytes: body.length, atOnce: 1 })
      })
    )
  }

  it.scopedLive("has the response time-out for each piece, not for the whole", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => {
        response.writeHead(200, { [head]: 10 })
        const timer = setInterval(() => response.write("x"), 100)
        response.on("close", () => clearInterval(timer))
      })
      const { into, seen } = slow(0)
      const { exchange } = yield* Transport.make(server.target({ responseTimeout: 800 }))
      yield* exchange(StreamedBody.withStreamedBody(HttpClientRequest.get("/"), { into }))
      expect(seen.bytes).toBe(10)
    })
  )

  it.scopedLive("is lost where none comes any more", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) =>
        response.writeHead(200, { [head]: 10 }).write("x")
      )
      const { exchange } = yield* Transport.make(server.target({ responseTimeout: 100 }))
      const error = yield* Effect.flip(
        exchange(StreamedBody.withStreamedBody(HttpClientRequest.get("/"), { into: slow(0).into }))
      )
      expect(error).toMatchObject({ _tag: "DeviceUnreachable", reason: "Timeout" })
    })
  )

  it.scopedLive("is in memory, within its bound, where its status is not 200", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => response.writeHead(404).end("why"))
      const { into, seen } = slow(0)
      const { exchange } = yield* Transport.make(server.target())
      const reply = yield* exchange(StreamedBody.withStreamedBody(HttpClientRequest.get("/"), { into }))
      expect([new TextDecoder().decode(reply.body), seen.begun]).toEqual(["why", 0])
    })
  )

  it.scopedLive("keeps its permit until it is over", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => response.end(Buffer.alloc(300_000)))
      const { exchange } = yield* Transport.make(server.target({ maxConnections: 3 }))
      const { into, seen } = slow(50)
      const fiber = yield* Effect.fork(
        exchange(StreamedBody.withStreamedBody(HttpClientRequest.get("/slow"), { into }))
      )
      yield* until(() => seen.begun === 1)
      yield* exchange(HttpClientRequest.get("/other"))
      yield* Fiber.join(fiber)
      expect(server.requests.map(({ url }) => url)).toEqual(["/slow", "/other"])
      expect(seen.bytes).toBe(300_000)
    })
  )

  it.scopedLive("fails as what it goes into fails", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => response.end(Buffer.alloc(300_000)))
      const { exchange } = yield* Transport.make(server.target())
      const into = { ...slow(0).into, write: () => Promise.reject(new Error("no space")) }
      const error = yield* Effect.flip(
        exchange(StreamedBody.withStreamedBody(HttpClientRequest.get("/"), { into }))
      )
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "file" })
      yield* until(() => server.open.size === 0)
    })
  )
})

describe("a body that comes from somewhere piece by piece", () => {
  const post = (from: StreamedBody.BodySource) =>
    StreamedBody.withStreamedBody(HttpClientRequest.post("/"), { from, contentType: "x/y" })

  it.scopedLive("arrives with the length that was announced", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const { exchange } = yield* Transport.make(server.target({ responseTimeout: 500 }))
      // Longer than the response time-out in all, and not for one piece.
      yield* exchange(post(source(10, ["ab", "cd", "ef", "gh", "i", "j"], 100)))
      expect(server.requests[0]).toMatchObject({
        body: "abcdefghij",
        headers: { "content-length": "10", "content-type": "x/y" }
      })
    })
  )

  for (const [what, from] of [
    ["is shorter", source(10, ["ab", "cd"])],
    ["is longer", source(3, ["ab", "cd"])],
    [
      "cannot be read",
      {
        size: 3,
        read: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("no")) }) })
      }
    ]
  ] as const) {
    it.scopedLive(`that ${what} than was announced is never a request`, () =>
      Effect.gen(function* () {
        const server = yield* httpsServer()
        const { exchange } = yield* Transport.make(server.target())
        expect(yield* Effect.flip(exchange(post(from)))).toMatchObject({
          _tag: "InvalidInput",
          field: "body"
        })
        yield* exchange(HttpClientRequest.get("/next"))
        expect(server.requests.map(({ url }) => url)).toEqual(["/next"])
      })
    )
  }

  it.scopedLive("stops where the device answers before its end", () =>
    Effect.gen(function* () {
      let read = 0
      const endless: StreamedBody.BodySource = {
        size: 100_000_000,
        read: async function* () {
          for (;;) {
            read += 1
            await new Promise((resolve) => setTimeout(resolve, 5))
            yield new Uint8Array(1000)
          }
        }
      }
      const server = yield* httpsServer()
      const way = yield* relay(server, (bytes) => bytes)
      const { exchange } = yield* Transport.make(way.target({ responseTimeout: 2000 }))
      const fiber = yield* Effect.fork(exchange(post(endless)))
      yield* until(() => read > 3)
      way.cut("reset")
      expect(yield* Effect.flip(Fiber.join(fiber))).toMatchObject({ _tag: "DeviceUnreachable" })
      const then = read
      yield* pause(50)
      expect(read).toBeLessThanOrEqual(then + 1)
    })
  )
})
