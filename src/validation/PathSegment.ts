import * as Effect from "effect/Effect"
import * as GivenValue from "./GivenValue.ts"
import type { InvalidInput } from "./InvalidInput.ts"
import * as Needed from "./Needed.ts"
import { refuseInput } from "./RefuseInput.ts"

/**
 * `text` checks a value of a script that names one thing at a device, such as an object's name: text that is not blank,
 * without control characters and without half a character. Hands it back as it is.
 *
 * Fails with `InvalidInput`, which names the field.
 */
export const text = (field: string, value: unknown): Effect.Effect<string, InvalidInput> => {
  const given = textOf(field, value)
  return typeof given === "string" ? Effect.succeed(given) : given
}

const textOf = (field: string, value: unknown): string | InvalidInput => {
  const fault = problemOf(field, value)
  return typeof value === "string" && fault === undefined ? value : (fault ?? noText(field, value))
}

/** `problemOf` gives the same as a verdict: why a value names no one thing, or `undefined` where it does. */
export const problemOf = (field: string, value: unknown): InvalidInput | undefined => {
  if (typeof value !== "string") return noText(field, value)
  if (value.trim() === "") return invalid(field, value, "is empty, which stands for no one thing")
  if (/\p{Cc}/u.test(value))
    return invalid(field, value, "has a control character in it, such as a line break")
  if (/\p{Cs}/u.test(value)) return invalid(field, value, "has half a character in it (a lone surrogate)")
  return undefined
}

/**
 * `encode` turns a value of a script into one segment of a path that stands for itself, percent-encoded: whatever an id
 * is, the request reaches that one thing, never the collection round it or another path.
 *
 * Fails with `InvalidInput`, which names the field, for what `text` refuses, for `.` and `..`, for slashes and
 * backslashes, and for a `?`, `#` or `;` at its beginning, however they are spelled: a server that decodes first would
 * go elsewhere, or to the whole collection.
 *
 * @example
 * const id = yield* PathSegment.encode("id", given)
 */
export const encode = (field: string, value: unknown): Effect.Effect<string, InvalidInput> => {
  const encoded = segmentOf(field, value)
  return typeof encoded === "string" ? Effect.succeed(encoded) : encoded
}

const segmentOf = (field: string, value: unknown): string | InvalidInput => {
  const given = textOf(field, value)
  if (typeof given !== "string") return given
  const all = decodings(given)
  if (all.some((one) => /\p{Cc}/u.test(one)))
    return invalid(field, given, "spells a control character by its percent code")
  if (all.some((one) => /[/\\]/.test(one)))
    return invalid(field, given, "has a slash or a backslash in it, which parts a path")
  if (all.some((one) => /^\s*[?#;]/.test(one)))
    return invalid(field, given, "begins with ?, # or ;, before which a path ends")
  return hasDotSegment(given)
    ? invalid(field, given, "means another place in a path")
    : encodeURIComponent(given)
}

/**
 * `join` makes the path of one thing below another path: each value becomes one segment, in their order, and errors
 * call it by its key. The path above may come from a script too: it has to be one that `join` can add to, without a
 * query and without empty segments.
 *
 * Fails with `InvalidInput`.
 *
 * @example
 * const path = yield* PathSegment.join("/object/hosts", { id })
 */
export const join = (
  path: string,
  values: Readonly<Record<string, unknown>> = {}
): Effect.Effect<string, InvalidInput> => {
  const above = collectionOf(path)
  if (typeof above !== "string") return above
  let joined = above
  for (const [field, value] of Object.entries(values)) {
    const segment = segmentOf(field, value)
    if (typeof segment !== "string") return segment
    joined += `/${segment}`
  }
  return Effect.succeed(joined)
}

/**
 * `collectionOf` gives the path of a collection, as a script gives it: segments with one slash between two, and nothing
 * else.
 */
const collectionOf = (given: unknown): string | InvalidInput => {
  const path = textOf("path", given)
  if (typeof path !== "string") return path
  if (/[?#]/.test(path))
    return invalid("path", path, "has a query or a fragment, so nothing can stand below it")
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return invalid("path", path, "is a whole URL where a path is needed")
  if (/\\/.test(path) || path.trim() !== path || /[{}]/.test(path))
    return invalid("path", path, "has white space round it, or a backslash or a place to fill in it")
  if (hasEmptySegment(path))
    return invalid("path", path, "has an empty segment, where a name or an id is missing")
  return hasDotSegment(path) ? invalid("path", path, "leads to another path by . or ..") : path
}

/**
 * `hasDotSegment` says whether a path, without its query, has `.` or `..` as a segment, plainly or in a spelling by
 * which some server on the way may read it: percent codes, also of percent codes, backslashes, and parameters behind a
 * semicolon.
 */
export const hasDotSegment = (path: string): boolean =>
  decodings(path).some((one) => one.split(/[/\\]/).some((segment) => /^\s*\.{1,2}\s*(;.*)?$/s.test(segment)))

/**
 * `hasEmptySegment` says whether something is missing between two slashes, or behind the last one: nothing but white
 * space or parameters behind a semicolon, plainly or in percent codes.
 */
export const hasEmptySegment = (path: string): boolean =>
  decodings(path).some((one) =>
    one
      .replace(/^\//, "")
      .split("/")
      .some((segment) => /^\s*(;.*)?$/s.test(segment))
  )

/**
 * `decodings` are the text as it is, and as it reads after each decoding; only what stands for ASCII can lead
 * elsewhere.
 */
const decodings = (given: string): ReadonlyArray<string> => {
  Needed.text("path", given)
  const all = [given]
  for (let current = given; ; ) {
    const next = current.replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16))
    )
    if (next === current) return all
    all.push(next)
    current = next
  }
}

const invalid = (field: string, value: unknown, why: string): InvalidInput =>
  refuseInput(
    field,
    `it ${why}; give the one that is meant, as the device spells it.`,
    typeof value === "string" ? value.slice(0, 100) : undefined
  )

const noText = (field: string, value: unknown): InvalidInput => {
  const advice = GivenValue.adviceOf(value) ?? "give the one that is meant, as the device spells it"
  return refuseInput(field, `it is ${GivenValue.kindOf(value)} where a text is needed; ${advice}.`)
}
