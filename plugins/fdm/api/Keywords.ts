import type { Schema } from "@cfworker/json-schema"
import * as Predicate from "effect/Predicate"
import * as Reference from "./Reference.ts"

/**
 * `copy` gives the keywords of one schema of Swagger 2.0 that bound a value, as draft 4 has them. One that is not
 * shaped as it must be is left out, and so is a pattern that is none here: it was written for another language.
 */
export const copy = (
  raw: unknown,
  inner: { readonly value: (raw: unknown) => Schema; readonly part: (raw: unknown) => Schema }
): Schema => {
  const copied: Array<[string, unknown]> = []
  for (const [keyword, given] of Object.entries(Reference.fields(raw))) {
    if (shapes.get(keyword)?.(given) === true) copied.push([keyword, given])
  }
  const { additionalProperties, allOf, format, items, properties, required } = Reference.fields(raw)
  if (Predicate.isRecord(properties)) {
    const each = Object.entries(properties).map(([name, one]) => [name, inner.value(one)] as const)
    // Entries and not assignments: a field may be called `__proto__`.
    copied.push(["properties", Object.fromEntries(each)])
  }
  if (Array.isArray(required)) copied.push(["required", required.filter(isNeeded(properties))])
  if (Predicate.isRecord(items)) copied.push(["items", inner.value(items)])
  if (typeof additionalProperties === "boolean") copied.push(["additionalProperties", additionalProperties])
  if (Predicate.isRecord(additionalProperties)) {
    copied.push(["additionalProperties", inner.value(additionalProperties)])
  }
  const bounded = typeof format === "string" ? formats.get(format) : undefined
  const parts = [...(Array.isArray(allOf) ? allOf.map(inner.part) : []), ...(bounded ? [bounded] : [])]
  if (parts.length > 0) copied.push(["allOf", parts])
  return Object.fromEntries(copied)
}

/**
 * `isNeeded` says of a field that only the device writes that it is not needed in what it is sent, whatever `required`
 * says of its answers.
 */
const isNeeded =
  (properties: unknown) =>
  (name: unknown): boolean =>
    typeof name === "string" && Reference.field(Reference.field(properties, name), "readOnly") !== true

const isCount = (given: unknown): boolean => Number.isSafeInteger(given) && Number(given) >= 0
const isFinite = (given: unknown): boolean => Number.isFinite(given)
const isFlag = (given: unknown): boolean => typeof given === "boolean"

const isPattern = (given: unknown): boolean => {
  try {
    return typeof given === "string" && new RegExp(given, "u") !== undefined
  } catch {
    return false
  }
}

const types = ["string", "number", "integer", "boolean", "array", "object"]

const shapes = new Map<string, (given: unknown) => boolean>([
  ["type", (given) => typeof given === "string" && types.includes(given)],
  ["enum", (given) => Array.isArray(given) && given.length > 0],
  // Only to be told of.
  ["default", (given) => typeof given === "string"],
  ["minimum", isFinite],
  ["maximum", isFinite],
  ["exclusiveMinimum", isFlag],
  ["exclusiveMaximum", isFlag],
  ["multipleOf", (given) => isFinite(given) && Number(given) > 0],
  ["minLength", isCount],
  ["maxLength", isCount],
  ["pattern", isPattern],
  ["minItems", isCount],
  ["maxItems", isCount],
  ["uniqueItems", isFlag],
  ["minProperties", isCount],
  ["maxProperties", isCount]
])

// Those of Swagger 2.0 that bound a value. `password`, `float` and `double` are hints; others are the device's to
// judge.
const formats = new Map<string, Schema>([
  ["int32", { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }],
  ["int64", { minimum: -(2 ** 63), maximum: 2 ** 63 }],
  ["byte", { pattern: "^[A-Za-z0-9+/\\s]*={0,2}\\s*$" }],
  ["date", { format: "date" }],
  ["date-time", { format: "date-time" }]
])
