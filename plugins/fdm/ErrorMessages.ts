import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Lenient, Redaction, Reply } from "sallyport/plugin"

// {"status_code":400,"message":"…"} and {"message":"…"} of the token operation, {"error":{"messages":[…]}} of
// everything, {"code":404,"description":"…"} of a path that does not exist.
const Body = Schema.Struct({
  message: Lenient.field(Schema.NonEmptyString),
  description: Lenient.field(Schema.NonEmptyString),
  error: Lenient.field(Schema.Struct({ messages: Lenient.field(Schema.Array(Schema.Unknown)) }))
})

const Codes = Schema.Struct({
  error: Schema.Struct({ messages: Lenient.items(Schema.Struct({ code: Lenient.text })) })
})

const decodeCodes = Schema.decodeUnknownOption(Codes)

/**
 * `isNotFound` says whether an answer means that there is no such object: 404 to what reads it, and 422 with the code
 * `invalidUuid` to what changes or deletes it (FDM OpenAPI: PUT and DELETE declare no 404; read in public clients'
 * code).
 */
export const isNotFound = (reply: Reply.Reply): boolean => {
  if (reply.status !== 422) return reply.status === 404
  return Option.match(decodeCodes(Reply.json(reply)), {
    onNone: () => false,
    onSome: ({ error }) => (error.messages ?? []).some(({ code }) => code === "invalidUuid")
  })
}

const decode = Schema.decodeUnknownOption(Body)

const decodeMessage = Schema.decodeUnknownOption(Schema.Struct({ description: Schema.NonEmptyString }))

const maxMessages = 10

/** `wordsOf` gives the words of each message; `undefined` for one that has none. */
const wordsOf = (reply: Reply.Reply): ReadonlyArray<string | undefined> =>
  Option.match(decode(Reply.json(reply)), {
    onNone: () => [],
    onSome: ({ description, error, message }) => [
      ...[message, description].filter((words) => words !== undefined),
      ...(error?.messages ?? []).map((each) => Option.getOrUndefined(decodeMessage(each))?.description)
    ]
  })

/**
 * `errorMessages` gives the FDM's own words in an answer, made safe; none where the body is none of its errors. Never
 * the raw body.
 */
export const errorMessages = (
  reply: Reply.Reply,
  secrets: ReadonlyArray<Redacted.Redacted> = []
): ReadonlyArray<string> =>
  wordsOf(reply)
    .filter((words) => words !== undefined)
    .slice(0, maxMessages)
    .map((words) => Redaction.redact(withoutTokens(words), secrets))

/** `soleMessage` gives the words of an answer that has no message beside them, not even one without words. */
export const soleMessage = (reply: Reply.Reply): string | undefined =>
  wordsOf(reply).length === 1 ? errorMessages(reply)[0] : undefined

// An FDM's tokens are JSON web tokens (read in public clients' code). Its words may echo one that nobody here holds.
const withoutTokens = (words: string): string => words.replace(/\beyJ[\w-]{8,}(\.[\w-]*)*/g, "***")
