import * as Schema from "effect/Schema"

const others = { key: Schema.String, value: Schema.Unknown }

// Where a device has a number, or nothing, for what is a text elsewhere: an AS path's name is a number (FMC OpenAPI,
// the examples of aspathlists).
const text = Schema.optional(
  Schema.Union(
    Schema.String,
    Schema.Undefined,
    Schema.transform(Schema.Number, Schema.String, { strict: true, decode: String, encode: Number })
  )
)

/**
 * `Entry` is whatever an FMC keeps in a list. Of 155 lists in the FMC OpenAPI document, 36 have examples whose items
 * lack an `id`, a `name` or a `type`, such as hit counts. What is `null` there is as good as absent.
 */
export const Entry = Schema.transform(
  Schema.NullOr(Schema.Record({ key: Schema.String, value: Schema.Unknown })),
  Schema.Struct({ id: text, name: text, type: text }, others),
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
export const Item = Schema.Struct({ id: Schema.String, name: Schema.String, type: Schema.String }, others)
export type Item = typeof Item.Type

/** `Reference` is what identifies an object that another one uses. */
export const Reference = Schema.Struct(
  { id: Schema.String, type: Schema.String, name: Schema.optional(Schema.String) },
  others
)
export type Reference = typeof Reference.Type

/** `Literal` is a value in a group or a rule that is no object of its own. */
export const Literal = Schema.Struct({ type: Schema.String, value: Schema.String }, others)
export type Literal = typeof Literal.Type

const address = {
  id: Schema.String,
  name: Schema.String,
  type: Schema.String,
  value: Schema.String,
  description: Schema.optional(Schema.String),
  overridable: Schema.optional(Schema.Boolean)
}

/** `Address` is a host, network or range as the FMC sends it. */
export const Address = Schema.Struct(address, others)
export type Address = typeof Address.Type

/** `WantedAddress` is a host, network or range as a script wants it. */
export interface WantedAddress {
  readonly name: string
  /** `value` is `10.0.0.1` for a host, `10.0.0.0/8` for a network, `10.0.0.1-10.0.0.9` for a range. */
  readonly value: string
  readonly description?: string | undefined
  readonly overridable?: boolean | undefined
  readonly [field: string]: unknown
}

/** `NetworkGroup` is a network group as the FMC sends it: an empty list is left out. */
export const NetworkGroup = Schema.Struct(
  {
    id: Schema.String,
    name: Schema.String,
    type: Schema.String,
    objects: Schema.optional(Schema.Array(Reference)),
    literals: Schema.optional(Schema.Array(Literal)),
    description: Schema.optional(Schema.String)
  },
  others
)
export type NetworkGroup = typeof NetworkGroup.Type

/** `WantedNetworkGroup` is a network group as a script wants it. */
export interface WantedNetworkGroup {
  readonly name: string
  readonly objects?: ReadonlyArray<{ readonly id: string; readonly type: string }> | undefined
  readonly literals?: ReadonlyArray<{ readonly type: string; readonly value: string }> | undefined
  readonly description?: string | undefined
  readonly [field: string]: unknown
}
