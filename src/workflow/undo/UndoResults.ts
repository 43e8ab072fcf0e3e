import type { JournaledChange, TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import * as NewIds from "./NewIds.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `UnitGiven` is a request of an undo, and what has become of it in an earlier one. */
export interface UnitGiven {
  readonly unit: UndoUnit.UndoUnit
  readonly result: TakenBack | undefined
}

/** `UndoResults` are what has become of the requests of an undo so far, and what that means for the others. */
export interface UndoResults {
  readonly of: (unit: UndoUnit.UndoUnit) => TakenBack | undefined
  readonly has: (unit: UndoUnit.UndoUnit) => boolean
  readonly settle: (unit: UndoUnit.UndoUnit, result: TakenBack) => void
  /** `isGone` says that what a request was to remove is no more there. */
  readonly isGone: (unit: UndoUnit.UndoUnit) => boolean
  /** `newIds` are those of what was created anew. */
  readonly newIds: NewIds.NewIds
  /** `lostBy` says why one cannot be taken back, since something could not be created anew. */
  readonly lostBy: (unit: UndoUnit.UndoUnit) => string | undefined
  /**
   * `leftToOthers` is what becomes of one that is about what the run has removed, and somebody else has created anew: that
   * is no matter of the run. `undefined` is any other.
   */
  readonly leftToOthers: (unit: UndoUnit.UndoUnit) => TakenBack | undefined
  /** `explained` blames nobody else for what went with what the run itself has removed. */
  readonly explained: (unit: UndoUnit.UndoUnit, result: TakenBack) => TakenBack
  /** `referring` says which other changes refer to an id. */
  readonly referring: (unit: UndoUnit.UndoUnit) => (id: string) => string
}

/** `make` begins with what is known of an earlier undo. `changes` are all of the run. */
export const make = (
  given: ReadonlyArray<UnitGiven>,
  changes: ReadonlyArray<JournaledChange>
): UndoResults => {
  const results = new Map<UndoUnit.UndoUnit, TakenBack>()
  const newIds = new Map<string, string>()
  /** `lostIds` are those of what could not be created anew. */
  const lostIds = new Set<string>()
  /** `removals` are the numbers of the changes that have removed something, by its id. */
  const removals = new Map(
    given.flatMap(({ unit: { change, request } }) =>
      request.formerId === undefined ? [] : [[request.formerId, change.number] as const]
    )
  )
  /** `known` are the numbers of the changes that refer to what was removed. */
  let known: ReturnType<typeof NewIds.holdersOf> | undefined
  /** `othersIds` are those of what others have created anew, by the id that it had. */
  const othersIds = new Map<string, string>()
  const settle = (unit: UndoUnit.UndoUnit, result: TakenBack) => {
    const { formerId } = unit.request
    if (formerId !== undefined && result.newId !== undefined) {
      newIds.set(formerId, result.newId)
      if (result.how === "goneAlready") othersIds.set(formerId, result.newId)
    } else if (formerId !== undefined && result.how !== "neverHappened") lostIds.add(formerId)
    results.set(unit, result)
  }
  for (const { result, unit } of given) if (result !== undefined) settle(unit, result)
  return {
    of: (unit) => results.get(unit),
    has: (unit) => results.has(unit),
    settle,
    isGone: (unit) => {
      const how = results.get(unit)?.how
      return how === "undone" || how === "goneAlready" || how === "goneWithParent"
    },
    newIds,
    lostBy: (unit) => {
      const { id, method } = unit.request
      if (id !== undefined && lostIds.has(id)) return Advice.unrestored(UndoUnit.nameOf(unit))
      const isBelow = unit.change.path.split("/").some((segment) => lostIds.has(segment))
      return isBelow && method !== "DELETE" ? Advice.unrestoredAbove(UndoUnit.nameOf(unit)) : undefined
    },
    leftToOthers: (unit) => {
      const { id, method } = unit.request
      const [others] = [id ?? "", ...unit.change.path.split("/")].flatMap((one) => othersIds.get(one) ?? [])
      if (others === undefined) return undefined
      return method === "DELETE"
        ? { how: "goneAlready" }
        : { how: "changedSince", why: Advice.leftToOthers(UndoUnit.nameOf(unit), others) }
    },
    explained: (unit, result) => {
      const isGone = result.how === "goneAlready" && result.why !== undefined && result.newId === undefined
      // What was to be removed is as it was before.
      if (!isGone || unit.request.method === "DELETE") return result
      const [removal] = unit.change.path
        .split("/")
        .flatMap((segment) => (newIds.has(segment) ? (removals.get(segment) ?? []) : []))
      return removal === undefined
        ? result
        : { how: "cannot", why: Advice.wentWithRemoval(UndoUnit.nameOf(unit), removal) }
    },
    referring: (unit) => (id) => {
      known ??= NewIds.holdersOf(changes, removals)
      return Advice.referring((known.get(id) ?? []).filter((number) => number !== unit.change.number))
    }
  }
}
