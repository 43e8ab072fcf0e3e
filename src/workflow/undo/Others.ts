import * as Predicate from "effect/Predicate"
import { deviceFields, isEmpty, isReference } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"

/**
 * `filledSince` are the lists within an object that is there, by their paths, which have members now and had none in
 * any of the forms that a run knows of it, such as the literals of a group: people put them there, and no device. Devices
 * leave an empty list out. What may be something else on some devices by now, and was not to be, counts as one.
 */
export const filledSince = (known: ReadonlyArray<Fields>, there: Fields, path = ""): ReadonlyArray<string> =>
  Object.entries(there).flatMap(([field, value]) => {
    if (deviceFields.has(field)) return []
    const own = known.map((one) => one[field])
    if (field === "overridable") return value === true && !own.includes(true) ? [`${path}${field}`] : []
    if (Array.isArray(value))
      return value.some(Predicate.isReadonlyRecord) && own.every(isEmpty) ? [`${path}${field}`] : []
    if (!Predicate.isReadonlyRecord(value) || isReference(value)) return []
    return filledSince(
      own.map((one) => (Predicate.isReadonlyRecord(one) ? one : {})),
      value,
      `${path}${field}.`
    )
  })
