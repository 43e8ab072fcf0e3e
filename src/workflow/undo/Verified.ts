import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { differs } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { Present, TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import { newIdOf } from "./Judge.ts"
import { boundOf, type TakeBackOptions } from "./TakeBackOptions.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `SentUnit` is a request as it was sent, and what was answered. */
export interface SentUnit {
  readonly unit: UndoUnit.UndoUnit
  /** `id` is that of what it was sent to, where it is known. */
  readonly id: string | undefined
  readonly answer: unknown
}

/** `verified` holds what was answered against what was sent; where that does not show it, it is read once more. */
export const verified = (sent: SentUnit, options: TakeBackOptions): Effect.Effect<TakenBack> => {
  const { readings } = options
  const { answer, unit } = sent
  const { change } = unit
  return Effect.gen(function* () {
    const shown = shownBy(sent, options)
    if (shown !== undefined) return shown
    readings.forget(change)
    const item = objectIn(answer, unit)
    const sought = item === undefined ? UndoUnit.soughtBy(unit) : { id: item.id }
    return readAgain(unit, yield* boundOf(unit, options)(readings.findAnew(change, sought)), options)
  }).pipe(
    Effect.catchAll((error) =>
      Effect.succeed<TakenBack>({
        how: "unknown",
        ...newIdOf(unit, answer),
        why: Advice.unseen(UndoUnit.nameOf(unit), error.message)
      })
    )
  )
}

/** `shownBy` is what an answer shows by itself; `undefined` where it does not. */
export const shownBy = ({ answer, id, unit }: SentUnit, options: TakeBackOptions): TakenBack | undefined => {
  const { change, request } = unit
  const { readings } = options
  if (request.method === "DELETE") {
    readings.changed(change, id, undefined)
    return { how: "undone" }
  }
  const item = objectIn(answer, unit)
  if (item === undefined || UndoUnit.unrestoredFields(unit, item).length > 0) return undefined
  readings.changed(change, item.id, item)
  return restored(unit, item, options)
}

/**
 * `objectIn` is the object that an answer shows; `undefined` where it shows none, or another one than that which a lookup
 * finds.
 */
const objectIn = (answer: unknown, { change: { lookup } }: UndoUnit.UndoUnit): Present | undefined => {
  if (!Predicate.isReadonlyRecord(answer)) return undefined
  const { where } = lookup ?? {}
  const isIt = where !== undefined && !differs(where, answer, { secrets: false })
  if (lookup !== undefined && !isIt) return undefined
  const { id } = answer
  return typeof id === "string" ? { ...answer, id } : undefined
}

/** `readAgain` is what became of it by what was read afterwards. */
export const readAgain = (
  unit: UndoUnit.UndoUnit,
  there: Fields | undefined,
  options: Pick<TakeBackOptions, "referring">
): TakenBack => {
  if (there === undefined && unit.request.method === "DELETE") return { how: "undone" }
  const isBefore = there !== undefined && ["before", "same"].includes(UndoUnit.stateOf(unit, there))
  if (isBefore) return restored(unit, there, options)
  const name = UndoUnit.nameOf(unit)
  if (unit.request.method === "DELETE") return { how: "failed", why: Advice.stillThere(name) }
  const fields = there === undefined ? [] : UndoUnit.unrestoredFields(unit, there)
  const notKept = Advice.notKept(name, fields)
  if (unit.request.method !== "POST" || there === undefined) return { how: "failed", why: notKept }
  // Some fields are the device's own to give, such as a rule's number.
  const made = restored(unit, there, options)
  return { ...made, why: made.why === undefined ? notKept : `${made.why} ${notKept}` }
}

/** `restored` is what was taken back, with the id that it has now. */
export const restored = (
  unit: UndoUnit.UndoUnit,
  item: Fields,
  { referring }: Pick<TakeBackOptions, "referring">
): TakenBack => {
  const made = newIdOf(unit, item)
  const { formerId, loses } = unit.request
  const name = UndoUnit.nameOf(unit)
  if (made === undefined || formerId === undefined) return { how: "undone" }
  const why = Advice.newId(name, made.newId, formerId, referring(formerId))
  return { how: "undone", ...made, why: loses === undefined ? why : `${why} ${Advice.loses(name, loses)}` }
}
