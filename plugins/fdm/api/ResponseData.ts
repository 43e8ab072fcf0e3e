import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import { ProtocolViolation } from "sallyport/plugin"
import type { Described } from "./Operation.ts"
import * as Reference from "./Reference.ts"

/**
 * `decode` gives what an operation brought: data, the bytes of a file, other text, or `undefined` for a blank answer.
 */
export const decode = (
  targetName: string,
  { responseSchema, operation }: Described,
  response: HttpClientResponse
): Effect.Effect<unknown, ProtocolViolation> =>
  Effect.gen(function* () {
    // It has been read whole already, so this cannot fail.
    const bytes = new Uint8Array(yield* Effect.orElseSucceed(response.arrayBuffer, () => new ArrayBuffer(0)))
    if (Reference.field(responseSchema, "type") === "file") return bytes
    if (bytes.length === 0) return undefined
    const type = response.headers["content-type"] ?? ""
    if (/^text\/(?!json)/i.test(type)) return new TextDecoder().decode(bytes)
    if (type !== "" && !/^[^;]*\bjson\b/i.test(type)) return bytes
    const data = parsed(new TextDecoder().decode(bytes))
    if (data !== undefined) return data.value
    // Done it is, so a script that goes on must not do it again.
    const advice = "Read back what it did before you do it again"
    const detail = "it was carried out, but the answer is not the JSON that it says it is"
    return yield* Effect.fail(
      new ProtocolViolation({
        targetName,
        operation: `${operation.method} ${operation.path}`,
        detail,
        advice
      })
    )
  })

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
