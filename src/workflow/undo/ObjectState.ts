import * as Predicate from "effect/Predicate"
import type { Lookup } from "../../client/changes/Change.ts"
import { differences, differs, isPart } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import { withoutDeviceFields } from "../../client/objects/ObjectWrites.ts"

/** `States` are what an object was before a change and is after it. What is not there is `undefined`. */
export interface States {
  readonly before: Fields | undefined
  readonly after: Fields | undefined
}

/**
 * `ObjectState` says which of the two an object is like now. `same`: nothing tells them apart, as where they differ by
 * a secret. `other`: neither, since somebody has changed it.
 */
export type ObjectState = "before" | "after" | "same" | "other"

// What no device shows again, or gives anew with an object that is created anew, is no matter of whoever changes it.
const comparing = { secrets: false, partIds: false }

/** `stateOf` compares what is there with both, each field by its own notion of what is the same. */
export const stateOf = (
  { after, before }: States,
  there: Fields | undefined,
  lookup: Lookup = {}
): ObjectState => {
  if (there === undefined) return after === undefined ? "after" : before === undefined ? "before" : "other"
  if ([before, after].every((one) => one === undefined || hasOthersNote(one, there))) return "other"
  if (before === undefined || after === undefined) {
    const wanted = before ?? after ?? {}
    if (!isKept(wanted, there, lookup)) return "other"
    return after === undefined ? "before" : "after"
  }
  const [isBefore, isAfter] = [isKept(before, there, lookup), isKept(after, there, lookup)]
  if (isBefore !== isAfter) {
    const [like, unlike] = isBefore ? [before, after] : [after, before]
    return hasOthersInstead(like, unlike, there) ? "other" : isBefore ? "before" : "after"
  }
  if (!isBefore) return "other"
  return byWhatOneHasAlone(before, after, there)
}

/**
 * `hasOthersNote` says whether an object that is there has a description that it is not said to have: people write that,
 * and no device. Of other fields that are not said nobody knows whether the device shows them everywhere.
 */
export const hasOthersNote = ({ description: said }: Fields, { description }: Fields): boolean =>
  Predicate.isString(description) && description.trim() !== "" && (said ?? null) === null

/** `unkept` are the fields, by their paths, in which an object that is there is not as it is said. */
export const unkept = (wanted: Fields, there: Fields, { where = {} }: Lookup = {}): ReadonlyArray<string> =>
  differences(without(wanted, where), withoutDeviceFields(there), comparing)

const isKept = (wanted: Fields, there: Fields, lookup: Lookup): boolean =>
  unkept(wanted, there, lookup).length === 0

/** `without` leaves out what says who it is, and no more: its own ids, and by what it was found. */
const without = (wanted: Fields, where: Fields): Fields =>
  withoutDeviceFields(Object.fromEntries(Object.entries(wanted).filter(([field]) => !(field in where))))

/**
 * `hasOthersInstead` says whether a field that one of the two has alone is there with something else: somebody has
 * written it. A number or a flag may be what the device puts there by itself.
 */
const hasOthersInstead = (like: Fields, unlike: Fields, there: Fields): boolean =>
  Object.entries(withoutDeviceFields<Fields>(unlike)).some(([field, value]) => {
    const now = there[field]
    if (field in like || typeof now === "number" || typeof now === "boolean") return false
    return differs({ [field]: now }, {}) && differs({ [field]: value }, there, comparing)
  })

/**
 * `byWhatOneHasAlone` decides where the object has all fields of both: the one that has a field which the other lacks
 * is the one.
 */
const byWhatOneHasAlone = (before: Fields, after: Fields, there: Fields): ObjectState => {
  const has = (one: Fields, other: Fields) =>
    differs(withoutDeviceFields(one), withoutDeviceFields(other), comparing)
  const [onlyBefore, onlyAfter] = [has(before, after), has(after, before)]
  if (onlyBefore !== onlyAfter) return onlyBefore ? "before" : "after"
  if (onlyBefore) {
    // What a change says in part, such as a policy's default action, the device fills up as it was.
    const isBefore = has(withoutDefaults(before, after), after)
    const isAfter = has(withoutDefaults(after, before), before)
    return isBefore === isAfter ? "other" : isBefore ? "before" : "after"
  }
  // A name that was spelled in another case.
  if (before.name === after.name) return "same"
  return there.name === before.name ? "before" : there.name === after.name ? "after" : "same"
}

/**
 * `withoutDefaults` leaves out the numbers and flags that the other lacks, and of its parts the ids and types: the device
 * may put them there by itself.
 */
const withoutDefaults = (one: Fields, other: Fields): Fields =>
  Object.fromEntries(
    Object.entries(one).flatMap(([field, value]) => {
      const theirs = other[field]
      const isDefault = typeof value === "number" || typeof value === "boolean"
      if (theirs === undefined && (isDefault || (/^(id|type)$/.test(field) && isPart(one)))) return []
      const isPartial = Predicate.isReadonlyRecord(value) && Predicate.isReadonlyRecord(theirs)
      return [[field, isPartial ? withoutDefaults(value, theirs) : value]]
    })
  )
