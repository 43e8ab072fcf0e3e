// The reader of answers against Node's own, which is older and stricter than most: what it takes for whole, Node does too.
import { Buffer } from "node:buffer"
import * as http from "node:http"
import { Duplex } from "node:stream"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ResponseReader from "../../src/transport/http/ResponseReader.ts"
import { runtime } from "../support/runtime.ts"
import { anyBytes } from "./answers.ts"
import type { Bytes } from "./rawDevice.ts"

// What stands at the end of a value and is white space to JavaScript alone, or to HTTP as well.
const ended = ["\xa0", "a \t\xa0", "a\xa0 \t", " \t"].map(
  (value): Bytes => ({
    pieces: [Buffer.from(`HTTP/1.1 200 X\r\nx-odd: ${value}\r\ncontent-length: 0\r\n\r\n`, "latin1")],
    ending: "stay",
    dribble: false
  })
)

interface Read {
  /** How many bytes were needed, where they came one by one. */
  readonly end?: number
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const ours = (bytes: Uint8Array, sizes: ReadonlyArray<number>): Read | undefined => {
  const body: Array<Uint8Array> = []
  let status = 0
  let headers: Readonly<Record<string, string>> = {}
  const reader = ResponseReader.make("GET", 64 * 1024, {
    head: (head) => {
      status = head.status
      headers = head.headers
      return undefined
    },
    body: (piece) => void body.push(Uint8Array.from(piece))
  })
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    const reading = reader.push(bytes.subarray(at, at + size))
    at += size
    if (reading._tag === "Bad") return undefined
    if (reading._tag === "Whole")
      return { end: at, status, headers, body: Buffer.concat(body).toString("latin1") }
  }
  return reader.end()._tag === "Whole"
    ? { status, headers, body: Buffer.concat(body).toString("latin1") }
    : undefined
}

/** Names in lower case, values of a repeated one joined; by `fromEntries`, for which `__proto__` is a name as any other. */
const joined = (rawHeaders: ReadonlyArray<string>): Readonly<Record<string, string>> => {
  const values = new Map<string, Array<string>>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ""
    values.set(name, [...(values.get(name) ?? []), rawHeaders[at + 1] ?? ""])
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(", ")]))
}

const nodes = (bytes: Uint8Array): Promise<Read | undefined> =>
  new Promise((resolve) => {
    const connection = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })
    const createConnection = () => connection
    const request = http.request({ createConnection, maxHeaderSize: 64 * 1024, setHost: false })
    // None left out.
    request.maxHeadersCount = 0
    request.on("error", () => resolve(undefined))
    request.on("close", () => setTimeout(() => resolve(undefined), 20))
    request.on("response", (response) => {
      const chunks: Array<Buffer> = []
      const { rawHeaders, statusCode: status = 0 } = response
      response.on("error", () => resolve(undefined))
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () => {
        if (response.complete)
          resolve({ status, headers: joined(rawHeaders), body: Buffer.concat(chunks).toString("latin1") })
      })
    })
    request.end()
    connection.push(bytes)
    connection.push(null)
  })

describe.runIf(runtime === "node")("the reader of answers", () => {
  it("takes for whole what Node takes for whole, and reads the same in it, however it is cut up", async () => {
    let whole = 0
    await fc.assert(
      fc.asyncProperty(
        anyBytes,
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
        async ({ pieces }, sizes) => {
          const bytes = Buffer.concat(pieces)
          const exact = ours(bytes, [1])
          const { end, ...read } = exact ?? { end: 0 }
          for (const cuts of [sizes, [bytes.length || 1]]) {
            const { end: _, ...other } = ours(bytes, cuts) ?? { end: 0 }
            expect(other).toEqual(read)
          }
          if (exact === undefined) return
          whole += 1
          // What stands behind an answer is nobody's: Node takes it for one more that is broken.
          expect(await nodes(bytes.subarray(0, end))).toEqual(read)
        }
      ),
      {
        numRuns: 100,
        examples: ended.map((bytes) => [bytes, [1]])
      }
    )
    expect(whole).toBeGreaterThan(5)
  })
})
