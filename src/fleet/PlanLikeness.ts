import { digestOf } from "../workflow/Digest.ts"
import type { Plan } from "../workflow/plan/Plan.ts"
import * as PlannedId from "../workflow/plan/PlannedId.ts"
import * as PlanWords from "../workflow/plan/PlanWords.ts"

/**
 * `keyOf` is the same for plans that show the same, whatever device they are of. Ids are a device's own: where a name
 * stands beside, that counts, and of what is only planned its name or else its place in the plan. Any other id counts as
 * it is: rather two groups than one that hides a difference.
 */
export const keyOf = (plan: Plan): string => {
  const names = PlanWords.namesOf(plan)
  const places = new Map(plan.changes.map(({ id }, at) => [id, `(change ${at})`]))
  const named = (text: string) => text.replace(PlannedId.all, (id) => names.get(id) ?? places.get(id) ?? id)
  const like = (value: unknown): unknown => {
    if (typeof value === "string") return named(value)
    if (Array.isArray(value)) return value.map(like)
    if (typeof value !== "object" || value === null) return value
    const isNamed = "name" in value && typeof value.name === "string"
    return Object.fromEntries(
      Object.entries(value).flatMap(([field, one]) => (field === "id" && isNamed ? [] : [[field, like(one)]]))
    )
  }
  return digestOf([
    plan.complete,
    plan.end === undefined ? null : [plan.end.step, named(plan.end.operation)],
    plan.changes.map(({ action, fields, id, kind, name, path, place, step, undo, undoLoses }) => [
      ...[action, kind, named(path), step, undo, like(place ?? null), undoLoses ?? null],
      name === undefined ? [null, id === undefined ? null : named(id)] : [name],
      fields.map(({ added, after, before, field, removed }) =>
        [field, before, after, added, removed].map((one) => (one === undefined ? null : [like(one)]))
      )
    ])
  ])
}
