import * as Predicate from "effect/Predicate"
import { isMask, nameKey } from "./FieldEquality.ts"
import type { Fields } from "./ListEntry.ts"

/**
 * `merge` is what is there, with what is wanted put over it: fields that are not wanted stay as they are, at any depth.
 *
 * What is another thing than before is taken as a whole, so that nothing of the old one stays on it: a reference to
 * another object (its `links` and `name` are the old one's), a list, an object of another `type`. Of what excludes each
 * other, such as `object` and `literal`, the one that is wanted stays. A mask that a device shows in place of a secret
 * is left out: written back, it would be the secret.
 */
export const merge = <A extends Fields>(there: A, wanted: Fields): A => {
  const kept = Object.entries(there).filter(
    ([field, value]) => !isMask(value) && !isExcluded(field, there, wanted)
  )
  const put = Object.entries(wanted).flatMap(([field, value]) => {
    const before = Object.hasOwn(there, field) ? there[field] : undefined
    if (value === undefined) return []
    const isPart =
      Predicate.isReadonlyRecord(value) && Predicate.isReadonlyRecord(before) && isSameThing(value, before)
    return [[field, isPart ? merge(before, value) : value] as const]
  })
  // A wanted field has the type of the one that it replaces; the device is the judge of that.
  return { ...Object.fromEntries(kept), ...Object.fromEntries(put) } as A
}

const isSameThing = (wanted: Fields, there: Fields): boolean => {
  const isOther = (field: string, key: (text: string) => string) => {
    const [one, other] = [wanted[field], there[field]]
    return typeof one === "string" && typeof other === "string" && key(one) !== key(other)
  }
  if (typeof wanted.id === "string" && typeof there.id !== "string") return false
  if (isOther("id", (id) => id) || isOther("type", nameKey)) return false
  // Named without its id, and by another name than the one that is there.
  return typeof wanted.id === "string" || typeof there.id !== "string" || !isOther("name", nameKey)
}

/**
 * `exclusiveFields` are those of which an object has one: a gateway is an object or a literal, an interface's address
 * static or of DHCP.
 */
const exclusiveFields: ReadonlyArray<ReadonlyArray<string>> = [
  ["object", "literal"],
  ["static", "dhcp", "pppoe"]
]

const isExcluded = (field: string, there: Fields, wanted: Fields): boolean =>
  exclusiveFields.some(
    (fields) =>
      fields.includes(field) &&
      Predicate.isReadonlyRecord(there[field]) &&
      !Object.hasOwn(wanted, field) &&
      fields.some((other) => Predicate.isReadonlyRecord(wanted[other]))
  )
