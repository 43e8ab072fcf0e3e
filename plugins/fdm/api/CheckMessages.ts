import type { Schema } from "@cfworker/json-schema"
import { few, Redaction } from "sallyport/plugin"
import * as Reference from "./Reference.ts"
import * as Suggestion from "./Suggestion.ts"

/** `fieldPath` gives a field as a path: `body.objects[0].id`. */
export const fieldPath = (at: string, tokens: ReadonlyArray<string>): string =>
  tokens.reduce(
    (path, token) => (/^\d+$/.test(token) ? `${path}[${token}]` : `${path}.${Redaction.redact(token)}`),
    at
  )

/** `requirement` says what a value must be that fails by `keyword` of this schema. */
export const requirement = (keyword: string, schema: Schema): string => {
  const { exclusiveMaximum, exclusiveMinimum, maximum, minimum } = schema
  switch (keyword) {
    case "type":
      return kinds.get(String(schema.type)) ?? String(schema.type)
    case "enum":
      return `one of ${listValues(schema.enum ?? [])}`
    case "minimum":
      return exclusiveMinimum === true ? `more than ${minimum}` : `at least ${minimum}`
    case "maximum":
      return exclusiveMaximum === true ? `less than ${maximum}` : `at most ${maximum}`
    case "multipleOf":
      return `a multiple of ${schema.multipleOf}`
    case "minLength":
      return `of at least ${schema.minLength} characters`
    case "maxLength":
      return `of at most ${schema.maxLength} characters`
    case "pattern":
      return `text by the pattern ${Redaction.redact(String(schema.pattern))}`
    case "format":
      return formats.get(String(schema.format)) ?? `a ${schema.format}`
    case "minItems":
      return `a list of at least ${schema.minItems}`
    case "maxItems":
      return `a list of at most ${schema.maxItems}`
    case "uniqueItems":
      return "a list without repetition"
    case "minProperties":
      return `an object of at least ${schema.minProperties} fields`
    case "maxProperties":
      return `an object of at most ${schema.maxProperties} fields`
    default:
      return "as the device describes it"
  }
}

/** `missingField` says that a field is needed, with the values that the description has for it, if any. */
export const missingField = (root: Schema, schema: Schema, name: string): string => {
  const property = Reference.field(schema.properties, name)
  const model = Reference.target(root, property)
  const choices = Reference.field(model, "enum")
  if (Array.isArray(choices)) return `it is missing; give one of ${listValues(choices)}.`
  const usual = Reference.field(model, "default")
  return `it is missing; give it${usual === undefined ? "" : `, such as ${listValues([usual])}`}.`
}

/**
 * `unknownField` says that the description does not have a field, beside those that it has; it may say itself that
 * there are no others.
 */
export const unknownField = (name: string, names: ReadonlyArray<string> | undefined): string =>
  names === undefined
    ? "the device's description forbids other fields than its own; leave it out."
    : `the device describes no such field; leave it out, or send it all the same with the option strict: false${Suggestion.suggest(name, names)}.`

/** `listValues` gives values of the description, as many as can be read. */
const listValues = (values: ReadonlyArray<unknown>): string =>
  few(
    values.map((value) => Redaction.redact(JSON.stringify(value) ?? "")),
    20
  )

const kinds = new Map([
  ["string", "text"],
  ["integer", "a whole number"],
  ["number", "a number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "an object"]
])

const formats = new Map([
  ["date", "a date such as 2026-01-31"],
  ["date-time", "a time such as 2026-01-31T12:00:00Z"]
])
