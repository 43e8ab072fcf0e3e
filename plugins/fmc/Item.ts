import * as Schema from "effect/Schema"

const others = { key: Schema.String, value: Schema.Unknown }

/** Any object of an FMC; fields that are not named here come through as they are. */
export const Item = Schema.Struct({ id: Schema.String, name: Schema.String, type: Schema.String }, others)
export type Item = typeof Item.Type

/** What identifies an object that another one uses. */
export const Reference = Schema.Struct(
  { id: Schema.String, type: Schema.String, name: Schema.optional(Schema.String) },
  others
)
export type Reference = typeof Reference.Type

/** A value in a group or a rule that is no object of its own. */
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

/** A host, network or range as the FMC sends it. */
export const Address = Schema.Struct(address, others)
export type Address = typeof Address.Type

/** A host, network or range as a script wants it. */
export interface WantedAddress {
  readonly name: string
  /** `10.0.0.1` for a host, `10.0.0.0/8` for a network, `10.0.0.1-10.0.0.9` for a range. */
  readonly value: string
  readonly description?: string | undefined
  readonly overridable?: boolean | undefined
  readonly [field: string]: unknown
}

/** A network group as the FMC sends it: an empty list is left out. */
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

/** A network group as a script wants it. */
export interface WantedNetworkGroup {
  readonly name: string
  readonly objects?: ReadonlyArray<{ readonly id: string; readonly type: string }> | undefined
  readonly literals?: ReadonlyArray<{ readonly type: string; readonly value: string }> | undefined
  readonly description?: string | undefined
  readonly [field: string]: unknown
}
