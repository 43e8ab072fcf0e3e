import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema"
import { type InvalidInput, refuseInput } from "sallyport/plugin"
import * as CheckMessages from "./CheckMessages.ts"
import type { Compiled } from "./Compile.ts"
import * as Reference from "./Reference.ts"

/**
 * `validate` finds what is wrong with a value by its schema; `undefined` where nothing is. `at` is where the value
 * stands, such as `body`. The error names the field and what it must be, and never the value: it may be a secret.
 */
export const validate = (compile: () => Compiled, value: unknown, at: string): InvalidInput | undefined => {
  try {
    const compiled = compile()
    const { errors } = new Validator(compiled.root, "4").validate(value)
    const first = firstOf(errors)
    return first === undefined ? undefined : invalid(compiled, value, at, errors, first)
  } catch {
    // It goes down as deep as the value does, or the description.
    return refuseInput(at, "it is nested too deeply to be checked; give flatter data.")
  }
}

// What only says that something inside is wrong.
const outer = new Set([
  "$ref",
  "allOf",
  "if",
  "properties",
  "items",
  "additionalProperties",
  "unevaluatedProperties"
])

/**
 * `firstOf` gives the cause first. Behind it, fields may look as if nobody described them because a neighbour is wrong.
 */
const firstOf = (errors: ReadonlyArray<OutputUnit>): OutputUnit | undefined =>
  errors.find(({ keyword }) => !outer.has(keyword))

const invalid = (
  compiled: Compiled,
  value: unknown,
  at: string,
  errors: ReadonlyArray<OutputUnit>,
  cause: OutputUnit
): InvalidInput => {
  const place = tokensOf(cause.instanceLocation)
  // Of a field that must not be there only the schema round it says more, and it is told next.
  const told = cause.keyword === "false" ? (errors[errors.indexOf(cause) - 1] ?? cause) : cause
  const schema = schemaAt(compiled.root, told.keywordLocation)
  if (cause.keyword === "required") {
    const object = place.reduce<unknown>(Reference.field, value)
    const missing = (schema.required ?? []).find((name) => Reference.field(object, name) === undefined) ?? ""
    const field = CheckMessages.fieldPath(at, [...place, missing])
    return refuseInput(field, CheckMessages.missingField(compiled.root, schema, missing))
  }
  const field = CheckMessages.fieldPath(at, place)
  if (cause.keyword !== "false") {
    return refuseInput(field, `it must be ${CheckMessages.requirement(cause.keyword, schema)}.`)
  }
  return refuseInput(field, CheckMessages.unknownField(place.at(-1) ?? "", compiled.fields.get(schema)))
}

/** `schemaAt` gives the schema that has the keyword at whose place something was found. */
const schemaAt = (root: Schema, location: string): Schema =>
  tokensOf(location)
    .slice(0, -1)
    .reduce<Schema>((schema, token) => {
      const next =
        token === "$ref" ? Reference.resolve(root, schema.$ref ?? "") : Reference.field(schema, token)
      // What the location of an error goes through is there: the check went the same way.
      return next as Schema
    }, root)

// `#/objects/0/id`, as the library writes it.
const tokensOf = (location: string): ReadonlyArray<string> =>
  location
    .split("/")
    .slice(1)
    .map((token) => decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~"))
