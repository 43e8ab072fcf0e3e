import * as Effect from "effect/Effect"
import type { Approve } from "../workflow/guards/Approval.ts"
import { asPlanned, withoutBefore } from "../workflow/guards/AsPlanned.ts"
import { GuardRefused } from "../workflow/guards/GuardRefused.ts"
import type { Plan } from "../workflow/plan/Plan.ts"
import * as PlanLikeness from "../workflow/plan/PlanLikeness.ts"
import type { RunOptions } from "../workflow/run/RunOptions.ts"
import type { Begun } from "./FleetJournal.ts"
import { changes, type FleetPlan } from "./FleetPlan.ts"

/** `HeldToPlan` gives by its name what the run on a device is held to; `undefined` where it is to no plan. */
export type HeldToPlan = (device: string) => Approve | undefined

type Drift = Pick<RunOptions, "onDrift">

/** `keysOf` are what a plan shows for each of its devices, as a fleet's journal keeps it. */
export const keysOf = ({ groups }: FleetPlan, drift: Drift): Readonly<Record<string, string>> =>
  Object.fromEntries(
    groups.flatMap(({ devices, plan }) => {
      const key = keyOf(plan, drift)
      return devices.map((device) => [device, key] as const)
    })
  )

/**
 * `of` holds each device's run to what was approved of the fleet's plan, and to what `plan` shows for it: one that is
 * another by now, and one that was never made, is refused before it writes anything. Without `plan` it goes by the journal.
 */
export const of = (
  { approved, planned }: Pick<Begun, "approved" | "planned">,
  drift: Drift,
  plan?: FleetPlan
): HeldToPlan => {
  const groups = new Map(plan?.groups.flatMap((group) => group.devices.map((device) => [device, group.plan])))
  return (device) => {
    if (approved === undefined && planned === undefined) return undefined
    const kept = groups.get(device)
    return (made) =>
      Effect.gen(function* () {
        if (approved !== undefined) {
          if (approved[device] === undefined) return yield* refused(unmade)
          if (approved[device] !== made.hash) return yield* refused(outdated)
        }
        if (planned === undefined || !changes(made)) return true
        if (planned[device] === undefined) return yield* refused(unmade)
        if (kept !== undefined)
          return yield* asPlanned(onDeviceOf(made, kept), { onDrift: drift.onDrift })(made)
        return planned[device] === keyOf(made, drift) ? true : yield* refused(outdated)
      })
  }
}

const keyOf = (plan: Plan, { onDrift }: Drift): string =>
  PlanLikeness.keyOf(onDrift === "write" ? withoutBefore(plan) : plan)

/** `onDeviceOf` is the plan of a group as it is for one of its devices. */
const onDeviceOf = (made: Plan, group: Plan): Plan => {
  const device = made.changes[0]?.device ?? "the device"
  return { ...group, changes: group.changes.map((change) => ({ ...change, device })) }
}

const refused = (message: string) => new GuardRefused({ guard: "approve", message })

const unmade =
  "Its plan could not be made when that of the fleet was, and nothing was written. Run the fleet's rest by a plan that it has, too."

const outdated =
  "Its plan is another one by now than the one that was approved with the fleet's, and nothing was written. Look what has changed on the device, run the fleet's rest, and approve its plan."
