import * as Effect from "effect/Effect"
import { InvalidInput } from "sallyport/DeviceError"
import type { Parameter } from "./Operation.ts"
import * as Reference from "./Reference.ts"

/** A checked value as text under its name; several where a list travels as repetitions (`multi`). */
export const pairs = (
  { in: place, name, schema }: Parameter,
  value: unknown
): ReadonlyArray<readonly [string, string]> => {
  if (!Array.isArray(value)) return [[name, String(value)]]
  const format = Reference.field(schema, "collectionFormat")
  if (format === "multi" && (place === "query" || place === "formData")) {
    return value.map((each) => [name, joined(each, Reference.field(schema, "items"))] as const)
  }
  return [[name, joined(value, schema)]]
}

/** A list as one text, as its `collectionFormat` says; a list in a list as its own one says. */
const joined = (value: unknown, schema: unknown): string => {
  if (!Array.isArray(value)) return String(value)
  const items = Reference.field(schema, "items")
  const separator = separators.get(String(Reference.field(schema, "collectionFormat"))) ?? ","
  return value.map((each) => joined(each, items)).join(separator)
}

const separators = new Map([
  ["ssv", " "],
  ["tsv", "\t"],
  ["pipes", "|"]
])

/** What no text stands for: an object, or nothing. */
export const unfit = (field: string, value: unknown): InvalidInput | undefined => {
  if (Array.isArray(value)) {
    return value.map((each, at) => unfit(`${field}[${at}]`, each)).find((wrong) => wrong !== undefined)
  }
  return typeof value === "object"
    ? new InvalidInput({
        field,
        message: `${field}: it cannot travel as text; give text, a number, true or false, or a list of them.`
      })
    : undefined
}

/** A path with its places filled, each value encoded so that it stays in its place. */
export const path = (
  template: string,
  places: ReadonlyMap<string, string>
): Effect.Effect<string, InvalidInput> =>
  Effect.gen(function* () {
    const segments: Array<string> = []
    for (const segment of template.split("/")) {
      const [, first = ""] = /\{([^{}]*)\}/.exec(segment) ?? []
      const filled = filledIn(segment, places)
      // Nothing, or dots, would lead to another path.
      if (filled === undefined || (segment !== filled && /^\.{0,2}$/.test(filled))) {
        const field = `path.${first}`
        const message = `${field}: it is nothing, dots or half a character, and leads elsewhere; give text that stands for itself in a path.`
        return yield* Effect.fail(new InvalidInput({ field, message }))
      }
      segments.push(filled)
    }
    return segments.join("/")
  })

const filledIn = (segment: string, places: ReadonlyMap<string, string>): string | undefined => {
  try {
    return segment.replace(/\{([^{}]*)\}/g, (_, name: string) => encodeURIComponent(places.get(name) ?? ""))
  } catch {
    // Half a surrogate pair.
    return undefined
  }
}
