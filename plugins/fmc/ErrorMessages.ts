import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Lenient, Redaction, Reply } from "sallyport/plugin"

const messages = Lenient.field(Schema.Array(Schema.Unknown))

// {"error":{"category":"FRAMEWORK","messages":[{"description":"…"}],"severity":"ERROR"}}; it may be absent, and the
// document has it without `error` round it (FMC OpenAPI, ErrorResponse).
const Envelope = Schema.Struct({ messages, error: Lenient.field(Schema.Struct({ messages })) })

const decode = Schema.decodeUnknownOption(Envelope)

const decodeMessage = Schema.decodeUnknownOption(Schema.Struct({ description: Schema.NonEmptyString }))

const messagesOf = (reply: Reply.Reply): ReadonlyArray<unknown> =>
  Option.match(decode(Reply.json(reply)), {
    onNone: () => [],
    onSome: ({ error, messages }) => error?.messages ?? messages ?? []
  })

/**
 * `errorMessages` gives the FMC's own words in an answer, made safe, without the messages that have none; none where the
 * body is not its error envelope.
 */
export const errorMessages = (
  reply: Reply.Reply,
  secrets: ReadonlyArray<Redacted.Redacted> = []
): ReadonlyArray<string> =>
  messagesOf(reply)
    // Ten say enough; a body may hold a million.
    .slice(0, 10)
    .flatMap((message) => Option.toArray(decodeMessage(message)))
    .map(({ description }) => Redaction.redact(description, secrets))

/** `soleMessage` gives the words of an answer that has no message beside them, not even one without words. */
export const soleMessage = (reply: Reply.Reply): string | undefined =>
  messagesOf(reply).length === 1 ? errorMessages(reply)[0] : undefined
