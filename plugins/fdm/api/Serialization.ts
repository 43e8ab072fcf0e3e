import * as Effect from "effect/Effect"
import { InvalidInput, PathSegment, refuseInput } from "sallyport/plugin"
import type { Parameter } from "./Operation.ts"
import * as Reference from "./Reference.ts"

/** `serialize` gives a checked value as text under its name; several where a list travels as repetitions (`multi`). */
export const serialize = (
  { in: place, name, schema }: Parameter,
  value: unknown
): ReadonlyArray<readonly [string, string]> => {
  if (!Array.isArray(value)) return [[name, String(value)]]
  const format = Reference.field(schema, "collectionFormat")
  if (format === "multi" && (place === "query" || place === "formData")) {
    return value.map((each) => [name, joinList(each, Reference.field(schema, "items"))] as const)
  }
  return [[name, joinList(value, schema)]]
}

/** `joinList` gives a list as one text, as its `collectionFormat` says; a list in a list as its own one says. */
const joinList = (value: unknown, schema: unknown): string => {
  if (!Array.isArray(value)) return String(value)
  const items = Reference.field(schema, "items")
  const separator = separators.get(String(Reference.field(schema, "collectionFormat"))) ?? ","
  return value.map((each) => joinList(each, items)).join(separator)
}

const separators = new Map([
  ["ssv", " "],
  ["tsv", "\t"],
  ["pipes", "|"]
])

/** `unserializable` refuses what no text stands for: an object, or nothing. */
export const unserializable = (field: string, value: unknown): InvalidInput | undefined => {
  if (Array.isArray(value)) {
    return value
      .map((each, at) => unserializable(`${field}[${at}]`, each))
      .find((wrong) => wrong !== undefined)
  }
  return typeof value === "object"
    ? refuseInput(field, "it cannot travel as text; give text, a number, true or false, or a list of them.")
    : undefined
}

/** `expandPath` gives a path with its places filled, each value encoded so that it stands for itself in its place. */
export const expandPath = (
  template: string,
  places: ReadonlyMap<string, string>
): Effect.Effect<string, InvalidInput> =>
  Effect.gen(function* () {
    const filled = new Map<string, string>()
    const place = /\{([^{}]*)\}/g
    for (const [, name = ""] of template.matchAll(place)) {
      const segment = PathSegment.encode(`path.${name}`, places.get(name))
      // Without the value: it may be a secret.
      const told = ({ field, message }: InvalidInput) => new InvalidInput({ field, message })
      filled.set(name, yield* Effect.mapError(segment, told))
    }
    return template.replace(place, (_, name: string) => filled.get(name) ?? "")
  })
