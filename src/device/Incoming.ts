import type { Buffer } from "node:buffer"
import type { IncomingMessage } from "node:http"
import * as zlib from "node:zlib"
import * as Effect from "effect/Effect"
import type { Reply } from "./Reply.ts"

/** An answer as it came over the wire, whole and bounded. */
export interface Received {
  readonly status: number
  /** Names and values in turn. */
  readonly rawHeaders: ReadonlyArray<string>
  readonly body: Buffer
}

/** What is wrong with the head of an answer, seen before its body is read. */
export const headViolation = (
  response: IncomingMessage,
  method: string,
  limit: number
): string | undefined => {
  const status = response.statusCode ?? 0
  if (status < 200 || status > 599) return `the answer has status ${status}, which HTTP does not know`
  // The answer to a HEAD names the length of a body that does not follow.
  if (method !== "HEAD" && Number(response.headers["content-length"] ?? 0) > limit) return tooLarge(limit)
  return undefined
}

/** Whether an answer without a body, by its status, speaks of one. */
export const promisesTooMuch = ({ headers, statusCode }: IncomingMessage): boolean =>
  (statusCode === 204 || statusCode === 304) &&
  (Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined)

export const tooLarge = (limit: number) =>
  `the answer is larger than ${limit} bytes (the target's maxBodyBytes; at most 1 MiB for a login, refresh or logout)`

/** Unzips an answer up to `limit` bytes. Fails with what is wrong with it, in words that hold none of its bytes. */
export const decode = (received: Received, limit: number): Effect.Effect<Reply, string> =>
  Effect.suspend(() => {
    const { status, body } = received
    const headers = headersOf(received.rawHeaders)
    const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? ""
    // The answer to a HEAD, and a 204 or 304, may name an encoding and has no bytes.
    if (body.length === 0 || encoding === "" || encoding === "identity") {
      return Effect.succeed({ status, headers, body: new Uint8Array(body) })
    }
    const inflate = inflaters.get(encoding)
    if (inflate === undefined) return Effect.fail("the answer has a content-encoding that was not asked for")
    // They tell of the bytes on the wire, not of what is handed on.
    delete headers["content-encoding"]
    delete headers["content-length"]
    return Effect.async<Reply, string>((resume) => {
      // Stops at the bound, whatever a bomb holds.
      inflate(body, { maxOutputLength: limit }, (error, whole) => {
        if (error === null) return resume(Effect.succeed({ status, headers, body: new Uint8Array(whole) }))
        const { code } = error as { readonly code?: unknown }
        resume(
          Effect.fail(
            code === "ERR_BUFFER_TOO_LARGE"
              ? tooLarge(limit)
              : "the answer's compressed body cannot be unzipped"
          )
        )
      })
    })
  })

const inflaters = new Map([
  ["gzip", zlib.gunzip],
  ["x-gzip", zlib.gunzip],
  ["deflate", zlib.inflate]
])

const headersOf = (raw: ReadonlyArray<string>): Record<string, string> => {
  const joined = new Map<string, string>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase()
    const value = raw[index + 1] ?? ""
    const before = joined.get(name)
    joined.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  // Not by assignment: a header may be called `__proto__`.
  return Object.fromEntries(joined)
}
