import type { Schema, Swagger } from "./specs.ts"

/**
 * Where a value is not as a schema has it: fields that no model has, required ones that are missing, types, and words
 * that are in no enum. An optional field may be null, as it is on real devices. Of a model that others extend, the one
 * that the value's own type names counts.
 */
export const differences = (
  document: Swagger,
  schema: Schema,
  value: unknown,
  at = ""
): ReadonlyArray<string> => {
  const { enum: words, items, properties, required = [], type } = resolved(document, schema, value)
  if (words !== undefined) return words.includes(String(value)) ? [] : [`${at} is ${value}`]
  if (properties !== undefined) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`]
    const fields = Object.entries(value)
    return [
      ...required.filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`),
      ...fields.flatMap(([name, field]) => {
        const model = properties[name]
        const path = `${at}.${name}`
        if (model === undefined) return [`${path} is unknown`]
        if (field === null && !required.includes(name)) return []
        const isOther = name === "type" && ![undefined, String(field).toLowerCase()].includes(lower(model))
        return isOther ? [`${path} is ${field}`] : differences(document, model, field, path)
      })
    ]
  }
  if (type === "array") {
    if (!Array.isArray(value)) return [`${at} is no array`]
    return value.flatMap((item) => differences(document, items ?? {}, item, `${at}[]`))
  }
  const isOfType = type === "integer" ? Number.isInteger(value) : type === undefined || typeof value === type
  return isOfType ? [] : [`${at} is no ${type}`]
}

const lower = (schema: Schema): string | undefined => schema.default?.toLowerCase()

const resolved = (document: Swagger, schema: Schema, value: unknown): Schema => {
  const name = schema.$ref?.split("/").at(-1)
  if (name === undefined) return merged(document, schema, value)
  const model = document.definitions[name]
  if (model === undefined) throw new Error(`the document has no definition ${name}`)
  return merged(document, specific(document, model, value), value)
}

const merged = (document: Swagger, schema: Schema, value: unknown): Schema => {
  if (schema.allOf === undefined) return schema
  const parts = schema.allOf.map((part) => resolved(document, part, value))
  return {
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => required ?? [])
  }
}

// `BaseEntityDiff` stands for `EntityCreate` and others, which the document tells apart by their type alone.
const specific = (document: Swagger, model: Schema, value: unknown): Schema => {
  const type = typeof value === "object" && value !== null && "type" in value ? String(value.type) : undefined
  const own = model.properties?.type
  if (type === undefined || !own?.default?.startsWith("Base")) return model
  const typed = Object.values(document.definitions).find(
    ({ properties = {} }) => properties.type !== undefined && lower(properties.type) === type.toLowerCase()
  )
  return typed ?? model
}
