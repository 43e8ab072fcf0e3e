import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import * as Needed from "../../validation/Needed.ts"
import * as Pages from "./Pages.ts"
import type { Query, Rest } from "./Rest.ts"

const orNothing = <A, I>(schema: Schema.Schema<A, I>) => {
  Needed.schema("schema", schema)
  return Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Either.right(undefined) })
}

/** `field` gives a field that may be missing, null or of another shape: it is then as good as absent. */
export const field = <A, I>(schema: Schema.Schema<A, I>) => Schema.optional(orNothing(schema))

/** `items` gives a field that holds a list: what cannot be read is left out of it, and all where it is no list. */
export const items = <A, I>(schema: Schema.Schema<A, I>) =>
  field(
    Schema.transform(Schema.Array(orNothing(schema)), Schema.Array(Schema.typeSchema(schema)), {
      strict: true,
      decode: (all) => all.filter(Predicate.isNotUndefined),
      encode: (all) => all
    })
  )

/** `others` are the fields that a shape does not name: they come through as they are. */
export const others = { key: Schema.String, value: Schema.Unknown }

/** `Text` is text, or a number or a boolean, which is as good. */
export const Text = Schema.Union(
  Schema.String,
  Schema.transform(Schema.Union(Schema.Number, Schema.Boolean), Schema.String, {
    strict: true,
    decode: String,
    encode: Number
  })
)

/** `Numeric` is a number, or one that is written as text. */
export const Numeric = Schema.Union(Schema.Number, Schema.compose(Schema.NumberFromString, Schema.Finite))

/** `Flag` is true or false, or one of both as text, in any case. */
export const Flag = Schema.Union(
  Schema.Boolean,
  Schema.transform(Schema.String.pipe(Schema.pattern(/^\s*(true|false)\s*$/i)), Schema.Boolean, {
    strict: true,
    decode: (text) => text.trim().toLowerCase() === "true",
    encode: String
  })
)

/**
 * `optional` gives a field that may be missing, and is as good as that where it is null. Of another shape it cannot be
 * read, other than with `field`: what is left out of an object that a script writes back would be lost on the device.
 */
export const optional = <A, I>(schema: Schema.Schema<A, I>) => {
  Needed.schema("schema", schema)
  return Schema.optional(Schema.Union(schema, Schema.Undefined, absentNull))
}

const absentNull = Schema.transform(Schema.Null, Schema.Undefined, {
  strict: true,
  decode: () => undefined,
  encode: () => null
})

/** `text` is a field that holds such text. */
export const text = field(Text)

/** `textOrNull` is the same, of a device that writes `null` for what it has no value for: it stays as it is. */
export const textOrNull = field(Schema.NullOr(Text))

/** `textOrEmpty` is a field that holds text, and is empty where it holds none. */
export const textOrEmpty = Schema.optionalWith(
  Text.annotations({ decodingFallback: () => Either.right("") }),
  { default: () => "", nullable: true }
)

/**
 * `list` lists as `Pages.list` does, but what is no item, such as `null`, is left out of the list and does not end it:
 * for accounts of what has been, where a line that cannot be read takes nothing from the others. Fails as `Pages.list`
 * does.
 */
export const list = <A, I>(
  rest: Rest,
  path: string,
  item: Schema.Schema<A, I>,
  query?: Query
): Stream.Stream<A, SessionError> =>
  Stream.filter(Pages.list(rest, path, orNothing(item), query), Predicate.isNotUndefined)
