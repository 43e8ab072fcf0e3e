import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import { ProtocolViolation, Reply, StatusError, StatusFilter } from "sallyport/plugin"
import type { Described } from "./Operation.ts"
import * as Reference from "./Reference.ts"

/**
 * `decode` gives what an operation brought: data, the bytes of a file, other text, or `undefined` for a blank answer.
 */
export const decode = (
  targetName: string,
  { responseSchema, operation }: Described,
  response: HttpClientResponse,
  accepted: StatusFilter.StatusFilter
): Effect.Effect<unknown, ProtocolViolation> =>
  Effect.gen(function* () {
    const reply = yield* Reply.fromResponse(response)
    const { body, headers } = reply
    if (Reference.field(responseSchema, "type") === "file") return body
    if (body.length === 0) return undefined
    const type = headers["content-type"] ?? ""
    if (/^text\/(?!json)/i.test(type)) return Reply.text(reply)
    if (type !== "" && !/^[^;]*\bjson\b/i.test(type)) return body
    const data = Reply.json(reply, Number.POSITIVE_INFINITY)
    if (StatusError.isError(data))
      return yield* yield* StatusFilter.errorAnswered(targetName, accepted, response, reply)
    if (data !== undefined) return data
    // Done it is, so a script that goes on must not do it again.
    const advice = "Read back what it did before you do it again"
    const detail = "it was carried out, but the answer is not the JSON that it says it is"
    return yield* new ProtocolViolation({
      targetName,
      operation: `${operation.method} ${operation.path}`,
      detail,
      advice
    })
  })
