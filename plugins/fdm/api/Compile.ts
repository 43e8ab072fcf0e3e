import type { Schema } from "@cfworker/json-schema"
import * as Keywords from "./Keywords.ts"
import * as Models from "./Models.ts"
import * as Reference from "./Reference.ts"

/** `Compiled` is a schema of a document as JSON Schema, draft 4, with all that it refers to. */
export interface Compiled {
  readonly root: Schema
  /** `fields` are the fields of a schema inside that allows no others. */
  readonly fields: WeakMap<object, ReadonlyArray<string>>
}

export interface Options {
  /** `strict` says whether an object may have only the fields that are described. */
  readonly strict: boolean
  /** `extraFields` are fields that the outermost object may have besides. */
  readonly extraFields: ReadonlyArray<string>
}

/**
 * `compile` copies what is understood of a schema and leaves out the rest, so that nothing in a document can make the
 * check fail but what it is about. Models become definitions, each once: they may refer to themselves.
 */
export const compile = (document: unknown, raw: unknown, options: Options): Compiled => {
  const definitions: Record<string, Schema> = {}
  const names = new Map<string, string>()
  const fields: Compiled["fields"] = new WeakMap()

  // Under names of our own: those of a document may be anything.
  const defined = (label: string, build: () => Schema): Schema => {
    let name = names.get(label)
    if (name === undefined) {
      name = `d${names.size}`
      names.set(label, name)
      definitions[name] = build()
    }
    return { $ref: `#/definitions/${name}` }
  }

  /** `part` gives a schema as a part of others: whatever else is there is not its business. */
  const part = (given: unknown, depth: number): Schema => {
    const reference = Reference.of(given)
    if (reference !== undefined) return isCircular(reference) ? {} : model(reference)
    return Keywords.copy(given, {
      value: (inner) => value(inner, depth + 1),
      part: (inner) => part(inner, depth + 1)
    })
  }

  const model = (reference: string): Schema =>
    defined(`part ${reference}`, () => part(Reference.resolve(document, reference), 0))

  // One that is made of itself, not of a field of its own kind: checking it would never end.
  const isCircular = (reference: string): boolean =>
    Models.basesOf(document, Reference.resolve(document, reference)).has(reference)

  /** `value` gives a schema where a value stands. */
  const value = (given: unknown, depth: number, also: ReadonlyArray<string> = []): Schema => {
    if (depth > maxDepth) return {}
    const reference = Reference.of(given)
    if (reference === undefined) return closed(given, part(given, depth), also)
    return defined(`value ${also.length} ${reference}`, () => {
      const raw = Reference.resolve(document, reference)
      const discriminator = Reference.field(raw, "discriminator")
      if (typeof discriminator !== "string") return closed(raw, model(reference), also)
      const subtypes = [
        [Models.nameOf(reference), reference],
        ...Models.subtypesOf(document, reference)
      ] as const
      // One that names no model is checked by what all of them share.
      return {
        allOf: [
          model(reference),
          ...subtypes.map(([name, subtype]) => ({
            if: named(discriminator, name),
            // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word for it.
            then: closed(Reference.resolve(document, subtype), model(subtype), also)
          }))
        ]
      }
    })
  }

  const closed = (given: unknown, open: Schema, also: ReadonlyArray<string>): Schema => {
    const own = options.strict ? Models.fieldsOf(document, given) : []
    // What describes no field leaves them open.
    if (own.length === 0 || isReference(own)) return open
    const besides = { properties: Object.fromEntries(also.map((name) => [name, true])) }
    const schema: Schema = { allOf: [open, besides], unevaluatedProperties: false }
    fields.set(schema, own)
    return schema
  }

  return { root: { allOf: [value(raw, 0, options.extraFields)], definitions }, fields }
}

/**
 * `isReference` says that a whole object may stand where its reference is meant: the examples in the description of a
 * real device do so.
 */
const isReference = (names: ReadonlyArray<string>): boolean =>
  names.includes("id") && names.every((name) => ["id", "type", "version", "name"].includes(name))

// Far more than any document's own nesting.
const maxDepth = 100

// Swagger names the model; an FDM writes such names in small letters (seen on real devices).
const named = (discriminator: string, name: string): Schema => ({
  required: [discriminator],
  properties: Object.fromEntries([[discriminator, { enum: [name, name.toLowerCase()] }]])
})
