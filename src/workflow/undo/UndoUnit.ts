import * as Predicate from "effect/Predicate"
import type { ObjectChange, UndoRequest } from "../../client/changes/Change.ts"
import { isPart, isReference } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { JournaledChange } from "../journal/JournaledChange.ts"
import * as Members from "./Members.ts"
import * as ObjectState from "./ObjectState.ts"
import * as Others from "./Others.ts"
import type { Sought } from "./Readings.ts"

/** `UndoUnit` is one request of the undo of a change. */
export interface UndoUnit {
  readonly change: JournaledChange
  /** `number` is its place in the undo of the change. */
  readonly number: number
  readonly request: UndoRequest
}

/** `isBegun` says that an earlier undo has begun with it, and nobody knows what became of it. */
export const isBegun = ({ change, number }: UndoUnit): boolean => change.takenBack.get(number) === "begun"

/** `asBegun` gives the same, of which it is known that it was sent. */
export const asBegun = (unit: UndoUnit): UndoUnit => ({
  ...unit,
  change: { ...unit.change, takenBack: new Map([[unit.number, "begun" as const]]) }
})

/** `isUnaddressed` says that nobody knows the id of what was found by its name: sent without, it would go to the list. */
export const isUnaddressed = ({ change, request }: UndoUnit, there: Fields | undefined): boolean =>
  change.lookup === undefined &&
  request.method !== "POST" &&
  request.find !== undefined &&
  (request.id ?? there?.id) === undefined

/** `soughtBy` says what it is about. What is to be created anew is looked for as that, and by its former id before. */
export const soughtBy = ({ change, request }: UndoUnit): Sought => {
  const { body, expect, find, id, method } = request
  if (change.lookup?.values !== undefined || change.lookup?.where !== undefined) return {}
  if (method === "POST") return { name: find, like: body }
  return { id, name: id === undefined ? find : undefined, like: find === undefined ? undefined : expect }
}

/** `stateOf` says whether what is there is as before the change, to which the request leads back, or as after it. */
export const stateOf = (unit: UndoUnit, there: Fields | undefined): ObjectState.ObjectState => {
  const { change, request } = unit
  if (change.lookup?.members === true) {
    const state = Members.memberState(membersOf(unit), there)
    // Of members that others have put back in part, the rest is left to do.
    return state === "other" && there !== undefined ? "after" : state
  }
  const state = ObjectState.stateOf(statesOf(request), there, change.lookup)
  return state === "after" && there !== undefined && filledSince(unit, there).length > 0 ? "other" : state
}

/** `filledSince` are the lists within what is there that somebody has put something into since, and were empty before. */
const filledSince = ({ change, request }: UndoUnit, there: Fields): ReadonlyArray<string> => {
  const { body = {}, expect = {}, isWhole } = request
  if (isWhole !== true) return []
  // Those below it are looked at by themselves.
  const held = new Set(change.holds)
  return Others.filledSince([body, expect], there).filter((field) => !held.has(field))
}

/** `changedFields` are the fields that are not as the change has left them. */
export const changedFields = (unit: UndoUnit, there: Fields): ReadonlyArray<string> => {
  const { change, request } = unit
  const left = request.expect ?? request.body ?? {}
  const fields = [...ObjectState.unkept(left, there, change.lookup), ...filledSince(unit, there)]
  return ObjectState.hasOthersNote(left, there) ? [...fields, "description"] : fields
}

/** `unrestoredFields` are the fields that are not as they were before the change. */
export const unrestoredFields = ({ change, request }: UndoUnit, there: Fields): ReadonlyArray<string> =>
  request.method === "DELETE" ? [] : ObjectState.unkept(request.body ?? {}, there, change.lookup)

/**
 * `bodyFor` is what is sent, given what is there: with the version that an update has to carry, and the ids of its parts,
 * and of the members those that nobody has put back yet.
 */
export const bodyFor = (unit: UndoUnit, there: Fields | undefined): Fields | undefined => {
  const { change, request } = unit
  if (request.body === undefined) return undefined
  if (request.method === "PUT" && there !== undefined && change.lookup?.members === true)
    return Members.stillAfter(request.body, membersOf(unit), there)
  const { version: _version, ...body } = request.body
  const current = Object.fromEntries(
    Object.entries(body).map(([field, value]) => [field, withoutVersions(value)])
  )
  if (request.method !== "PUT" || there === undefined) return current
  const parts = withPartIds(current, there)
  return typeof there.version === "string" ? { ...parts, version: there.version } : parts
}

/** `withPartIds` gives its parts the ids that they have now: they may have been created anew since. */
const withPartIds = (fields: Fields, there: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      const now = there[field]
      if (!Predicate.isReadonlyRecord(value) || !Predicate.isReadonlyRecord(now)) return [field, value]
      const part = withPartIds(value, now)
      return [field, isPart(value) && isPart(now) ? { ...part, id: now.id } : part]
    })
  )

/** `withoutVersions` leaves out which versions of others it refers to: they may have changed, and it means the newest. */
const withoutVersions = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutVersions)
  if (!Predicate.isReadonlyRecord(value)) return value
  const { version: _version, ...reference } = value
  return isReference(value)
    ? reference
    : Object.fromEntries(Object.entries(value).map(([field, one]) => [field, withoutVersions(one)]))
}

/** `nameOf` is what people call it. */
export const nameOf = (unit: UndoUnit): string => {
  const { change, request } = unit
  const name = knownName(unit)
  return `${change.kind} ${name === undefined ? (request.id ?? change.path) : JSON.stringify(name)}`
}

/** `knownName` is its own name. */
export const knownName = ({ change, request }: UndoUnit): string | undefined => {
  const { body, expect, find } = request
  const name = find ?? body?.name ?? expect?.name ?? objectOf({ change, request })?.name
  return typeof name === "string" ? name : undefined
}

const statesOf = ({ body, expect, method }: UndoRequest): ObjectState.States =>
  method === "DELETE"
    ? { before: undefined, after: expect ?? {} }
    : { before: body ?? {}, after: method === "POST" ? expect : (expect ?? {}) }

/** `membersOf` are the lists before and after, as the change itself says: its undo names the members alone. */
const membersOf = (unit: UndoUnit): ObjectState.States => {
  const { after, before } = objectOf(unit) ?? {}
  return { before: before ?? {}, after: after ?? {} }
}

/** `objectOf` is the object of the change that the request is about. */
const objectOf = ({ change, request }: Pick<UndoUnit, "change" | "request">): ObjectChange | undefined => {
  const { objects } = change
  const id = request.id ?? request.formerId
  return (
    objects.find((one) => id !== undefined && one.id === id) ??
    (objects.length === 1 ? objects[0] : undefined)
  )
}
