import * as Groups from "../../client/fields/Groups.ts"
import type { JournaledChange } from "../journal/JournaledChange.ts"
import { withTexts } from "../Texts.ts"
import type { UndoUnit } from "./UndoUnit.ts"

/** `NewIds` are the ids of what was created anew, by its former ones. */
export type NewIds = ReadonlyMap<string, string>

/** `withNewIds` gives a request in which all that stood for a former id stands for the new one. */
export const withNewIds = (
  unit: UndoUnit,
  ids: NewIds,
  /** `changeOf` gives its change with them. */
  changeOf = changeWith
): UndoUnit => {
  if (ids.size === 0) return unit
  const { change, request } = unit
  const { id, path, body, expect, query } = request
  return {
    ...unit,
    change: changeOf(change, ids),
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

const changeWith = (change: JournaledChange, ids: NewIds): JournaledChange => ({
  ...change,
  path: pathWith(change.path, ids),
  objects: valueWith(change.objects, ids),
  lookup: valueWith(change.lookup, ids)
})

/** `allWithNewIds` gives several, and goes through a change once that many of them are of. */
export const allWithNewIds = (units: ReadonlyArray<UndoUnit>, ids: NewIds): ReadonlyArray<UndoUnit> => {
  const known = new Map<JournaledChange, JournaledChange>()
  return units.map((unit) =>
    withNewIds(unit, ids, (change) => {
      const made = known.get(change) ?? changeWith(change, ids)
      known.set(change, made)
      return made
    })
  )
}

/** `textsOf` are all texts in it, at any depth. */
export const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/**
 * `holdersOf` are the numbers of the changes that hold each of some ids anywhere, as a whole, or as a segment of a path. Each
 * change is gone through once, however many ids there are.
 */
export const holdersOf = (
  changes: ReadonlyArray<JournaledChange>,
  ids: { readonly has: (id: string) => boolean }
): ReadonlyMap<string, ReadonlyArray<number>> => {
  const holders = new Map<string, Array<number>>()
  for (const { number, objects, path, undo } of changes) {
    const texts = textsOf([path, objects, undo]).flatMap((text) => [text, ...text.split("/")])
    for (const id of new Set(texts)) {
      if (ids.has(id)) Groups.addTo(holders, id, number)
    }
  }
  return holders
}

const pathWith = (path: string, ids: NewIds): string =>
  path
    .split("/")
    .map((segment) => ids.get(segment) ?? segment)
    .join("/")

/** `valueWith` replaces texts that are a former id as a whole, at any depth. */
const valueWith = <A>(value: A, ids: NewIds): A => withTexts(value, (text) => ids.get(text) ?? text)
