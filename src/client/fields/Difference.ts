import * as Predicate from "effect/Predicate"
import * as FieldEquality from "./FieldEquality.ts"
import type { Fields } from "./ListEntry.ts"
import * as Secrets from "./Secrets.ts"

/** `CompareOptions` say what counts when what is wanted is held against what is there. */
export interface CompareOptions {
  /** `exactNames` says whether a name counts to the letter, as where something is to be renamed. @default false */
  readonly exactNames?: boolean | undefined
  /** `secrets` says whether what a device does not show again counts, as a password, and what is masked. @default true */
  readonly secrets?: boolean | undefined
  /**
   * `partIds` says whether the ids of an object's own parts count, which the device gives with the object, such as that of
   * a policy's default action.
   *
   * @default true
   */
  readonly partIds?: boolean | undefined
}

/** `differs` says whether what is there lacks something of what is wanted. */
export const differs = (wanted: unknown, there: unknown, comparing: CompareOptions = {}): boolean =>
  differences(wanted, there, comparing).length > 0

/**
 * `differences` gives the fields of what is wanted that are not so in what is there, by their paths:
 * `sourceNetworks.objects`. Only what is wanted is looked at, since devices add fields of their own, and each field by
 * its own notion of what is the same (`FieldEquality`). References are known by their `id`, and what a device says of
 * them beside it does not count. Members of a list that are known by an `id` or a value have no order; an FMC hands
 * them back in its own.
 */
export const differences = (
  wanted: unknown,
  there: unknown,
  comparing: CompareOptions = {}
): ReadonlyArray<string> => fieldsOf({ wanted, there, field: "", path: "", kind: "", comparing })

interface Comparison {
  readonly wanted: unknown
  readonly there: unknown
  /** `field` is the name of the field that holds them, and its path. */
  readonly field: string
  readonly path: string
  /** `kind` is the type of the object that has the field. */
  readonly kind: string
  readonly comparing: CompareOptions
}

const fieldsOf = (pair: Comparison): ReadonlyArray<string> => {
  const { comparing, field, kind, path, there, wanted } = pair
  if (Array.isArray(wanted)) return listDiffers(pair, wanted) ? [path] : []
  if (Predicate.isReadonlyRecord(wanted)) {
    if (Predicate.isReadonlyRecord(there)) return fieldsOfRecord(pair, wanted, there)
    return isEmpty(wanted) && isEmpty(there) ? [] : [path]
  }
  if (isEmpty(wanted) && isEmpty(there)) return []
  if (field === "name" && comparing.exactNames === true) return wanted === there ? [] : [path]
  return FieldEquality.areEqual(field, wanted, there, kind) ? [] : [path]
}

const fieldsOfRecord = (pair: Comparison, wanted: Fields, there: Fields): ReadonlyArray<string> => {
  const { comparing, path } = pair
  const hasIds = typeof wanted.id === "string" && typeof there.id === "string"
  const isAnother = hasIds && wanted.id !== there.id
  const isSamePart = isAnother && comparing.partIds === false && isPart(wanted) && isPart(there)
  if (isAnother && !isSamePart) return [path]
  const isReference = hasIds && !isSamePart
  // A whole object may be given where the device keeps no more than a reference to it.
  if (isReference && Object.keys(there).every((field) => referenceFields.has(field))) return []
  const kind = kindOf(wanted) || kindOf(there)
  return Object.entries(wanted).flatMap(([field, value]) => {
    if (value === undefined || deviceFields.has(field)) return []
    // The device says what is called so, and by which version.
    if (isReference && (field === "name" || field === "version")) return []
    if (isSamePart && (field === "id" || field === "version")) return []
    if (comparing.secrets === false && (FieldEquality.isWriteOnly(field) || value === Secrets.mask)) return []
    if (field === "newComments" && isCommented(value, there.commentHistoryList)) return []
    const before = Object.hasOwn(there, field) ? there[field] : undefined
    return fieldsOf({
      ...pair,
      wanted: value,
      there: before,
      field,
      kind,
      path: path === "" ? field : `${path}.${field}`,
      comparing: path === "" ? comparing : { ...comparing, exactNames: false }
    })
  })
}

/**
 * `isPart` says whether something within an object is a part of it that has an id, and no reference to another object.
 * References have names, and few of them more than that (FMC OpenAPI).
 */
export const isPart = (within: Fields): boolean =>
  typeof within.id === "string" &&
  within.name === undefined &&
  Object.keys(within).some((field) => !referenceFields.has(field))

/** `isReference` says whether something within an object is no more than a reference to another one. */
export const isReference = (within: Fields): boolean =>
  typeof within.id === "string" && Object.keys(within).every((field) => referenceFields.has(field))

const referenceFields: ReadonlySet<string> = new Set(["id", "type", "name", "version", "links", "metadata"])

/** `deviceFields` are a device's own notes, wherever they stand. */
export const deviceFields: ReadonlySet<string> = new Set([
  "links",
  "metadata",
  "commentHistoryList",
  "lastModified"
])

const listDiffers = (pair: Comparison, wanted: ReadonlyArray<unknown>): boolean => {
  const { there } = pair
  if (!Array.isArray(there) && !isEmpty(there)) return true
  // Devices leave an empty list out.
  const found: ReadonlyArray<unknown> = Array.isArray(there) ? there : []
  const other = (one: unknown, other: unknown) =>
    fieldsOf({ ...pair, wanted: one, there: other, path: "member" }).length > 0
  const keyOf = keyOfMembers(wanted)
  if (keyOf !== undefined) {
    // What is named twice is there once.
    const byKey = new Map(found.map((one) => [keyOf(one), one]))
    const keys = new Set(wanted.map(keyOf))
    return byKey.size !== keys.size || wanted.some((one) => other(one, byKey.get(keyOf(one))))
  }
  if (!isUnordered(pair.field, found))
    return wanted.length !== found.length || wanted.some((one, index) => other(one, found[index]))
  // Here too what is named twice is there once: each has one that it is, and none is left over.
  const isWanted = (each: unknown) => wanted.some((one) => !other(one, each))
  return wanted.some((one) => found.every((each) => other(one, each))) || !found.every(isWanted)
}

/**
 * `isCommented` says whether all comments that are wanted were given: they are an order, not a state, which an FMC
 * keeps in a rule's history.
 */
const isCommented = (wanted: unknown, history: unknown): boolean => {
  const given = Array.isArray(history)
    ? history.map((one) => (Predicate.isReadonlyRecord(one) ? one.comment : undefined))
    : []
  const isThere = (one: unknown) => given.some((comment) => FieldEquality.areEqual("comment", one, comment))
  return Array.isArray(wanted) && wanted.every(isThere)
}

type Key = (one: unknown) => string | undefined

/** `keyOfMembers` is how the members are known, where all of them are known in one way: by an id, a value or a URL. */
export const keyOfMembers = (wanted: ReadonlyArray<unknown>): Key | undefined => {
  const isTyped = wanted.every((one) => Predicate.isReadonlyRecord(one) && typeof one.type === "string")
  const keys: ReadonlyArray<Key> = [idOf, valueOf("value", isTyped), valueOf("url", isTyped)]
  return wanted.length === 0 ? undefined : keys.find((key) => wanted.every((one) => key(one) !== undefined))
}

const idOf: Key = (one) =>
  Predicate.isReadonlyRecord(one) && typeof one.id === "string" ? one.id : undefined

const valueOf =
  (field: string, isTyped: boolean): Key =>
  (one) => {
    // What has a name beside its value is known by that.
    if (!Predicate.isReadonlyRecord(one) || typeof one[field] !== "string" || typeof one.name === "string")
      return undefined
    // What is masked tells nothing apart.
    if (one[field] === Secrets.mask) return undefined
    const kind = kindOf(one)
    // Without its type nobody can tell whether case counts; members that are the same so far are then compared.
    return isTyped
      ? `${FieldEquality.valueKey("type", kind)} ${FieldEquality.valueKey(field, one[field], kind)}`
      : FieldEquality.valueKey(field, one[field], "FQDN").toLowerCase()
  }

/** `isUnordered` says whether it is a list of members, which has no order. */
const isUnordered = (field: string, found: ReadonlyArray<unknown>): boolean =>
  /^(objects|literals|urlCategories.*)$/.test(field) || found.every((one) => idOf(one) !== undefined)

const kindOf = ({ subType, type }: Fields): string =>
  typeof subType === "string" ? subType : typeof type === "string" ? type : ""

/** `isEmpty` says whether nothing is in it: what is empty, devices leave out. */
export const isEmpty = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length === 0
  if (Predicate.isReadonlyRecord(value)) return Object.values(value).every(isEmpty)
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "")
}
