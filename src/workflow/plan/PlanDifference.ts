import { changeWords } from "./ChangeWords.ts"
import type { Plan, PlannedChange } from "./Plan.ts"
import * as PlanLikeness from "./PlanLikeness.ts"

/** `differenceOf` says in which ways a plan is another than it was, a sentence for each; none where it shows the same. */
export const differenceOf = (was: Plan, is: Plan): ReadonlyArray<string> => {
  const gone = without(keyed(was), keyed(is))
  const come = without(keyed(is), keyed(was))
  const paired = new Set<Keyed>()
  const before = gone.map((one) => {
    const other = come.find((two) => !paired.has(two) && objectOf(two.change) === objectOf(one.change))
    if (other === undefined) return `Then, and not now: ${changeWords(one.change)}.`
    paired.add(other)
    return `Then: ${changeWords(one.change)}. Now: ${changeWords(other.change)}.`
  })
  const since = come.filter((one) => !paired.has(one))
  const changes = [...before, ...since.map(({ change }) => `Now, and not then: ${changeWords(change)}.`)]
  if (changes.length > 0) return changes
  if (PlanLikeness.endOf(was) !== PlanLikeness.endOf(is))
    return [`It ended ${endText(was)} then, and ends ${endText(is)} now.`]
  return PlanLikeness.keyOf(was) === PlanLikeness.keyOf(is)
    ? []
    : ["The same changes are in another order now."]
}

/** `Keyed` is a change with the key of what it shows. */
interface Keyed {
  readonly change: PlannedChange
  readonly key: string
}

const keyed = (plan: Plan): ReadonlyArray<Keyed> => {
  const keys = PlanLikeness.keysOf(plan)
  return plan.changes.map((change, at) => ({
    change,
    key: JSON.stringify([change.device, keys[at]])
  }))
}

/** `without` are those that are not among others, each of which stands for one. */
const without = (all: ReadonlyArray<Keyed>, others: ReadonlyArray<Keyed>): ReadonlyArray<Keyed> => {
  const counts = new Map<string, number>()
  for (const { key } of others) counts.set(key, (counts.get(key) ?? 0) + 1)
  return all.filter(({ key }) => {
    const count = counts.get(key) ?? 0
    counts.set(key, count - 1)
    return count <= 0
  })
}

const objectOf = ({ device, kind, name, path }: PlannedChange): string =>
  JSON.stringify([device, kind, path, name])

const endText = ({ complete, end }: Plan): string =>
  complete || end === undefined ? "with the workflow" : `before ${end.operation}`
