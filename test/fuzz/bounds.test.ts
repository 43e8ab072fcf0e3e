// Answers too large, too long and cut off at every place: what the device got rid of is what is measured.
import { Buffer } from "node:buffer"
import { gzipSync } from "node:zlib"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Reply, Transport } from "sallyport/plugin"
import { randomRuns } from "../support/randomRuns.ts"
import { judged, noneEscapes } from "./outcome.ts"
import { type Bytes, plain, rawDevice } from "./rawDevice.ts"
import { ways } from "./ways.ts"

const kibi = 1024
const mebi = 1024 * kibi
const ascii = (text: string) => Buffer.from(text, "latin1")

// What stands in the buffers of both sides and of the system between them.
const onTheWay = 16 * mebi

const head = "HTTP/1.1 200 OK\r\n"
const endless: ReadonlyArray<readonly [string, ReadonlyArray<Uint8Array>]> = [
  [
    "a body of 100 MB that says its length",
    [ascii(`${head}content-length: 104857600\r\n\r\n`), Buffer.alloc(kibi)]
  ],
  ["a body without length", [ascii(`${head}\r\n`), Buffer.alloc(kibi)]],
  ["chunks", [ascii(`${head}transfer-encoding: chunked\r\n\r\n`), ascii(`400\r\n${"c".repeat(kibi)}\r\n`)]],
  ["chunks of one byte", [ascii(`${head}transfer-encoding: chunked\r\n\r\n`), ascii("1\r\nc\r\n")]],
  ["trailers", [ascii(`${head}transfer-encoding: chunked\r\n\r\n0\r\n`), ascii("x: y\r\n")]],
  ["headers", [ascii(head), ascii("x: y\r\n")]],
  ["one header", [ascii(`${head}x: `), ascii("y")]],
  ["a status line", [ascii("HTTP/1.1 200 "), ascii("o")]],
  ["white space", [ascii(" "), ascii(" ")]],
  ["line breaks before the status line", [ascii("\r\n")]],
  ["one chunk extension", [ascii(`${head}transfer-encoding: chunked\r\n\r\n1;`), ascii("e")]],
  [
    "chunk extensions",
    [ascii(`${head}transfer-encoding: chunked\r\n\r\n`), ascii(`1;${"e".repeat(100)}\r\nc\r\n`)]
  ],
  ["one trailer", [ascii(`${head}transfer-encoding: chunked\r\n\r\n0\r\nx: `), ascii("y")]],
  ["interim answers", [ascii("HTTP/1.1 103 X\r\nlink: </x>\r\n\r\n")]]
]

describe("an answer without end", () => {
  for (const [what, pieces] of endless) {
    it.scopedLive(`that is all ${what} is cut off before it fills memory`, () =>
      Effect.gen(function* () {
        yield* noneEscapes
        const device = yield* rawDevice(() => ({ pieces, ending: "forever" }))
        const { closed, connect } = ways()
        const target = device.target({ responseTimeout: 10_000, maxBodyBytes: mebi, connect })
        const exit = yield* Effect.promise(() =>
          judged(
            Effect.flatMap(Transport.make(target), ({ exchange }) => exchange(HttpClientRequest.get("/")))
          )
        )
        // Not by its time-out: by the bound.
        expect(Exit.isFailure(exit) && exit.cause._tag === "Fail" && exit.cause.error._tag).toBe(
          "ProtocolViolation"
        )
        yield* closed
        expect(device.mostWritten()).toBeLessThan((what === "chunks of one byte" ? 6 : 1) * mebi + onTheWay)
      })
    )
  }

  it.scopedLive("to a login is cut off at 1 MiB, whatever the target allows", () =>
    Effect.gen(function* () {
      const device = yield* rawDevice(() => ({
        pieces: [ascii(`${head}\r\n`), Buffer.alloc(kibi, 0x20)],
        ending: "forever"
      }))
      const { closed, connect } = ways()
      const exit = yield* Effect.promise(() =>
        judged(
          Effect.flatMap(Transport.make(device.target({ connect })), ({ exchangeAuth }) =>
            exchangeAuth(HttpClientRequest.post("/"))
          )
        )
      )
      expect(exit).toMatchObject({ cause: { error: { _tag: "ProtocolViolation" } } })
      expect(String(exit)).toContain("1048576 bytes")
      yield* closed
      expect(device.mostWritten()).toBeLessThan(mebi + onTheWay)
    })
  )
})

/** `collected` has Bun collect at short intervals: it does so late in a process that is large from other tests. */
const collected = Effect.acquireRelease(
  Effect.sync(() => {
    const { Bun: bun } = globalThis as { readonly Bun?: { readonly gc: (now: boolean) => void } }
    bun?.gc(true)
    return setInterval(() => bun?.gc(true), 20)
  }),
  (timer) => Effect.sync(() => clearInterval(timer))
)

describe("an answer in pieces of one byte", () => {
  it.scopedLive("costs the memory of its bytes, not of its pieces", () =>
    Effect.gen(function* () {
      const size = 1024 * kibi
      const chunks = Buffer.concat([
        ascii(`${head}transfer-encoding: chunked\r\n\r\n`),
        Buffer.alloc(6 * size, "1\r\nc\r\n"),
        ascii("0\r\n\r\n")
      ])
      const device = yield* rawDevice(() => ({ pieces: [chunks], ending: "stay" }))
      const transport = yield* Transport.make(device.target({ responseTimeout: 20_000 }))
      yield* collected
      const before = process.memoryUsage().rss
      const reply = yield* transport.exchange(HttpClientRequest.get("/"))
      // 430 bytes for each of them would be 430 MiB; what Bun has not given back yet is up to 130.
      expect(process.memoryUsage().rss - before).toBeLessThan(250 * mebi)
      expect(reply.body.length).toBe(size)
      expect(reply.body.buffer.byteLength).toBeLessThanOrEqual(2 * size)
    })
  )
})

const body = "words and words"
const answers: Readonly<Record<string, Uint8Array>> = {
  "with a length": Buffer.concat(plain(200, body, { "x-one": "1" }).pieces),
  "in chunks": ascii(`${head}transfer-encoding: chunked\r\n\r\n7\r\nwords a\r\n8\r\nnd words\r\n0\r\n\r\n`),
  zipped: Buffer.concat(plain(200, gzipSync(body), { "content-encoding": "gzip" }).pieces)
}

describe("an answer that is cut off", () => {
  for (const [how, whole] of Object.entries(answers)) {
    it.scopedLive(`${how}, at any byte, is never taken for whole, and the next one is`, () =>
      Effect.gen(function* () {
        yield* noneEscapes
        const script = new Map<string, Bytes>()
        const device = yield* rawDevice(({ path }) => script.get(path) ?? { pieces: [whole], ending: "stay" })
        const { closed, connect } = ways()
        yield* Effect.scoped(
          Effect.gen(function* () {
            const transport = yield* Transport.make(device.target({ responseTimeout: 5000, connect }))
            const step = Math.ceil(whole.length / randomRuns(whole.length))
            const cuts = Array.from({ length: Math.floor(whole.length / step) }, (_, at) => at * step)
            yield* Effect.forEach(
              cuts.flatMap((at) => [`end/${at}`, `reset/${at}`]),
              (cut) =>
                Effect.gen(function* () {
                  const [ending, at] = cut.split("/")
                  const pieces = [whole.subarray(0, Number(at))]
                  script.set(`/${cut}`, { pieces, ending: ending === "end" ? "end" : "reset" })
                  const lost = yield* Effect.flip(transport.exchange(HttpClientRequest.post(`/${cut}`)))
                  expect([cut, lost.sent]).toEqual([cut, "maybe"])
                  const reply = yield* transport.exchange(HttpClientRequest.get(`/good/${cut}`))
                  expect(Reply.text(reply)).toBe(body)
                }),
              { concurrency: 6 }
            )
          })
        )
        yield* closed
      })
    )
  }
})
