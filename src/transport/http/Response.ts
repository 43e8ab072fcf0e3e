import * as zlib from "node:zlib"
import * as Effect from "effect/Effect"
import type { Reply } from "../Reply.ts"

/** `Response` is an answer as it came over the wire, whole and bounded. */
export interface Response {
  readonly status: number
  /** `headers` have their names in lower case; values of a repeated header are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export const tooLarge = (limit: number) =>
  `the answer is larger than ${limit} bytes (the target's maxBodyBytes; at most 1 MiB for a login, refresh or logout): ask for less at once, or allow more`

/**
 * `decode` unzips an answer up to `limit` bytes; one that is not zipped it gives as it is, at once. Fails with what
 * `violation` makes of what is wrong with it, in words that hold none of its bytes.
 */
export const decode = <E>(
  response: Response,
  limit: number,
  violation: (detail: string) => E
): Reply | Effect.Effect<Reply, E> => {
  const { body, headers, status } = response
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? ""
  // The answer to a HEAD, and a 204 or 304, may name an encoding and has no bytes.
  if (body.length === 0 || encoding === "" || encoding === "identity") return response
  const inflate = inflaters.get(encoding)
  if (inflate === undefined)
    return Effect.fail(violation("the answer has a content-encoding that was not asked for"))
  // They tell of the bytes on the wire, not of what is handed on.
  const { "content-encoding": _encoding, "content-length": _length, ...others } = headers
  return Effect.async<Reply, E>((resume) => {
    // Stops at the bound, whatever a bomb holds.
    inflate(body, { maxOutputLength: limit }, (error, whole) => {
      if (error === null)
        return resume(Effect.succeed({ status, headers: others, body: new Uint8Array(whole) }))
      const { code } = error as { readonly code?: unknown }
      resume(
        Effect.fail(
          violation(
            code === "ERR_BUFFER_TOO_LARGE"
              ? tooLarge(limit)
              : "the answer's compressed body cannot be unzipped"
          )
        )
      )
    })
  })
}

const inflaters = new Map([
  ["gzip", zlib.gunzip],
  ["x-gzip", zlib.gunzip],
  ["deflate", zlib.inflate]
])
