import { jsonObject } from "../appliance/Call.ts"
import type { Entity, Fields } from "./Entity.ts"
import { invalid } from "./Replies.ts"

/** `Reference` is another object by its id, as it is kept: it is shown with the name and version of now. */
export class Reference {
  readonly id: string
  constructor(id: string) {
    this.id = id
  }
}

/** `Field` is one field of a kind: how the description tells of it, and how it is read from a body. */
export interface Field {
  /** `property` is in the shorthand of `Definitions`. */
  readonly property: string | ReadonlyArray<string>
  /** `words` are the words of an enum that the property names. */
  readonly words?: ReadonlyArray<string> | undefined
  readonly isRequired?: boolean | undefined
  /** `otherwise` stands in its place where it is not given; `undefined` leaves it out. */
  readonly otherwise?: unknown
  /** `refusal` is what is said of one that does not fit. */
  readonly refusal: string
  readonly code?: string | undefined
  /** `read` gives what is kept of a value; `undefined` for one that does not fit. */
  readonly read: (value: unknown, at: ReadContext) => unknown
}

/** `ReadContext` is where a field is read: what may be referred to, and the id of what it belongs to. */
export interface ReadContext {
  readonly store: EntityLookup
  readonly id: string
}

/** `EntityLookup` is what a field needs of the store. */
interface EntityLookup {
  readonly find: (id: unknown) => Entity | undefined
}

/** `accept` reads the fields of a body, and throws what it refuses. What no field names is left out. */
export const accept = (
  fields: Readonly<Record<string, Field>>,
  given: Fields,
  context: ReadContext
): Record<string, unknown> => {
  const accepted: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name] ?? undefined
    if (value === undefined && !field.isRequired) {
      if (field.otherwise !== undefined) accepted[name] = field.otherwise
      continue
    }
    const read = field.read(value, context)
    if (read === undefined) throw invalid(field.refusal, field.code ?? "invalidValue", name)
    accepted[name] = read
  }
  return accepted
}

export const required = (field: Field): Field => ({ ...field, isRequired: true })

export const withDefault = (field: Field, value: unknown): Field => ({ ...field, otherwise: value })

export const text: Field = {
  property: "string",
  refusal: "The value is no text.",
  read: (value) => (typeof value === "string" ? value : undefined)
}

export const fitting = (fits: (text: string) => boolean, refusal: string): Field => ({
  ...text,
  refusal,
  read: (value) => (typeof value === "string" && fits(value) ? value : undefined)
})

export const flag: Field = {
  property: "boolean",
  refusal: "The value is neither true nor false.",
  read: (value) => (typeof value === "boolean" ? value : undefined)
}

export const whole = (least: number, most: number): Field => ({
  property: "integer",
  refusal: `The value is no whole number from ${least} to ${most}.`,
  read: (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? value
      : undefined
})

/** `oneOf` gives one of the words of an enum, which the description knows by its name. */
export const oneOf = (property: string, ...words: ReadonlyArray<string>): Field => ({
  property,
  words,
  refusal: `The value is none of ${words.join(", ")}.`,
  read: (value) => (typeof value === "string" && words.includes(value) ? value : undefined)
})

/**
 * `port` is a port or a range of ports, as a text or a number: the schema says text, and its own example is a number.
 */
export const port: Field = {
  property: "string",
  refusal: "The port is no number from 1 to 65535, and no range.",
  read: (value) => {
    const text = typeof value === "number" ? String(value) : value
    return typeof text === "string" && isPort(text) ? text : undefined
  }
}

const isPort = (text: string): boolean => {
  const [first = 0, last = first, ...rest] = text
    .split("-")
    .map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : 0))
  return rest.length === 0 && first >= 1 && first <= last && last <= 65_535
}

/** `reference` is another object of one of these types. */
export const reference = (...types: ReadonlyArray<string>): Field => ({
  property: "ReferenceModel",
  code: "invalidReference",
  refusal: `What is referred to does not exist, or is no ${types.join(" or ")}.`,
  read: (value, context) => referred(value, types, context)
})

/** `references` gives a list of such; a group never holds itself. */
export const references = (...types: ReadonlyArray<string>): Field => ({
  ...reference(...types),
  property: "[ReferenceModel]",
  read: (value, context) => {
    const read = Array.isArray(value) ? value.map((one) => referred(one, types, context)) : [undefined]
    return read.includes(undefined) ? undefined : read
  }
})

const referred = (
  value: unknown,
  types: ReadonlyArray<string>,
  { id, store }: ReadContext
): Reference | undefined => {
  const given = jsonObject(value)
  const found = store.find(given?.id)
  if (found === undefined || !types.includes(found.type) || !isSame(given?.type, found.type)) return undefined
  if (found.id === id || holds(store, found, id)) {
    throw invalid(`${found.name} holds the group itself.`, "circularReference", "objects")
  }
  return new Reference(found.id)
}

/** `isSame` tells types apart whatever their case. */
export const isSame = (given: unknown, type: string): boolean =>
  typeof given === "string" && given.toLowerCase() === type

const holds = (store: EntityLookup, entity: Entity, sought: string): boolean =>
  usedBy(entity).some((id) => {
    const used = store.find(id)
    return id === sought || (used !== undefined && holds(store, used, sought))
  })

/** `usedBy` gives the ids of all that an object refers to. */
export const usedBy = (entity: Fields): ReadonlyArray<string> =>
  Object.values(entity)
    .flat()
    .flatMap((value) => (value instanceof Reference ? [value.id] : []))

/** `anyValue` is kept without a look: the sandbox does not act upon it. */
export const anyValue = (property: string): Field => ({
  property,
  refusal: "",
  read: (value) => value
})
