import type { UndoUnit } from "./UndoUnit.ts"

/** `NewIds` are the ids of what was created anew, by its former ones. */
export type NewIds = ReadonlyMap<string, string>

/** `withNewIds` gives a request in which all that stood for a former id stands for the new one. */
export const withNewIds = (unit: UndoUnit, ids: NewIds): UndoUnit => {
  if (ids.size === 0) return unit
  const { change, request } = unit
  const { id, path, body, expect, query } = request
  return {
    ...unit,
    change: {
      ...change,
      path: pathWith(change.path, ids),
      objects: valueWith(change.objects, ids),
      lookup: valueWith(change.lookup, ids)
    },
    request: {
      ...request,
      path: pathWith(path, ids),
      id: valueWith(id, ids),
      body: valueWith(body, ids),
      expect: valueWith(expect, ids),
      query: valueWith(query, ids)
    }
  }
}

/** `holds` says whether a text stands anywhere in it as a whole, or as a segment of a path. */
export const holds = (value: unknown, text: string): boolean => {
  if (typeof value === "string") return value === text || value.split("/").includes(text)
  if (Array.isArray(value)) return value.some((one) => holds(one, text))
  return typeof value === "object" && value !== null && Object.values(value).some((one) => holds(one, text))
}

const pathWith = (path: string, ids: NewIds): string =>
  path
    .split("/")
    .map((segment) => ids.get(segment) ?? segment)
    .join("/")

/** `valueWith` replaces texts that are a former id as a whole, at any depth. */
const valueWith = <A>(value: A, ids: NewIds): A => {
  const replaced = (one: unknown): unknown => {
    if (typeof one === "string") return ids.get(one) ?? one
    if (Array.isArray(one)) return one.map(replaced)
    if (typeof one !== "object" || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([field, inner]) => [field, replaced(inner)]))
  }
  // Only texts have become other texts.
  return replaced(value) as A
}
