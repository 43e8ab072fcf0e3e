import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Reply from "./Reply.ts"
import * as Redaction from "./redaction/Redaction.ts"

/**
 * `wordsOf` gives the words of an error that has none of the forms of its backend: as gateways, clouds and other versions
 * say it in JSON (`{"message":…}`, `{"errorMsg":…}`, RFC 9457's `detail`). Made safe, and at most ten; never a raw body.
 */
export const wordsOf = (
  reply: Reply.Reply,
  secrets: ReadonlyArray<Redacted.Redacted>
): ReadonlyArray<string> =>
  [Reply.json(reply)]
    .flat()
    .filter(Predicate.isReadonlyRecord)
    .slice(0, maxTexts)
    .flatMap((one) => textsIn(one, maxDepth))
    .slice(0, maxTexts)
    .map((text) => Redaction.redact(text.replace(webToken, "***"), secrets))
    .filter((text) => text !== "")

const maxTexts = 10

/** `maxDepth` is enough for `{"errors":[{"error":{"message":…}}]}`. */
const maxDepth = 5

/** `fields` are where words stand, the first of them that has some. */
const fields = [
  "error",
  "errors",
  "messages",
  "message",
  "errorMsg",
  "errorMessage",
  "error_description",
  "description",
  "detail",
  "title"
]

const textsIn = (value: unknown, depth: number): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (depth === 0) return []
  if (Array.isArray(value)) return value.slice(0, maxTexts).flatMap((one) => textsIn(one, depth - 1))
  if (!Predicate.isReadonlyRecord(value)) return []
  // A code in its place, as OAuth has it (`"error":"invalid_grant"`), says less than what describes it.
  const names = typeof value.error === "string" ? [...fields.slice(1), "error"] : fields
  for (const name of names) {
    const texts = textsIn(value[name], depth - 1)
    if (texts.some((text) => text.trim() !== "")) return texts
  }
  return []
}

// Words may echo a token that nobody here holds.
const webToken = /\beyJ[\w-]{8,}(\.[\w-]*)*/g
