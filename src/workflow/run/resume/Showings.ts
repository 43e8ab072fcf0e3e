import type { Description, List } from "../../../client/changes/Change.ts"
import type { Behind } from "../../../client/changes/PutBack.ts"
import type { JournaledChange, Showing } from "../../journal/JournaledChange.ts"
import { touchedBy } from "./Touched.ts"

/**
 * `Showings` remember in which order a run has shown its script the objects of lists. A script may choose by that order
 * what it removes, such as the first ten: resumed, it has to be shown them where they stood.
 */
export interface Showings {
  /** `begin` begins to show a list, and is told of each that is shown. `selection` is what the script has asked for. */
  readonly begin: (list: List, selection: string) => (id: string) => void
  /** `of` is what a script was shown of what a change takes away, or out of a selection. */
  readonly of: (change: Description) => ReadonlyArray<Showing>
}

/** `make` begins with none. */
export const make = (): Showings => {
  const lists = new Map<string, Map<string, Map<string, string>>>()
  return {
    begin: (list, selection) => {
      const selections = lists.get(keyOf(list)) ?? new Map<string, Map<string, string>>()
      lists.set(keyOf(list), selections)
      const behind = new Map<string, string>()
      // One of which nothing is shown leaves what was shown of it before.
      let last = ""
      return (id) => {
        if (last === "") selections.set(selection, behind)
        behind.set(id, last)
        last = id
      }
    },
    of: (change) => {
      const selections = lists.get(keyOf(change))
      if (selections === undefined) return []
      const touched = touchedBy(change).filter(({ before }) => before !== undefined)
      return [...selections].flatMap(([selection, all]) => {
        // What is only changed, a whole list shows at its place all the same.
        const asked = selection === "" ? touched.filter(({ isGone }) => isGone) : touched
        const behind = asked.flatMap(({ id }) => {
          const place = all.get(id)
          return place === undefined ? [] : [[id, place] as const]
        })
        return behind.length === 0 ? [] : [{ selection, behind: Object.fromEntries(behind) }]
      })
    }
  }
}

/**
 * `behindOf` is where those stood that a script has not come to yet, as it was shown them; and what it has come to, since
 * they may have stood behind that. `undefined` where it was shown none of them.
 */
export const behindOf = <Change extends JournaledChange>(
  changes: ReadonlyArray<Change>,
  isLeft: (change: Change) => boolean,
  selection: string
): Behind | undefined => {
  const asked = new Map<string, string>()
  const left = new Map<string, string>()
  for (const change of changes)
    for (const { behind } of (change.shown ?? []).filter((one) => one.selection === selection))
      for (const [id, place] of Object.entries(behind)) {
        if (!isLeft(change)) asked.set(id, place)
        else if (!left.has(id)) left.set(id, place)
      }
  return left.size === 0 ? undefined : new Map([...[...asked].filter(([id]) => !left.has(id)), ...left])
}

const keyOf = ({ path, targetName }: List): string => JSON.stringify([targetName, path])
