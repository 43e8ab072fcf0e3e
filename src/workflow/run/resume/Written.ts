import * as Predicate from "effect/Predicate"
import type { Description, List } from "../../../client/changes/Change.ts"
import { differs } from "../../../client/fields/Difference.ts"
import type { Fields } from "../../../client/fields/ListEntry.ts"
import { idOf, type PastChange } from "../../journal/RunHistory.ts"

/** `Written` knows of objects what a run has written to them: what a device has added by itself, the run has not wanted. */
export interface Written {
  /** `take` takes a change that is made. */
  readonly take: (change: Description, became: PastChange["became"]) => void
  readonly of: (list: List, id: string) => Fields | undefined
}

/** `make` begins with nothing. */
export const make = (): Written => {
  const objects = new Map<string, Fields>()
  return {
    take: (change, became) => {
      for (const [at, { after, before, id = idOf(became?.[at]) }] of change.objects.entries()) {
        if (id === undefined || became?.[at] === "none" || became?.[at] === "unknown") continue
        const key = keyOf(change, id)
        const own = objects.get(key)
        if (after === undefined) objects.delete(key)
        else objects.set(key, own === undefined || before === undefined ? after : ownOf(after, before, own))
      }
    },
    of: (list, id) => objects.get(keyOf(list, id))
  }
}

const keyOf = ({ path, targetName }: List, id: string): string => JSON.stringify([targetName, path, id])

/** `ownOf` are the fields that a run has wanted by now: not those that it was shown and has written back as they were. */
const ownOf = (after: Fields, before: Fields, own: Fields): Fields =>
  Object.fromEntries(
    Object.entries(after).flatMap(([field, next]) => {
      const [old, wanted] = [before[field], own[field]]
      if (
        Predicate.isReadonlyRecord(next) &&
        Predicate.isReadonlyRecord(old) &&
        Predicate.isReadonlyRecord(wanted)
      )
        return [[field, ownOf(next, old, wanted)]]
      return Object.hasOwn(own, field) || differs({ [field]: next }, { [field]: old }) ? [[field, next]] : []
    })
  )
