// What the library reads from an answer for its own use, and how much of it.
import { gzipSync } from "node:zlib"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Reply, Transport } from "sallyport/plugin"
import { printedForms } from "../../src/testing/SecretEncodings.ts"
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

const request = HttpClientRequest.get("/object/hosts")
const bytes = (text: string): ReadonlyArray<number> => [...new TextEncoder().encode(text)]
const form = "a=1&b=%C3%A4&a=2"
const multipart =
  '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n' +
  '--x\r\ncontent-disposition: form-data; name="f"; filename="f.bin"\r\n\r\nf\u0000\r\n--x--\r\n'
const answers: ReadonlyArray<
  readonly [name: string, status: number, headers: Record<string, string>, body: ReadonlyArray<number>]
> = [
  ["JSON", 200, { "content-type": "application/json", "x-one": "1, 2" }, bytes('{"a":[1,"ä"]}')],
  ["JSON behind a byte order mark", 200, {}, [0xef, 0xbb, 0xbf, ...bytes("[1]")]],
  ["the mark of UTF-16", 200, { "content-type": "text/plain; charset=utf-16" }, [0xff, 0xfe, 0x61, 0x00]],
  ["bytes that are not UTF-8", 200, {}, [0x22, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x22]],
  ["half a character", 200, {}, [0xe2, 0x82]],
  ["no JSON", 400, { "content-type": "application/json" }, bytes('{"a":')],
  ["nothing", 200, { "content-length": "0" }, []],
  ["blanks", 200, {}, bytes(" ")],
  ["JSON's null", 200, {}, bytes("null")],
  ["a form", 200, { "content-type": "application/x-www-form-urlencoded" }, bytes(form)],
  ["a form in parts", 200, { "content-type": "multipart/form-data; boundary=x" }, bytes(multipart)],
  ["a broken form", 200, { "content-type": "multipart/form-data; boundary=y" }, bytes(multipart)],
  ["a cookie", 200, { "set-cookie": "id=a%20b; Path=/; Secure; HttpOnly; Max-Age=60" }, []],
  ["no cookie", 200, { "set-cookie": "=" }, []],
  ["a header with a strange name", 200, { constructor: "2" }, []],
  ["a redirect", 302, { location: "https://elsewhere.example/" }, []],
  ["not found", 404, { "content-type": "text/html" }, bytes("<h1>no</h1>")],
  ["busy", 503, { "retry-after": "7" }, bytes("later")],
  ["no content", 204, {}, []],
  ["no content, and some", 204, {}, bytes("x")],
  ["a reset, and some", 205, {}, bytes("{}")],
  ["not modified", 304, { etag: '"1"' }, []]
]

/** All that a script can learn of a response, each from one of its own, which was not read before. */
const learned = (response: () => HttpClientResponse.HttpClientResponse) =>
  Effect.gen(function* () {
    const shown = <A>(work: Effect.Effect<A, unknown>) =>
      Effect.map(
        Effect.exit(work),
        Exit.match({
          onSuccess: (value): unknown => value,
          onFailure: (cause) => (cause._tag === "Fail" ? describeError(cause.error) : cause._tag)
        })
      )
    const { cookies, headers, remoteAddress, status } = response()
    return {
      facts: [status, remoteAddress, { ...headers }, response().request === request],
      cookies: cookies.toJSON(),
      json: yield* shown(response().json),
      text: yield* shown(response().text),
      bytes: yield* shown(Effect.map(response().arrayBuffer, (buffer) => [...new Uint8Array(buffer)])),
      streamed: yield* shown(
        Effect.map(Stream.runCollect(response().stream), (pieces) => [...pieces].flatMap((one) => [...one]))
      ),
      params: yield* shown(response().urlParamsBody),
      form: yield* shown(Effect.flatMap(response().formData, entriesOf)),
      printed: JSON.stringify(response()),
      ok: yield* shown(Effect.as(HttpClientResponse.filterStatusOk(response()), "ok")),
      filtered: yield* shown(
        Effect.as(
          HttpClientResponse.filterStatus(response(), (one) => one < 300),
          "ok"
        )
      ),
      matched: HttpClientResponse.matchStatus(response(), {
        204: () => "204",
        "2xx": () => "2xx",
        "4xx": () => "4xx",
        orElse: (one) => one.status
      }),
      body: yield* shown(HttpClientResponse.schemaBodyJson(Schema.Struct({ a: Schema.Unknown }))(response())),
      whole: yield* shown(
        HttpClientResponse.schemaJson(Schema.Struct({ status: Schema.Int, body: Schema.Unknown }))(response())
      ),
      head: yield* shown(HttpClientResponse.schemaNoBody(Schema.Struct({ status: Schema.Int }))(response())),
      entries: yield* shown(
        HttpClientResponse.schemaBodyUrlParams(Schema.Struct({ b: Schema.String }))(response())
      ),
      named: yield* shown(
        HttpClientResponse.schemaHeaders(Schema.Struct({ "x-one": Schema.String }))(response())
      )
    }
  })

const describeError = (error: unknown): unknown => {
  const { _tag, message, reason } = error as Record<string, unknown>
  return { _tag, message, reason }
}

const entriesOf = (form: FormData) =>
  Effect.promise(() =>
    Promise.all(
      [...form].map(async ([name, value]) =>
        typeof value === "string" ? [name, value] : [name, value.name, await value.text()]
      )
    )
  )

describe("an answer as a response", () => {
  it.effect.each(answers)("of %s is what a web response is", ([, status, headers, body]) =>
    Effect.gen(function* () {
      const isBodiless = [204, 205, 304].includes(status)
      const web = () =>
        HttpClientResponse.fromWeb(
          request,
          new Response(isBodiless ? null : new Uint8Array(body), { status, headers: { ...headers } })
        )
      const view = () => Reply.toResponse({ status, headers, body: new Uint8Array(body) }, request)
      const expected = yield* learned(web)
      expect(yield* learned(view)).toEqual(expected)
      const one = view()
      expect(yield* learned(() => one)).toEqual(expected)
    })
  )

  it("may have any status that a device can send", () => {
    expect(Reply.toResponse({ ...reply(""), status: 999 }, request).status).toBe(999)
  })

  it.effect("keeps its bytes, whatever a script does to those that it was given", () =>
    Effect.gen(function* () {
      const given = reply("abc")
      const response = Reply.toResponse(given, request)
      new Uint8Array(yield* response.arrayBuffer).fill(0)
      for (const piece of yield* Stream.runCollect(response.stream)) piece.fill(0)
      expect(yield* response.text).toBe("abc")
      expect(yield* Reply.fromResponse(response)).toBe(given)
    })
  )

  it.effect("shows its body nowhere, read or not", () =>
    Effect.gen(function* () {
      for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
        const headers = { "content-type": type, etag: "1" }
        const response = Reply.toResponse({ ...reply('{"a":"canary"}'), headers }, request)
        yield* response.json
        for (const [form, printed] of printedForms(response).filter(([form]) => form !== "its fields"))
          expect([form, printed]).not.toEqual([form, expect.stringContaining("canary")])
        expect(
          printedForms({ ...response, headers: {} })
            .map(([, text]) => text)
            .join()
        ).not.toContain("canary")
        expect(String(response)).toContain('"status": 200')
      }
    })
  )
})

describe("the answer behind a response", () => {
  const web = () =>
    HttpClientResponse.fromWeb(request, new Response("abc", { status: 400, headers: { a: "1" } }))
  const whole = { status: 400, headers: expect.objectContaining({ a: "1" }), body: reply("abc").body }

  it.effect("that a script put in its place is read", () =>
    Effect.gen(function* () {
      expect(yield* Reply.fromResponse(web())).toEqual(whole)
      const given = Reply.toResponse(reply("abc"), request)
      const derived = Object.create(given, { status: { value: 400 }, headers: { value: { a: "1" } } })
      expect(yield* Reply.fromResponse(derived)).toEqual(whole)
      expect(yield* Reply.fromResponse({ ...given, status: 201 })).toMatchObject({
        status: 201,
        body: whole.body
      })
    })
  )

  it.effect("is its text where its bytes were used up, and else nothing", () =>
    Effect.gen(function* () {
      const read = web()
      yield* read.text
      expect(yield* Reply.fromResponse(read)).toEqual(whole)
      const streamed = web()
      yield* Stream.runDrain(streamed.stream)
      expect((yield* Reply.fromResponse(streamed)).body).toEqual(new Uint8Array(0))
    })
  )
})
