// How an answer ends: by its length, by its chunks, by the end of TLS, or not at all.
import { gzipSync } from "node:zlib"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Reply from "../../../src/transport/Reply.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import { plain, rawDevice } from "../../fuzz/rawDevice.ts"
import { relay, tlsServer } from "../servers.ts"

const head = "HTTP/1.1 200 OK\r\n"
const half = "HALF OF A BACKUP FI"
const zipped = gzipSync("words ".repeat(200)).toString("latin1")

const incomplete: ReadonlyArray<readonly [string, string]> = [
  ["without length or chunks", `${head}\r\n${half}`],
  ["without length, that says it closes", `${head}connection: close\r\n\r\n${half}`],
  ["of HTTP/1.0", `HTTP/1.0 200 OK\r\n\r\n${half}`],
  ["without length, that has no bytes yet", `${head}\r\n`],
  ["without length, zipped, all of it", `${head}content-encoding: gzip\r\n\r\n${zipped}`],
  ["in chunks, without the last", `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`],
  [
    "in chunks, before the end of the trailers",
    `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n`
  ],
  ["shorter than its length", `${head}content-length: 100\r\n\r\n${half}`],
  ["that breaks off in its head", `${head}content-type: x/`]
]

const whole: ReadonlyArray<readonly [string, string, string, "GET" | "HEAD"]> = [
  ["with its length", `${head}content-length: 5\r\n\r\nhello`, "hello", "GET"],
  ["in chunks", `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, "hello", "GET"],
  ["to a HEAD", `${head}content-length: 5\r\n\r\n`, "", "HEAD"],
  ["of 204", "HTTP/1.1 204 No\r\n\r\n", "", "GET"],
  ["of 304", "HTTP/1.1 304 No\r\ncontent-length: 7\r\n\r\n", "", "GET"]
]

/** A device that answers with these bytes, whose connection is then ended in one of three ways. */
const ending = (
  bytes: string,
  how: "close_notify" | "fin" | "reset",
  tls: "TLSv1.2" | "TLSv1.3" = "TLSv1.3"
) =>
  Effect.gen(function* () {
    const answered: Array<() => void> = []
    const server = yield* tlsServer(
      (socket) =>
        socket.once("data", () => {
          socket.write(Buffer.from(bytes, "latin1"))
          if (how === "close_notify") socket.end()
          else for (const tell of answered) tell()
        }),
      { maxVersion: tls }
    )
    const way = yield* relay(server)
    // What was written has to be on its way before the connection below it goes.
    if (how !== "close_notify") answered.push(() => setTimeout(() => way.cut(how), 30))
    return yield* Transport.make(way.target({ responseTimeout: 3000 }))
  })

const lost = { _tag: "DeviceUnreachable", phase: "Response", reason: "ECONNRESET", sent: "maybe" }

describe("an answer whose connection is ended below TLS", () => {
  for (const how of ["fin", "reset"] as const) {
    for (const [what, bytes] of incomplete) {
      it.scopedLive(`(${how}) is lost: one ${what}`, () =>
        Effect.gen(function* () {
          const { exchange } = yield* ending(bytes, how)
          expect(yield* Effect.flip(exchange(HttpClientRequest.get("/")))).toMatchObject(lost)
        })
      )
    }
    for (const [what, bytes, body, method] of whole) {
      it.scopedLive(`(${how}) is whole: one ${what}`, () =>
        Effect.gen(function* () {
          const { exchange } = yield* ending(bytes, how)
          expect(Reply.text(yield* exchange(HttpClientRequest.make(method)("/")))).toBe(body)
        })
      )
    }
  }

  it.scopedLive("is lost under TLS 1.2 too", () =>
    Effect.gen(function* () {
      const { exchange } = yield* ending(`${head}\r\n${half}`, "fin", "TLSv1.2")
      expect(yield* Effect.flip(exchange(HttpClientRequest.get("/")))).toMatchObject(lost)
    })
  )

  it.scopedLive("is lost where a record was cut in its middle", () =>
    Effect.gen(function* () {
      let far: { write: (bytes: Uint8Array) => void } | undefined
      const server = yield* tlsServer((socket) => {
        far = socket
        socket.once("data", () => socket.write(`${head}\r\n${half}`))
      })
      const way = yield* relay(server, (sent) => {
        // The record of 4,000 bytes is handed on by half.
        if (sent.length < 4000) return sent
        setTimeout(() => way.cut("fin"), 30)
        return sent.subarray(0, 2000)
      })
      const { exchange } = yield* Transport.make(way.target({ responseTimeout: 3000 }))
      setTimeout(() => far?.write(Buffer.alloc(4000, 0x78)), 300)
      expect(yield* Effect.flip(exchange(HttpClientRequest.get("/")))).toMatchObject(lost)
    })
  )
})

describe("an answer whose TLS is ended", () => {
  for (const [what, bytes] of incomplete.slice(0, 3)) {
    for (const tls of ["TLSv1.2", "TLSv1.3"] as const) {
      it.scopedLive(`(${tls}) is whole: one ${what}`, () =>
        Effect.gen(function* () {
          const { exchange } = yield* ending(bytes, "close_notify", tls)
          expect(Reply.text(yield* exchange(HttpClientRequest.get("/")))).toBe(half)
        })
      )
    }
  }

  for (const [what, bytes] of incomplete.slice(5)) {
    it.scopedLive(`is lost all the same: one ${what}`, () =>
      Effect.gen(function* () {
        const { exchange } = yield* ending(bytes, "close_notify")
        expect(yield* Effect.flip(exchange(HttpClientRequest.get("/")))).toMatchObject(lost)
      })
    )
  }

  it.scopedLive("may be longer than what the connection holds at a time", () =>
    Effect.gen(function* () {
      const body = "x".repeat(3_000_000)
      const { exchange } = yield* ending(`${head}\r\n${body}`, "close_notify")
      expect((yield* exchange(HttpClientRequest.get("/"))).body.length).toBe(body.length)
    })
  )
})

describe("a write whose answer is cut below TLS", () => {
  it.scopedLive("has an unknown outcome, and is not sent again", () =>
    Effect.gen(function* () {
      let cut = () => {}
      const device = yield* rawDevice(({ path }) => {
        if (path.endsWith("/generatetoken")) return plain(204, "", { "x-auth-access-token": "one" })
        if (!path.endsWith("/written")) return plain(204)
        setTimeout(() => cut(), 30)
        return { pieces: [Buffer.from(`${head}\r\n{"id":"1"}`)], ending: "stay" }
      })
      const way = yield* relay(device)
      cut = () => way.cut("fin")
      const credentials = Credentials.password({ username: "cut", password: Redacted.make("Passw0rd") })
      const error = yield* Effect.scoped(
        Effect.flatMap(Fmc.make({ target: way.target(), credentials }), ({ session }) =>
          Effect.flip(session.http.post("/api/written"))
        )
      )
      expect(error._tag).toBe("OutcomeUnknown")
      expect(device.asked.filter(({ path }) => path === "/api/written").length).toBe(1)
    })
  )
})
