import * as Schema from "effect/Schema"
import { Lenient } from "sallyport/plugin"

// Where a device has a number, or nothing, for what is a text elsewhere: an AS path's name is a number (FMC OpenAPI,
// the examples of aspathlists).
const text = Lenient.optional(Lenient.Text)

/**
 * `Entry` is whatever an FMC keeps in a list. Of 155 lists in the FMC OpenAPI document, 36 have examples whose items
 * lack an `id`, a `name` or a `type`, such as hit counts. What is `null` there is as good as absent.
 */
export const Entry = Schema.transform(
  Schema.NullOr(Schema.Record({ key: Schema.String, value: Schema.Unknown })),
  Schema.Struct({ id: text, name: text, type: text }, Lenient.others),
  {
    strict: true,
    decode: (given) => withoutNulls(given ?? {}),
    encode: (entry) => entry
  }
)
export type Entry = typeof Entry.Type

const withoutNulls = (given: Readonly<Record<string, unknown>>) => {
  const { id, name, type, ...rest } = given
  const known = Object.entries({ id, name, type }).filter(([, value]) => isText(value))
  return { ...rest, ...Object.fromEntries(known) }
}

const isText = (value: unknown): boolean => typeof value === "string" || typeof value === "number"

/** `WantedEntry` is what goes into a list, as a script wants it: `upsert` needs its name, or a key. */
export interface WantedEntry {
  readonly name?: string | undefined
  readonly [field: string]: unknown
}

/** `Item` is any object of an FMC; fields that are not named here come through as they are. */
export const Item = Schema.Struct(
  { id: Lenient.Text, name: Lenient.Text, type: Lenient.Text },
  Lenient.others
)
export type Item = typeof Item.Type

/** `Reference` is what identifies an object that another one uses. */
export const Reference = Schema.Struct({ id: Lenient.Text, type: Lenient.Text, name: text }, Lenient.others)
export type Reference = typeof Reference.Type

/** `Literal` is a value in a group or a rule that is no object of its own. */
export const Literal = Schema.Struct({ type: Lenient.Text, value: Lenient.Text }, Lenient.others)
export type Literal = typeof Literal.Type
