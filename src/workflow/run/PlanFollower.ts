import type { RunRefused } from "../../auth/RunRefused.ts"
import type { Description } from "../../client/Change.ts"
import { asSent, describedChange } from "../DescribedChange.ts"
import { textOf } from "../Digest.ts"
import { effectOf, type Plan, type PlannedChange } from "../Plan.ts"

/** `PlanFollower` holds the changes of a run against those of its plan. */
export interface PlanFollower {
  /** `take` takes a change as the planned one; else it says why the run must not make it. */
  readonly take: (change: Description, step: string) => Pick<RunRefused, "why" | "reason"> | undefined
  /** `made` is told which ids the device has given: the plan had others in their place. */
  readonly made: (change: Description, ids: ReadonlyArray<string | undefined>) => void
  /** `left` are the planned changes that the run has not come to. */
  readonly left: () => ReadonlyArray<PlannedChange>
}

/** `FollowOptions` say how a plan is followed. */
export interface FollowOptions {
  /** `onDrift` says what becomes of an object that has changed since it was planned. */
  readonly onDrift: "stop" | "write"
  /** `masked` masks what the plan has masked. */
  readonly masked: <A>(value: A) => A
}

/** `make` begins with all of a plan. */
export const make = (plan: Plan, { masked, onDrift }: FollowOptions): PlanFollower => {
  let left = plan.changes.map((change) => ({
    change,
    effect: effectText(change),
    before: beforeText(change)
  }))
  const ids = new Map<string, string>()
  /** `created` are the planned ids of what is about to be created. */
  const created = new Map<string, string>()
  const withIds = (text: string): string => text.replace(plannedId, (id) => ids.get(id) ?? id)

  return {
    take: (change, step) => {
      const rest = [...left]
      for (const object of change.objects) {
        const asked = masked(describedChange(change, step, asSent(object), "yes"))
        const effect = effectText(asked)
        const at = rest.findIndex((planned) => withIds(planned.effect) === effect)
        const planned = rest[at]
        if (planned === undefined) {
          // Behind its end a plan says nothing.
          if (rest.length === 0 && !plan.complete) continue
          return {
            why: "PlanOutdated",
            reason: outdated(
              rest.map(({ change }) => change),
              asked
            )
          }
        }
        if (onDrift === "stop" && withIds(planned.before) !== beforeText(asked)) {
          return { why: "Drifted", reason: drifted(planned.change, asked) }
        }
        if (planned.change.id !== undefined && isPlannedId(planned.change.id))
          created.set(keyOf(change, object.name), planned.change.id)
        rest.splice(at, 1)
      }
      left = rest
      return undefined
    },
    made: (change, made) => {
      for (const [at, { name }] of change.objects.entries()) {
        const [planned, id] = [created.get(keyOf(change, name)), made[at]]
        if (planned !== undefined && id !== undefined) ids.set(planned, id)
      }
    },
    left: () => left.map(({ change }) => change)
  }
}

const plannedId = /sallyport-planned-[0-9a-f]{12}/g

const isPlannedId = (id: string): boolean => id.startsWith("sallyport-planned-")

const keyOf = ({ path, targetName }: Description, name: string | undefined): string =>
  JSON.stringify([targetName, path, name])

/** `effectText` is what a change comes to; what is created has no id yet. */
const effectText = ({ id, ...change }: PlannedChange): string =>
  textOf(effectOf(id === undefined || change.action === "create" ? change : { ...change, id }))

const beforeText = ({ fields }: PlannedChange): string =>
  textOf(fields.map(({ before, field }) => [field, before ?? null]))

const outdated = (left: ReadonlyArray<PlannedChange>, asked: PlannedChange): string => {
  const same = left.find(
    (one) => one.device === asked.device && one.path === asked.path && one.name === asked.name
  )
  const next = same ?? left[0]
  const planned = next === undefined ? "nothing more" : words(next)
  return `it is not what the plan says. Planned: ${planned}. Asked for now: ${words(asked)}. Make the plan anew, and look at it.`
}

const drifted = (planned: PlannedChange, asked: PlannedChange): string =>
  `somebody has changed it since it was planned. Planned: ${words(planned)}. Now it would be: ${words(asked)}. Make the plan anew, and look at it.`

const words = ({ action, device, fields, kind, name }: PlannedChange): string => {
  const what = fields.slice(0, maxFields).map(({ added, after, before, field, removed }) => {
    if (added !== undefined || removed !== undefined)
      return `${field} +${shortened(added ?? [])} -${shortened(removed ?? [])}`
    return `${field} ${before === undefined ? "" : `${shortened(before)} -> `}${shortened(after)}`
  })
  const more = fields.length > maxFields ? ", …" : ""
  return `${action} ${kind} ${JSON.stringify(name ?? "")} on ${device} (${what.join(", ")}${more})`
}

// Enough to see what it is about.
const maxFields = 5
const shortened = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
