import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as GivenValue from "./GivenValue.ts"
import { refuseInput } from "./RefuseInput.ts"
import { leaveOut, unknownIn } from "./Spelling.ts"

// What a function cannot do its work without. The types say so too; a script in JavaScript has none, and would be told by a
// TypeError of the library's own insides.

/** `Needed` takes what was given at a field. Throws `InvalidInput` for another form, which says what to give: `form`. */
export type Needed = (field: string, given: unknown, form?: string) => void

const needed =
  (words: string, is: (given: unknown) => boolean): Needed =>
  (field, given, form) => {
    if (is(given)) return
    const advice = form === undefined ? GivenValue.adviceOf(given) : `give ${form}`
    throw refuseInput(
      field,
      `it is ${GivenValue.kindOf(given)} where ${words} is needed; ${advice ?? "give one"}.`
    )
  }

/** `text` is a text, an empty one too. */
export const text: Needed = needed("a text", Predicate.isString)

/** `list` is an array. */
export const list: Needed = needed("a list", Array.isArray)

/** `names` are texts, in a list, a Set or another iterable. */
export const names: Needed = needed("a list", Predicate.isIterable)

/** `fn` is a function. */
export const fn: Needed = needed(
  "a function",
  (given) => Predicate.isFunction(given) && !Effect.isEffect(given)
)

/** `object` is one that has fields by their names. */
export const object: Needed = needed("an object", GivenValue.isPlainObject)

/** `fields` is an object with no other fields than those of these names: a misspelt one would be passed over. */
export const fields = (field: string, given: unknown, names: ReadonlyArray<string>, form?: string): void => {
  object(field, given, form)
  list("names", names)
  const unknown = unknownIn(given as object, names)
  if (unknown !== undefined)
    throw refuseInput(`${field}.${unknown}`, `there is no such field here; ${leaveOut(unknown, names)}`)
}

/** `effect` is an Effect. */
export const effect: Needed = needed("an Effect", Effect.isEffect)

/** `schema` is a Schema of `effect/Schema`. */
export const schema: Needed = needed("a Schema", Schema.isSchema)

/** `stream` is a Stream. */
export const stream: Needed = needed("a stream", (given) => GivenValue.kindOf(given) === "a stream")

const isClient = (given: unknown): boolean =>
  Predicate.hasProperty(given, "execute") && Predicate.isFunction(given.execute)

/** `client` is an HTTP client of `@effect/platform`. */
export const client: Needed = needed("an HTTP client", isClient)

/** `session` is an open session, such as `Session.make` gives. */
export const session: Needed = needed(
  "a session",
  (given) =>
    Predicate.hasProperty(given, "target") && Predicate.hasProperty(given, "http") && isClient(given.http)
)

/** `reply` is a whole answer of a device. */
export const reply: Needed = needed(
  "a reply",
  (given) =>
    Predicate.hasProperty(given, "status") &&
    Predicate.hasProperty(given, "headers") &&
    Predicate.hasProperty(given, "body")
)
