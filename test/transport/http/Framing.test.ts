// What frames a request is the transport's alone: seen in the bytes that a device gets.
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Transport from "../../../src/transport/Transport.ts"
import { tlsServer } from "../servers.ts"

const methods = ["GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"] as const
const text = new TextEncoder()

const form = () => {
  const fields = new FormData()
  fields.set("file", new Blob(["content"]), "a.txt")
  return fields
}

const bodies: ReadonlyArray<readonly [string, () => HttpBody.HttpBody]> = [
  ["no body", () => HttpBody.empty],
  ["text", () => HttpBody.text("hello")],
  ["bytes", () => HttpBody.uint8Array(text.encode("hello"))],
  ["a form", () => HttpBody.formData(form())],
  ["a stream", () => HttpBody.stream(Stream.make(text.encode("hel"), text.encode("lo")))],
  ["raw text", () => HttpBody.raw("hello")]
]

const lies = [
  ["content-length", "50"],
  ["Content-Length", "0"],
  ["CONTENT-LENGTH", "5, 5"],
  ["content_length", "7"]
] as const

/** As a script in plain JavaScript could make it: with headers in any case. */
const withHeader = (request: HttpClientRequest.HttpClientRequest, name: string, value: string) =>
  Object.assign(Object.create(Object.getPrototypeOf(request)), request, {
    headers: { ...request.headers, [name]: value }
  }) as HttpClientRequest.HttpClientRequest // it is one in all but its headers

/** A device that writes down all bytes, and answers where a request ends by its own length. */
const recorder = Effect.gen(function* () {
  const requests: Array<{ readonly head: string; readonly body: string }> = []
  const server = yield* tlsServer((socket) => {
    let heard = ""
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1")
      for (;;) {
        const end = heard.indexOf("\r\n\r\n")
        if (end < 0) return
        const head = heard.slice(0, end)
        const length = Number(/^content-length: (.*)$/im.exec(head)?.[1] ?? 0)
        if (heard.length < end + 4 + length) return
        requests.push({ head, body: heard.slice(end + 4, end + 4 + length) })
        heard = heard.slice(end + 4 + length)
        socket.write("HTTP/1.1 204 No\r\n\r\n")
      }
    })
  })
  return { server, requests }
})

const framing = (head: string) =>
  head
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(":", 1)[0]?.toLowerCase() ?? "")
    .filter((name) => /length|transfer|connection|host|trailer|upgrade|expect|^te$/.test(name))

describe("the length of a request", () => {
  for (const [what, body] of bodies) {
    it.scopedLive(`with ${what} is that of its body, whatever the script says, with every method`, () =>
      Effect.gen(function* () {
        const { requests, server } = yield* recorder
        const { exchange } = yield* Transport.make(server.target({ responseTimeout: 1000 }))
        for (const method of methods) {
          for (const [name, value] of lies) {
            requests.length = 0
            const request = HttpClientRequest.make(method)("/first").pipe(HttpClientRequest.setBody(body()))
            expect((yield* exchange(withHeader(request, name, value))).status).toBe(204)
            expect((yield* exchange(HttpClientRequest.post("/second"))).status).toBe(204)
            expect(requests.map(({ head }) => head.split(" HTTP")[0])).toEqual([
              `${method} /first`,
              "POST /second"
            ])
            const [first] = requests
            const isBare = what === "no body" && ["GET", "HEAD", "OPTIONS"].includes(method)
            expect(framing(first?.head ?? "").sort()).toEqual(
              isBare ? ["connection", "host"] : ["connection", "content-length", "host"]
            )
            if (what !== "a form") expect(first?.body).toBe(what === "no body" ? "" : "hello")
          }
        }
        // None was lost, so none needed another connection.
        expect(server.connections).toBe(1)
      })
    )
  }
})

describe("a header that frames", () => {
  it.scopedLive("is refused before anything is sent, in any spelling, with every method", () =>
    Effect.gen(function* () {
      const { server } = yield* recorder
      const { exchange } = yield* Transport.make(server.target())
      for (const name of [
        "transfer-encoding",
        "Transfer-Encoding",
        "TRANSFER_ENCODING",
        "connection",
        "keep-alive",
        "host",
        "Expect",
        "upgrade",
        "te",
        "trailer",
        "http2-settings",
        "proxy-connection",
        "Proxy-Authorization"
      ]) {
        for (const method of methods) {
          const request = withHeader(HttpClientRequest.make(method)("/x"), name, "canary")
          const error = yield* Effect.flip(exchange(request))
          expect(error).toMatchObject({
            _tag: "InvalidInput",
            field: `header ${name.toLowerCase()}`,
            sent: "no"
          })
          expect(error.message).not.toContain("canary")
        }
      }
      expect(server.connections).toBe(0)
    })
  )

  it.scopedLive("is the transport's too where it comes from a client that was changed", () =>
    Effect.gen(function* () {
      const { requests, server } = yield* recorder
      const { http } = yield* Transport.make(server.target({ responseTimeout: 1000 }))
      const longer = HttpClient.mapRequest(http, HttpClientRequest.setHeader("content-length", "50"))
      yield* longer.get("/first")
      yield* http.post("/second")
      expect(requests.map(({ head }) => head.split(" HTTP")[0])).toEqual(["GET /first", "POST /second"])
      const chunked = HttpClient.mapRequest(http, HttpClientRequest.setHeader("transfer-encoding", "chunked"))
      expect(yield* Effect.flip(chunked.get("/third"))).toMatchObject({ _tag: "InvalidInput" })
      expect(requests.length).toBe(2)
    })
  )
})
