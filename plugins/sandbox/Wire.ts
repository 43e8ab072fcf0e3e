import { Buffer } from "node:buffer"
import type { IncomingMessage, ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import type { Answer, Call, Part } from "./appliance/Call.ts"
import * as Multipart from "./Multipart.ts"

const mostBytes = 4 * 1024 * 1024
// Files are bigger than configurations.
const mostFormBytes = 64 * 1024 * 1024
// Real devices zip what is worth it.
const leastZipped = 1024

/** `read` gives the body, or `undefined` when it is too big. It never ends when the client breaks off: see `closed`. */
export const read = (request: IncomingMessage): Effect.Effect<Uint8Array | undefined> =>
  Effect.async((resume) => {
    const most = Multipart.isForm(request.headers["content-type"]) ? mostFormBytes : mostBytes
    const chunks: Array<Buffer> = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
      else resume(Effect.succeed(undefined))
    })
    request.on("end", () => resume(Effect.succeed(Buffer.concat(chunks))))
    request.on("error", () => {})
  })

export const callOf = (
  request: IncomingMessage,
  body: Uint8Array | undefined,
  parts: ReadonlyArray<Part> | undefined,
  surplus: boolean
): Call => {
  const requestTarget = request.url ?? "/"
  const [path = "/", query = ""] = requestTarget.split(/\?(.*)/s)
  const { localAddress, localPort } = request.socket
  const named = /^[\w.:[\]-]+$/.exec(request.headers.host ?? "")?.[0]
  return {
    method: request.method ?? "GET",
    requestTarget,
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    body: parts === undefined ? Buffer.from(body ?? []).toString("utf8") : "",
    parts,
    origin: `https://${named ?? `${localAddress}:${localPort}`}`,
    surplus
  }
}

/** `closed` ends when the connection is gone or the answer is out. */
export const closed = (response: ServerResponse): Effect.Effect<void> =>
  Effect.async((resume) => {
    const done = () => resume(Effect.void)
    if (response.destroyed) done()
    response.on("close", done)
    return Effect.sync(() => response.off("close", done))
  })

/** `pause` takes real time, whatever the clock of the sandbox says. */
export const pause = (millis: number): Effect.Effect<void> =>
  millis <= 0
    ? Effect.void
    : Effect.async((resume) => {
        const timer = setTimeout(() => resume(Effect.void), millis)
        return Effect.sync(() => clearTimeout(timer))
      })

export const send = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  const bytes = head(request, response, answer)
  if (bytes.length === 0 || request.method === "HEAD") response.end()
  else response.end(bytes)
}

/** `sendHalf` sends the head with the whole length, half of the body, and the end of the connection. */
export const sendHalf = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  const bytes = head(request, response, answer)
  const half = bytes.subarray(0, bytes.length >> 1)
  if (half.length === 0) response.socket?.destroy()
  else response.write(half, () => response.socket?.destroy())
}

/** `head` writes status and headers, and hands back the body's bytes. */
const head = (request: IncomingMessage, response: ServerResponse, answer: Answer): Uint8Array => {
  const { status, headers = {}, body } = answer
  const plain = bytesOf(body)
  const zip = plain.length > leastZipped && /\bgzip\b/.test(String(request.headers["accept-encoding"]))
  const bytes = zip ? gzipSync(plain) : plain
  response.writeHead(status, {
    ...(body !== undefined && { "Content-Type": contentType(body) }),
    ...(zip && { "Content-Encoding": "gzip" }),
    ...(status !== 204 && { "Content-Length": bytes.length }),
    // What is left of an upload that is too big is not waited for.
    ...(!request.complete && { Connection: "close" }),
    ...headers
  })
  return bytes
}

const bytesOf = (body: unknown): Uint8Array => {
  if (body === undefined) return new Uint8Array()
  if (body instanceof Uint8Array) return body
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body))
}

const contentType = (body: unknown): string =>
  typeof body === "string" ? "text/html;charset=UTF-8" : "application/json;charset=UTF-8"
