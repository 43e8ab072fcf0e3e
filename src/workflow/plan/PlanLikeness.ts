import { anyVersion } from "../ApiVersion.ts"
import { digestOf, textOf } from "../Digest.ts"
import type { Plan } from "./Plan.ts"
import * as PlannedId from "./PlannedId.ts"
import * as PlanWords from "./PlanWords.ts"

/**
 * `keyOf` is the same for plans that show the same, whatever device they are of. Ids are a device's own: where a name
 * stands beside, that counts, and of what is only planned its name or else its place in the plan. Any other id counts as
 * it is: rather two groups than one that hides a difference.
 */
export const keyOf = (plan: Plan): string => digestOf([endOf(plan), keysOf(plan)])

/** `keysOf` are the same for changes that show the same, one for each of the plan. */
export const keysOf = (plan: Plan): ReadonlyArray<string> => {
  const named = naming(plan)
  const like = (value: unknown): unknown => {
    if (typeof value === "string") return named(value)
    if (Array.isArray(value)) return value.map(like)
    if (typeof value !== "object" || value === null) return value
    const isNamed = "name" in value && typeof value.name === "string"
    return Object.fromEntries(
      Object.entries(value).flatMap(([field, one]) => (field === "id" && isNamed ? [] : [[field, like(one)]]))
    )
  }
  return plan.changes.map(({ action, fields, id, kind, name, path, place, step, undo, undoLoses }) =>
    textOf([
      ...[action, kind, named(anyVersion(path)), step, undo, like(place ?? null), undoLoses ?? null],
      name === undefined ? [null, id === undefined ? null : named(id)] : [name],
      fields.map(({ added, after, before, field, removed }) =>
        [field, before, after, added, removed].map((one) => (one === undefined ? null : [like(one)]))
      )
    ])
  )
}

/** `endOf` is the same for plans that see as far. */
export const endOf = (plan: Plan): string =>
  textOf([plan.complete, plan.end === undefined ? null : [plan.end.step, naming(plan)(plan.end.operation)]])

/** `naming` puts names in the place of ids that a device has yet to give. */
const naming = (plan: Plan) => {
  const names = PlanWords.namesOf(plan)
  const places = new Map(plan.changes.map(({ id }, at) => [id, `(change ${at})`]))
  return (text: string) => text.replace(PlannedId.all, (id) => names.get(id) ?? places.get(id) ?? id)
}
