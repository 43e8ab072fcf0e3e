import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Description, ObjectChange } from "../../client/changes/Change.ts"
import { deviceFields, differs, isPart, keyOfMembers } from "../../client/fields/Difference.ts"
import { valueKey } from "../../client/fields/FieldEquality.ts"
import { leavesOut, leavesOutWithin } from "../../client/fields/LeftOut.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import * as Secrets from "../../client/fields/Secrets.ts"

/** `FieldDiff` is what becomes of one field. What holds a secret is masked. */
export const FieldDiff = Schema.Struct({
  /** `field` is its path: `sourceNetworks.objects`. */
  field: Schema.String,
  /** `before` and `after` are its values. One that is left out was or is not there. */
  before: Schema.optional(Schema.Unknown),
  after: Schema.optional(Schema.Unknown),
  /** `added` and `removed` are what becomes of a list, in place of the whole of it. */
  added: Schema.optional(Schema.Array(Schema.Unknown)),
  removed: Schema.optional(Schema.Array(Schema.Unknown))
})
export type FieldDiff = typeof FieldDiff.Type

/**
 * `fieldDiffs` says what becomes of an object's fields, each by its own notion of what is the same. A device's own
 * notes do not count.
 */
export const fieldDiffs = (
  { after, before }: ObjectChange,
  secrets?: Description["secrets"]
): ReadonlyArray<FieldDiff> => diffs(before, after, "", Secrets.declared(secrets))

const diffs = (
  before: Fields | undefined,
  after: Fields | undefined,
  path: string,
  secrets: Secrets.Secrets
): ReadonlyArray<FieldDiff> => {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  const kind = { ...typeOf(before), ...typeOf(after) }
  return [...names].flatMap((name) => {
    const [old, next] = [own(before, name), own(after, name)]
    // What has no id is no object of a device, and a version is its own: that of an upgrade, say.
    const isOwn = name === "version" && (before ?? after)?.id === undefined
    if (unshown.has(name) && !isOwn) return []
    const isSame =
      before !== undefined &&
      after !== undefined &&
      (next !== undefined || path === ""
        ? !differs(
            { ...kind, [name]: next ?? null },
            { ...kind, [name]: old ?? null },
            { exactNames: path === "" }
          ) && !leavesOut({ [name]: next }, { [name]: old })
        : !leavesOutWithin({}, { [name]: old }))
    if (isSame) return []
    const field = path === "" ? name : `${path}.${name}`
    if (!secrets.isSecret(name)) return diff(field, old, next, secrets.below(name))
    return [
      { field, ...(isGiven(old) && { before: Secrets.mask }), ...(isGiven(next) && { after: Secrets.mask }) }
    ]
  })
}

const diff = (
  field: string,
  before: unknown,
  after: unknown,
  secrets: Secrets.Secrets
): ReadonlyArray<FieldDiff> => {
  // As it may be read by anybody, without a device's own notes.
  const shown = (value: unknown): unknown => withoutNotes(Secrets.masked(value, secrets))
  // A part that is written without the id that the device has given it is the same one.
  const isSame = (one: Fields, other: Fields) =>
    one.id === other.id || (isPart(one) && other.id === undefined)
  if (
    Predicate.isReadonlyRecord(before) &&
    Predicate.isReadonlyRecord(after) &&
    (isSame(before, after) || isSame(after, before))
  )
    return diffs(before, after, field, secrets)
  if (Array.isArray(before) && Array.isArray(after)) {
    const [added, removed] = [membersBeside(before, after), membersBeside(after, before)]
    // Else it is their order that differs, or something within them.
    if (added.length + removed.length > 0)
      return [{ field, added: added.map(shown), removed: removed.map(shown) }]
  }
  return [
    {
      field,
      ...(isGiven(before) && { before: shown(before) }),
      ...(isGiven(after) && { after: shown(after) })
    }
  ]
}

const withoutNotes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNotes)
  if (!Predicate.isReadonlyRecord(value)) return value
  // Which version of another object it refers to says nothing: it means the newest.
  const own = Object.entries(value).filter(
    ([name]) => name !== "links" && name !== "metadata" && !(name === "version" && "id" in value)
  )
  return Object.fromEntries(own.map(([name, one]) => [name, withoutNotes(one)]))
}

/** `membersBeside` are those that are not among the others. */
const membersBeside = (
  others: ReadonlyArray<unknown>,
  members: ReadonlyArray<unknown>
): ReadonlyArray<unknown> => {
  const all = [...others, ...members]
  const keyOf = all.every(isPlain) ? (one: unknown) => valueKey("literals", one) : keyOfMembers(all)
  // Groups have thousands.
  const there = new Set(others.map(keyOf ?? asJson))
  if (keyOf !== undefined) return members.filter((one) => !there.has(keyOf(one)))
  const isSame = (one: unknown) => (other: unknown) => !differs({ literals: [one] }, { literals: [other] })
  return members.filter((one) => !there.has(asJson(one)) && !others.some(isSame(one)))
}

const isPlain = (one: unknown): boolean => typeof one !== "object" || one === null

const asJson = (one: unknown): string | undefined => JSON.stringify(one)

const typeOf = (fields: Fields | undefined): Fields => ({
  ...(typeof fields?.type === "string" && { type: fields.type }),
  ...(typeof fields?.subType === "string" && { subType: fields.subType })
})

/** `unshown` are what a device says of an object by itself. */
const unshown: ReadonlySet<string> = new Set(["id", "version", ...deviceFields])

const own = (fields: Fields | undefined, name: string): unknown =>
  fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined

const isGiven = (value: unknown): boolean => value !== undefined && value !== null
