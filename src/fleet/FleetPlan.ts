import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { refuseInput } from "../validation/RefuseInput.ts"
import { digestOf } from "../workflow/Digest.ts"
import { Plan } from "../workflow/plan/Plan.ts"
import { RunError } from "../workflow/report/RunReport.ts"
import { FleetReport } from "./FleetReport.ts"

/** `PlanGroup` is devices on which a workflow would do the same. */
export const PlanGroup = Schema.Struct({
  devices: Schema.Array(Schema.String),
  /** `plan` is that of the first of them; those of the others differ in the device alone, and in ids that it gave. */
  plan: Plan
})
export type PlanGroup = typeof PlanGroup.Type

/**
 * `FleetPlan` is what a workflow would do on a fleet: a value, which can be kept as JSON by this Schema. Secrets in it are
 * masked.
 */
export const FleetPlan = Schema.Struct({
  version: Schema.Literal(1),
  workflow: Schema.String,
  /** `groups` are those with the most devices first. */
  groups: Schema.Array(PlanGroup),
  /** `failed` are the devices whose plan could not be made. */
  failed: Schema.Array(Schema.Struct({ device: Schema.String, errors: Schema.Array(RunError) })),
  leftOut: FleetReport.fields.leftOut,
  /** `hash` is the same for plans that would do the same on the same devices. */
  hash: Schema.String
})
export type FleetPlan = typeof FleetPlan.Type

/** `make` gives a plan with its hash: `hashes` are those of the plans of its devices. */
export const make = (
  plan: Omit<FleetPlan, "version" | "hash">,
  hashes: ReadonlyMap<string, string>
): FleetPlan => ({
  version: 1,
  ...plan,
  hash: digestOf([plan.workflow, Object.fromEntries(hashes), plan.failed.map(({ device }) => device).sort()])
})

/** `devicesOf` are all of a plan: those whose plan could not be made, too. */
export const devicesOf = ({ failed, groups }: FleetPlan): ReadonlyArray<string> => [
  ...groups.flatMap(({ devices }) => devices),
  ...failed.map(({ device }) => device)
]

/** `changes` says whether a plan changes anything, as far as it sees. */
export const changes = ({ changes, complete }: Plan): boolean => changes.length > 0 || !complete

/** `checked` is a plan. Throws `InvalidInput` for what is none: a script in JavaScript has no types. */
export const checked = (plan: FleetPlan): FleetPlan => {
  if (hasList(plan, "groups") && hasList(plan, "failed")) return plan
  throw refuseInput(
    "plan",
    "this is no FleetPlan; Fleet.plan gives an Effect of one, as in Main.run(Effect.andThen(Fleet.plan(…), (plan) => …))."
  )
}

const hasList = (given: unknown, field: string): boolean =>
  Predicate.hasProperty(given, field) && Array.isArray(given[field])

/** `differs` says whether any device of a fleet is not as the workflow wants it, or may not be. Throws `InvalidInput`. */
export const differs = (plan: FleetPlan): boolean => {
  const { failed, groups } = checked(plan)
  return failed.length > 0 || groups.some(({ plan }) => changes(plan))
}
