import { jsonObject } from "../appliance/Call.ts"
import {
  type Accepted,
  type Context,
  type Field,
  type Fields,
  type Item,
  isOfType,
  referencedAs,
  type Schema
} from "./Kind.ts"
import { refuse } from "./Replies.ts"

export type { Field, Schema } from "./Kind.ts"

/** `accept` reads the fields of a body, and refuses with 400 what does not fit. What no field names is left out. */
export const accept = (
  fields: Readonly<Record<string, Field>>,
  given: Fields,
  context: Context
): Accepted => {
  const accepted: Record<string, unknown> = {}
  const references = new Set<string>()
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name] ?? undefined
    if (value === undefined && field.isRequired !== true) {
      if (field.otherwise !== undefined) accepted[name] = field.otherwise
      continue
    }
    const read = field.read(value, context)
    if (read === undefined) {
      const of = typeof given.name === "string" ? ` of ${given.name}` : ""
      throw refuse(400, `Invalid ${name}${of}: expected ${field.want}.`, "VALIDATION")
    }
    if (read.value !== undefined) accepted[name] = read.value
    for (const id of read.references ?? []) references.add(id)
  }
  return { fields: accepted, references: [...references] }
}

export const required = (field: Field): Field => ({ ...field, isRequired: true })

export const withDefault = (field: Field, value: unknown): Field => ({ ...field, otherwise: value })

/** `text` is kept as it comes. */
export const text: Field = {
  schema: { type: "string" },
  want: "a text",
  read: (value) => (typeof value === "string" ? { value } : undefined)
}

/** `fitting` gives a text that fits, written as `written` says. */
export const fitting = (
  fits: (text: string) => boolean,
  want: string,
  written: (text: string) => string = (text) => text
): Field => ({
  ...text,
  want,
  read: (value) => (typeof value === "string" && fits(value) ? { value: written(value) } : undefined)
})

export const flag: Field = {
  schema: { type: "boolean" },
  want: "a boolean",
  read: (value) => (typeof value === "boolean" ? { value } : undefined)
}

/** `whole` gives a whole number, or one in a text, as clients write it too. */
export const whole = (least: number, most: number): Field => ({
  schema: { type: "integer", format: "int32" },
  want: `a whole number from ${least} to ${most}`,
  read: (value) => {
    const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value
    const fits = typeof number === "number" && Number.isInteger(number) && number >= least && number <= most
    return fits ? { value: number } : undefined
  }
})

export const oneOf = (...words: ReadonlyArray<string>): Field => ({
  schema: { type: "string", enum: words },
  want: `one of ${words.join(", ")}`,
  read: (value) => (typeof value === "string" && words.includes(value) ? { value } : undefined)
})

/** `reference` gives an object of these types, by its id; of none: whatever it is, it is kept without a look. */
export const reference = (...types: ReadonlyArray<string>): Field => ({
  schema: { $ref: "#/definitions/IReference" },
  want: types.length === 0 ? "an object with an id" : `an existing ${types.join(" or ")}`,
  read: (value, { find }) => {
    const given = jsonObject(value)
    if (given === undefined || typeof given.id !== "string") return undefined
    if (types.length === 0) return { value: given }
    const item = find(given.id)
    return item !== undefined && isReferred(item, types, given.type)
      ? { value: referencedAs(item), references: [item.id] }
      : undefined
  }
})

/** `listOf` gives a list of such. */
export const listOf = (field: Field): Field => ({
  schema: { type: "array", items: field.schema },
  want: `a list, each of it ${field.want}`,
  read: (value, context) => {
    if (!Array.isArray(value)) return undefined
    const read = value.map((one) => field.read(one, context))
    return read.some((one) => one === undefined)
      ? undefined
      : {
          value: read.map((one) => one?.value),
          references: read.flatMap((one) => one?.references ?? [])
        }
  }
})

/** `struct` gives an object that is read field by field. */
export const struct = (fields: Readonly<Record<string, Field>>): Field => ({
  schema: schemaOf(fields),
  want: "an object with its fields",
  read: (value, context) => {
    const given = jsonObject(value)
    if (given === undefined) return undefined
    const { fields: read, references } = accept(fields, given, context)
    return { value: read, references }
  }
})

/** `anyValue` is kept without a look: the sandbox does not act upon it. */
export const anyValue: Field = {
  schema: { type: "object" },
  want: "anything",
  read: (value) => ({ value })
}

/** `listed` gives a list that the check of its kind reads, such as the members of a group. */
export const listed = (model: string): Field => ({
  schema: { type: "array", items: { $ref: `#/definitions/${model}` } },
  want: "a list",
  read: (value) => (Array.isArray(value) ? { value } : undefined)
})

/** `schemaOf` gives the schema of an object with these fields. */
export const schemaOf = (fields: Readonly<Record<string, Field>>): Schema => {
  const required = Object.keys(fields).filter((name) => fields[name]?.isRequired)
  return {
    type: "object",
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]))
  }
}

/**
 * `isReferred` says whether an object is of one of these types, and of the one that its reference names, where it names
 * one.
 */
const isReferred = ({ kind }: Item, types: ReadonlyArray<string>, type: unknown): boolean =>
  types.includes(kind.type) && (type === undefined || isOfType(kind, type))
