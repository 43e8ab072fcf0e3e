import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { SessionError } from "../../auth/AuthError.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import type { Readings } from "./Readings.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `current` is what a request is about, as it is now. What was removed may still be there, by its former id. */
export const current = (
  unit: UndoUnit.UndoUnit,
  find: Readings["find"]
): Effect.Effect<Fields | undefined, SessionError> => {
  const { change, request } = unit
  const sought = UndoUnit.soughtBy(unit)
  if (request.method !== "POST") return find(change, sought)
  const { formerId } = request
  return Effect.gen(function* () {
    const former = formerId === undefined ? undefined : yield* find(change, { id: formerId })
    if (former !== undefined) return former
    // What has no name cannot be told from what was there before, unless it may have been created already.
    const isKnown = sought.name !== undefined || sought.like === undefined || UndoUnit.isBegun(unit)
    return isKnown ? yield* find(change, sought) : undefined
  })
}

/** `judge` says what becomes of a request that need not, or must not be sent; `undefined`: it may. */
export const judge = (unit: UndoUnit.UndoUnit, there: Fields | undefined): TakenBack | undefined => {
  const { change, request } = unit
  const { formerId, method } = request
  const name = UndoUnit.nameOf(unit)
  // It was not removed, whatever has become of it since.
  if (method === "POST" && there !== undefined && formerId !== undefined && there.id === formerId)
    return { how: "neverHappened" }
  const state = UndoUnit.stateOf(unit, there)
  if (state === "after") return undefined
  if (state === "other") {
    if (there === undefined) return { how: "goneAlready", why: Advice.gone(name) }
    const fields = UndoUnit.changedFields(unit, there)
    const why = method === "POST" ? Advice.nameTaken(name, fields) : Advice.changedSince(name, fields)
    return { how: "changedSince", why }
  }
  if (UndoUnit.isBegun(unit)) return { how: "undone", ...newIdOf(unit, there) }
  if (change.outcome !== "done") return { how: "neverHappened" }
  const made = newIdOf(unit, there)
  return made === undefined
    ? { how: "goneAlready" }
    : { how: "goneAlready", ...made, why: Advice.madeByOthers(name, made.newId, formerId) }
}

/** `newIdOf` is the id of what was created anew. */
export const newIdOf = (
  { request }: UndoUnit.UndoUnit,
  item: unknown
): { readonly newId: string } | undefined => {
  const id = Predicate.isReadonlyRecord(item) ? item.id : undefined
  return request.method === "POST" && request.formerId !== undefined && typeof id === "string"
    ? { newId: id }
    : undefined
}
