import type { Entry } from "../fields/ListEntry.ts"
import type { IndexIn, Placed } from "./Placement.ts"
import type { PlannedEvent } from "./PlannedObjects.ts"

/**
 * `putAt` gives the ids of a list as they would stand in it, once all that is planned of it is done in its order: each
 * where the device would put it in what there is by then. `undefined` where nobody can tell.
 */
export const putAt = (
  there: ReadonlyArray<Entry>,
  events: ReadonlyArray<PlannedEvent>,
  indexIn: IndexIn
): ReadonlyArray<string | undefined> | undefined => {
  const all: Array<Placed> = there.map((item) => ({ item, place: undefined }))
  let last: { readonly change: object; readonly index: number } | undefined
  for (const { change, id, isGone, place } of events) {
    if (isGone) {
      const at = all.findIndex(({ item }) => item.id === id)
      if (at >= 0) all.splice(at, 1)
      last = undefined
      continue
    }
    // What one change creates stands together.
    const index = last?.change === change ? last.index + 1 : indexIn(place, all)
    if (index === undefined) return undefined
    all.splice(index, 0, { item: { id }, place: place ?? {} })
    last = { change, index }
  }
  return all.map(({ item }) => item.id)
}
