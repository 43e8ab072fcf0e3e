import * as Predicate from "effect/Predicate"
import * as Difference from "./Difference.ts"
import { areEqual } from "./FieldEquality.ts"

/**
 * `leavesOut` says whether what is written lacks something of what is there, which it takes away by that: a device is
 * written whole objects. What stands in both is not held against each other (`Difference.differs`).
 *
 * Within a part of an object a device fills in by itself what it is, its id, and `false` for what is not asked for: who
 * leaves that out takes nothing away.
 */
export const leavesOut = (written: unknown, there: unknown): boolean => lacks(written, there, false)

/** `leavesOutWithin` says it of a part of an object. */
export const leavesOutWithin = (written: unknown, there: unknown): boolean => lacks(written, there, true)

const lacks = (written: unknown, there: unknown, isWithin: boolean): boolean => {
  if (Array.isArray(there)) return Array.isArray(written) && listLacks(written, there)
  if (!Predicate.isReadonlyRecord(there) || !Predicate.isReadonlyRecord(written)) return false
  // Of what it refers to it says no more than its id.
  if (isWithin && Difference.isReference(there)) return false
  return Object.entries(there).some(([field, old]) => {
    if (Difference.deviceFields.has(field) || Difference.isEmpty(old)) return false
    const next = Object.hasOwn(written, field) ? written[field] : undefined
    if (!Difference.isEmpty(next)) return lacks(next, old, true)
    if (isWithin) return !(old === false || field === "id" || field === "version" || field === "type")
    return !areEqual(field, next, old)
  })
}

/** `listLacks` holds members against those that they are: by their keys, or else by their order. */
const listLacks = (written: ReadonlyArray<unknown>, there: ReadonlyArray<unknown>): boolean => {
  const keyOf = Difference.keyOfMembers([...written, ...there])
  if (keyOf === undefined)
    return written.length === there.length && there.some((one, at) => lacks(written[at], one, true))
  const byKey = new Map(written.map((one) => [keyOf(one), one]))
  return there.some((one) => lacks(byKey.get(keyOf(one)), one, true))
}
