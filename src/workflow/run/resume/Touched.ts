import type { Description, Lookup, ObjectChange } from "../../../client/changes/Change.ts"
import type { Fields } from "../../../client/fields/ListEntry.ts"
import { isMasked } from "../../../client/fields/Secrets.ts"
import { idOf, type PastChange } from "../../journal/RunHistory.ts"

/** `Touched` is an object of a change, or a value of a list of values: as it was before, and whether it is gone then. */
export interface Touched {
  readonly id: string
  readonly before: Fields | undefined
  readonly isGone: boolean
}

/** `touchedBy` are those of a change that reads can show as they were before it. */
export const touchedBy = ({
  became = [],
  lookup,
  objects
}: Pick<Description, "lookup" | "objects"> & Partial<Pick<PastChange, "became">>): ReadonlyArray<Touched> => {
  if (lookup?.values !== undefined) return objects.flatMap(valuesOf(lookup.values))
  return objects.flatMap(({ after, before, id: known }, at) => {
    // What was there before has its id from the outset.
    const id = known ?? (before === undefined ? idOf(became[at]) : undefined)
    // What is masked is no object to show.
    return id === undefined || isMasked(before) ? [] : [{ id, before, isGone: after === undefined }]
  })
}

/** `valuesOf` are those of a list of values that a change has put there, and those that it took out. */
const valuesOf =
  ({ field, from }: Exclude<Lookup["values"], undefined>) =>
  ({ after = {}, before = {} }: ObjectChange): ReadonlyArray<Touched> => {
    const [had, has] = [listOf(before[field]), listOf(after[field])]
    return [
      ...has.filter((value) => !had.includes(value)).map((id) => ({ id, before: undefined, isGone: false })),
      ...had
        .filter((value) => !has.includes(value))
        .map((id) => ({ id, before: { [from]: id }, isGone: true }))
    ]
  }

const listOf = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : []
