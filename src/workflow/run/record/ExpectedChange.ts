import { isReference } from "../../../client/fields/Difference.ts"
import { anyVersion } from "../../ApiVersion.ts"
import { textOf } from "../../Digest.ts"
import { effectOf, type PlannedChange } from "../../plan/Plan.ts"
import * as PlannedId from "../../plan/PlannedId.ts"

/** `ExpectedChange` is a planned change, as a run is held to it. */
export interface ExpectedChange {
  readonly change: PlannedChange
  /** `effect` is what it comes to, and `before` what there was, as texts that are compared. */
  readonly effect: string
  readonly before: string
  /**
   * `isOfOwn` says that the plan itself has made the object, or has changed it before: what a device adds to that by
   * itself, no plan can know.
   */
  readonly isOfOwn: boolean
}

/** `Ids` are those that a device has given so far, and the planned ones that stood for them. */
export interface Ids {
  readonly give: (planned: string, given: string) => void
  /** `givenIn` puts those that were given into a text of the plan. */
  readonly givenIn: (text: string) => string
  readonly isGiven: (id: string) => boolean
}

/** `noIds` begins with none. */
export const noIds = (): Ids => {
  const given = new Map<string, string>()
  const all = new Set<string>()
  return {
    give: (planned, id) => {
      if (!PlannedId.isOne(planned)) return
      given.set(planned, id)
      all.add(id)
    },
    givenIn: (text) => (given.size === 0 ? text : text.replace(PlannedId.all, (id) => given.get(id) ?? id)),
    isGiven: (id) => all.has(id)
  }
}

/** `allOf` are those of a plan, in its order. */
export const allOf = (changes: ReadonlyArray<PlannedChange>): ReadonlyArray<ExpectedChange> => {
  const touched = new Set<string>()
  return changes.map((whole) => {
    const change = withReferences(whole, PlannedId.isOne)
    const own = change.id === undefined ? undefined : JSON.stringify([change.device, change.path, change.id])
    const isOfOwn = own !== undefined && touched.has(own)
    if (own !== undefined) touched.add(own)
    return { change: whole, effect: effectText(change), before: beforeText(change), isOfOwn }
  })
}

/** `isMet` says whether a change of the run is the planned one. */
export const isMet = (
  { change, effect, isOfOwn }: ExpectedChange,
  given: PlannedChange,
  ids: Ids
): boolean => {
  const asked = withReferences(given, ids.isGiven)
  const known = withReferences(change, PlannedId.isOne)
  // What is no object, such as a deployment, has an id in a plan alone.
  if (given.id === undefined)
    return ids.givenIn(effectText({ ...known, id: undefined })) === effectText(asked)
  if (!isOfOwn) return ids.givenIn(effect) === effectText(asked)
  if (ids.givenIn(effectText({ ...known, fields: [] })) !== effectText({ ...asked, fields: [] })) return false
  const planned = new Set(known.fields.map((field) => ids.givenIn(textOf(withoutBefore(field)))))
  // What the device has added is taken away with the object, or left out.
  return asked.fields.every((field) => isLeftOut(field) || planned.has(textOf(withoutBefore(field))))
}

/** `hasDrifted` says whether somebody has changed its object since it was planned. */
export const hasDrifted = ({ before, isOfOwn }: ExpectedChange, given: PlannedChange, ids: Ids): boolean =>
  !isOfOwn && ids.givenIn(before) !== beforeText(withReferences(given, ids.isGiven))

type Field = PlannedChange["fields"][number]

const isLeftOut = ({ added, after, removed }: Field): boolean =>
  after === undefined && added === undefined && removed === undefined

/** `withoutBefore` is the same for a list that was empty and for one that a device does not show, as it is empty. */
const withoutBefore = ({ before, ...field }: Field): Omit<Field, "before"> =>
  before === undefined && Array.isArray(field.after)
    ? { field: field.field, added: field.after, removed: [] }
    : field

/**
 * `withReferences` knows by its id what the plan itself makes, wherever it is referred to, and whatever else is referred
 * to: the run may give that another name on the way.
 */
const withReferences = (change: PlannedChange, isOwn: (id: string) => boolean): PlannedChange => {
  const known = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(known)
    if (typeof value !== "object" || value === null) return value
    const fields = value as Readonly<Record<string, unknown>>
    const { id } = fields
    if (typeof id === "string" && (isOwn(id) || isReference(fields))) return { id }
    return Object.fromEntries(Object.entries(fields).map(([field, one]) => [field, known(one)]))
  }
  // Fields are JSON, and stay what they are.
  return { ...change, fields: known(change.fields) as PlannedChange["fields"] }
}

/**
 * `effectText` is what a change comes to: of a removal whose it is, and of what is created no id yet. What is pending
 * when a deployment begins, nobody knows before: what else the run has changed by then, too.
 */
const effectText = ({ fields, id, ...change }: PlannedChange): string => {
  const known = {
    ...change,
    path: anyVersion(change.path),
    fields: change.action === "remove" ? [] : fields.filter(({ field }) => field !== "pendingNow")
  }
  return textOf(effectOf(id === undefined || change.action === "create" ? known : { ...known, id }))
}

const beforeText = ({ fields }: PlannedChange): string =>
  textOf(fields.flatMap(({ before, field }) => (field === "pendingNow" ? [] : [[field, before ?? null]])))
