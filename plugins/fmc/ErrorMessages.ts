import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Redaction, Reply } from "sallyport/plugin"

// {"error":{"category":"FRAMEWORK","messages":[{"description":"…"}],"severity":"ERROR"}}; it may be absent.
const Envelope = Schema.Struct({
  error: Schema.Struct({
    messages: Schema.Array(Schema.Struct({ description: Schema.String }))
  })
})

const decode = Schema.decodeUnknownOption(Envelope)

/** `errorMessages` gives the FMC's own words in an answer, made safe; none where the body is not its error envelope. */
export const errorMessages = (
  reply: Reply.Reply,
  secrets: ReadonlyArray<Redacted.Redacted> = []
): ReadonlyArray<string> =>
  Option.match(decode(Reply.json(reply)), {
    onNone: () => [],
    // Ten say enough; a body may hold a million.
    onSome: ({ error }) =>
      error.messages.slice(0, 10).map(({ description }) => Redaction.redact(description, secrets))
  })
