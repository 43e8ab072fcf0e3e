// Answers of HTTP/1.1 gone wrong in every way that came to mind, for fast-check.
import { Buffer } from "node:buffer"
import { gzipSync } from "node:zlib"
import * as fc from "fast-check"
import type { Bytes } from "./rawDevice.ts"

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1")

const statusLine = fc.oneof(
  { weight: 5, arbitrary: fc.constant("HTTP/1.1 200 OK") },
  fc.integer({ min: 100, max: 599 }).map((status) => `HTTP/1.1 ${status} X`),
  fc.constantFrom(
    "HTTP/1.1 000 X",
    "HTTP/1.1 099 X",
    "HTTP/1.1 600 X",
    "HTTP/1.1 999 X",
    "HTTP/1.1 2000 X",
    "HTTP/1.1 20 X",
    "HTTP/1.1 -200 X",
    "HTTP/1.1 200",
    "HTTP/1.1  200 OK",
    "HTTP/1.1 200 \u0001\u00ff",
    `HTTP/1.1 200 ${"o".repeat(70_000)}`,
    "HTTP/1.0 200 OK",
    "HTTP/0.9 200 OK",
    "HTTP/2 200",
    "HTTP/9.9 200 OK",
    "http/1.1 200 OK",
    "ICY 200 OK",
    "\r\n\r\nHTTP/1.1 200 OK",
    ""
  )
)

const oddText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString("latin1"))
)

/** One header line, or several. */
const headerLine = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("x: y", "content-type: application/json", "Set-Cookie: a=b") },
  oddText.map((value) => `x-odd: ${value}`),
  oddText.map((name) => `${name}: x`),
  fc.constantFrom(
    "content-length: 2",
    "content-length: 3, 3",
    "content-length: +3",
    "content-length: 0x3",
    "content-length: 1e1",
    "content-length: -1",
    "content-length: 18446744073709551617",
    "content-length: 4611686018427387904",
    "Content-Length : 3",
    "transfer-encoding: chunked",
    "transfer-encoding: chunked, chunked",
    "transfer-encoding: gzip, chunked",
    "transfer-encoding: chunked\r\ncontent-length: 3",
    "Transfer-Encoding:\tchunked",
    "transfer-encoding: xchunked",
    "content-encoding: gzip",
    "content-encoding: deflate",
    "content-encoding: br",
    "content-encoding: gzip, gzip",
    "content-encoding: identity",
    "connection: close",
    "connection: keep-alive, close",
    "connection: upgrade\r\nupgrade: h2c",
    "keep-alive: timeout=0",
    "retry-after: 99999999999999999999",
    "location: //elsewhere.example/",
    "x: folded\r\n on the next line",
    " begins: folded",
    "no colon at all",
    ": no name",
    "__proto__: x",
    "constructor: x",
    "trailer: x"
  ),
  fc.constantFrom(10_000, 40_000, 70_000, 1_000_000).map((size) => `x-huge: ${"h".repeat(size)}`),
  fc
    .constantFrom(1000, 10_000)
    .map((count) => Array.from({ length: count }, (_, at) => `x-${at}: y`).join("\r\n"))
)

const text = "words ".repeat(50)
const zipped = gzipSync(text)

/** Framing headers with the body that they promise, or another. */
const framedBody: fc.Arbitrary<{ readonly lines: ReadonlyArray<string>; readonly body: Uint8Array }> =
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({ lines: [`content-length: ${text.length}`], body: latin1(text) }) },
    fc.integer({ min: -5, max: 400 }).map((off) => ({
      lines: [`content-length: ${Math.max(0, text.length + off)}`],
      body: latin1(text)
    })),
    fc.constant({ lines: [], body: latin1(text) }),
    fc
      .constantFrom(zipped, zipped.subarray(0, 20), zipped.subarray(5), Buffer.concat([zipped, zipped]))
      .map((body) => ({ lines: [`content-length: ${body.length}`, "content-encoding: gzip"], body })),
    fc
      .constantFrom(
        "5\r\nhello\r\n0\r\n\r\n",
        "5;ext=1\r\nhello\r\n0\r\nx-trailer: y\r\n\r\n",
        `5;${"e".repeat(100_000)}\r\nhello\r\n0\r\n\r\n`,
        `5\r\nhello\r\n0\r\nx: ${"t".repeat(100_000)}\r\n\r\n`,
        "5\r\nhello\r\n0\r\ncontent-length: 7\r\nhttp/1.1 200\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
        "7FFFFFFFFFFFFFFF\r\nhello",
        "\r\n\r\n",
        "5\nhello\n0\n\n",
        "0\r\n\r\n"
      )
      .map((body) => ({ lines: ["transfer-encoding: chunked"], body: latin1(body) }))
  )

const interim = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  fc
    .tuple(fc.constantFrom(100, 102, 103, 199), fc.constantFrom(1, 3, 500))
    .map(([status, count]) => `HTTP/1.1 ${status} X\r\nlink: </x>\r\n\r\n`.repeat(count)),
  fc.constantFrom("HTTP/1.1 101 X\r\n\r\n", "HTTP/1.1 100 X\r\ncontent-length: 3\r\n\r\nabc")
)

const behind = fc.oneof(
  { weight: 5, arbitrary: fc.constant(new Uint8Array()) },
  fc.constantFrom("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled", "\r\n", "\r\n\r\n\0").map(latin1),
  fc.uint8Array({ maxLength: 40 })
)

const whole = fc
  .record({ interim, statusLine, headers: fc.array(headerLine, { maxLength: 3 }), framedBody, behind })
  .map((parts) => {
    const { body, lines } = parts.framedBody
    const head = [parts.statusLine, ...parts.headers, ...lines].join("\r\n")
    return Buffer.concat([latin1(`${parts.interim}${head}\r\n\r\n`), body, parts.behind])
  })

/** What happens to the bytes on the way. */
const damaged = fc
  .tuple(
    whole,
    fc.constantFrom("none", "none", "cut", "flip", "double", "insert"),
    fc.nat(),
    fc.uint8Array({ maxLength: 8 })
  )
  .map(([bytes, damage, at, others]): Uint8Array => {
    const where = bytes.length === 0 ? 0 : at % bytes.length
    const [before, after] = [bytes.subarray(0, where), bytes.subarray(where)]
    switch (damage) {
      case "cut":
        return before
      case "flip":
        return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << (at % 8))]), after.subarray(1)])
      case "double":
        return Buffer.concat([before, after, after])
      case "insert":
        return Buffer.concat([before, others, after])
      default:
        return bytes
    }
  })

/** Any bytes at all, most of them an HTTP answer with a few things wrong. */
export const anyBytes: fc.Arbitrary<Bytes> = fc.record({
  pieces: fc.oneof(
    { weight: 9, arbitrary: damaged.map((bytes) => [bytes]) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => [bytes]) }
  ),
  ending: fc.constantFrom("stay" as const, "end" as const, "reset" as const),
  dribble: fc.boolean()
})
