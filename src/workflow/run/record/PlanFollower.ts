import * as Arr from "effect/Array"
import type { RunRefused } from "../../../auth/RunRefused.ts"
import type { Description } from "../../../client/changes/Change.ts"
import { changeWords } from "../../plan/ChangeWords.ts"
import { asSent, describedChange } from "../../plan/DescribedChange.ts"
import type { Plan, PlannedChange } from "../../plan/Plan.ts"
import * as ExpectedChange from "./ExpectedChange.ts"

/** `PlanFollower` holds the changes of a run against those of its plan. */
export interface PlanFollower {
  /** `take` takes a change as the planned one; else it says why the run must not make it. */
  readonly take: (change: Description, step: string) => Pick<RunRefused, "why" | "reason"> | undefined
  /**
   * `passed` is told of a change that has nothing to do as things are, such as a deployment when nothing is pending: the
   * run has come past the planned one where that is the next of the plan.
   */
  readonly passed: (change: Description, step: string) => void
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
  const all = ExpectedChange.allOf(plan.changes)
  const alike = Arr.groupBy(all, ({ change }) => keyOf(change))
  const done = new Set<Expected>()
  /** `idle` are those that the run has come past, since they had nothing to do. */
  const idle = new Set<Expected>()
  const ids = ExpectedChange.noIds()
  /** `met` are those that the objects of a change were taken for. */
  const met = new WeakMap<Description, ReadonlyArray<Expected | undefined>>()
  const isOpen = (one: Expected) => !done.has(one) && !idle.has(one)
  const left = () => all.filter((one) => !done.has(one)).map(({ change }) => change)
  const askedFor = (change: Description, step: string, object: Description["objects"][number]) =>
    masked(describedChange(change, step, asSent(object), { undo: "yes" }))

  return {
    take: (change, step) => {
      const taken = new Set<Expected>()
      const each: Array<Expected | undefined> = []
      for (const object of change.objects) {
        const asked = askedFor(change, step, object)
        const isAsked = (one: Expected) =>
          !done.has(one) && !taken.has(one) && ExpectedChange.isMet(one, asked, ids)
        const same = alike[keyOf(asked)] ?? []
        const found = same.find((one) => isOpen(one) && isAsked(one)) ?? same.find(isAsked)
        // Behind its end a plan says nothing.
        const isBehind = !plan.complete && done.size + idle.size + taken.size === all.length
        if (found === undefined && !isBehind) return { why: "PlanOutdated", reason: outdated(left(), asked) }
        if (found !== undefined && onDrift === "stop" && ExpectedChange.hasDrifted(found, asked, ids))
          return { why: "Drifted", reason: drifted(found.change, asked) }
        if (found !== undefined) taken.add(found)
        each.push(found)
      }
      for (const one of taken) {
        idle.delete(one)
        done.add(one)
      }
      met.set(change, each)
      return undefined
    },
    passed: (change, step) => {
      for (const object of change.objects) {
        const next = all.find(isOpen)
        if (next !== undefined && ExpectedChange.isMet(next, askedFor(change, step, object), ids))
          idle.add(next)
      }
    },
    made: (change, made) => {
      for (const [at, one] of (met.get(change) ?? []).entries()) {
        const [planned, id] = [one?.change.id, made[at]]
        if (planned !== undefined && id !== undefined) ids.give(planned, id)
      }
    },
    left
  }
}

type Expected = ExpectedChange.ExpectedChange

/** `keyOf` is the same for what may be the same. Its path may have ids that were not known yet. */
const keyOf = ({ action, device, name }: PlannedChange): string => JSON.stringify([device, action, name])

const outdated = (left: ReadonlyArray<PlannedChange>, asked: PlannedChange): string => {
  const same = left.find(
    (one) => one.device === asked.device && one.path === asked.path && one.name === asked.name
  )
  const next = same ?? left[0]
  const planned = next === undefined ? "nothing more" : changeWords(next)
  return `it is not what the plan says. Planned: ${planned}. Asked for now: ${changeWords(asked)}. Make the plan anew, and look at it.`
}

const drifted = (planned: PlannedChange, asked: PlannedChange): string =>
  `somebody has changed it since it was planned. Planned: ${changeWords(planned)}. Now it would be: ${changeWords(asked)}. Make the plan anew, and look at it.`
