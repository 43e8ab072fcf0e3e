import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Workflow } from "../workflow/Definition.ts"
import type { PartDevices, Parts } from "../workflow/Parts.ts"
import type { Plan } from "../workflow/plan/Plan.ts"
import * as PlanLikeness from "../workflow/plan/PlanLikeness.ts"
import * as Planning from "../workflow/plan/Planning.ts"
import { runErrors } from "../workflow/report/RunErrors.ts"
import { within } from "../workflow/run/RunTime.ts"
import * as Dispatch from "./Dispatch.ts"
import * as FleetDevices from "./FleetDevices.ts"
import { defaultConcurrency } from "./FleetOptions.ts"
import * as FleetPlan from "./FleetPlan.ts"
import * as StopRule from "./StopRule.ts"
import * as Waves from "./Waves.ts"

/** `PlannedOptions` say on how many devices at once, and how long the plan of one may take. */
interface PlannedOptions {
  readonly concurrency?: number | undefined
  readonly timeOut?: Duration.DurationInput | undefined
}

/** `Planned` is the plan of a fleet, and the hash of each device's. */
export interface Planned {
  readonly plan: FleetPlan.FleetPlan
  readonly hashes: ReadonlyMap<string, string>
}

/** `planned` makes it. Of the plans of a group it keeps one. */
export const planned = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  { part }: { readonly part: string },
  { devices, leftOut }: FleetDevices.Chosen,
  inputOf: (device: FleetDevices.FleetDevice) => Encoded,
  { concurrency = defaultConcurrency, timeOut }: PlannedOptions
): Effect.Effect<Planned> =>
  Effect.gen(function* () {
    const groups = new Map<
      string,
      { readonly first: number; readonly plan: Plan; readonly places: Array<number> }
    >()
    const hashes = new Map<string, string>()
    const failed: Array<FleetPlan.FleetPlan["failed"][number] & { readonly place: number }> = []
    const nameAt = (place: number) => devices[place]?.name ?? ""
    const take = (place: number, exit: Exit.Exit<Plan, unknown>) => {
      if (Exit.isFailure(exit)) {
        failed.push({ place, device: nameAt(place), errors: runErrors(exit.cause) })
        return
      }
      const plan = exit.value
      const key = PlanLikeness.keyOf(plan)
      const group = groups.get(key)
      const isFirst = group === undefined || place < group.first
      groups.set(key, {
        ...(isFirst ? { first: place, plan } : group),
        places: [...(group?.places ?? []), place]
      })
      hashes.set(nameAt(place), plan.hash)
    }
    yield* Dispatch.dispatch<Plan, void>({
      waves: Waves.plan(devices.length, 0, []),
      concurrency,
      rule: StopRule.make({}, devices.length),
      each: (place) =>
        Effect.suspend(() => {
          const device = devices[place]
          if (device === undefined) return Effect.dieMessage("a fleet has no such device")
          return Effect.flatMap(FleetDevices.optionsOf(device), (options) =>
            Planning.plan(workflow, { [part]: options } as PartDevices<P>, inputOf(device))
          )
        }).pipe(within(timeOut)),
      settle: (place, _, exit) => Effect.sync(() => take(place, exit)),
      isFailure: () => false
    })
    const inOrder = [...groups.values()].sort(
      (one, other) => other.places.length - one.places.length || one.first - other.first
    )
    return {
      hashes,
      plan: FleetPlan.make(
        {
          workflow: workflow.name,
          groups: inOrder.map(({ places, plan }) => ({
            devices: [...places].sort((one, other) => one - other).map(nameAt),
            plan
          })),
          failed: failed
            .sort((one, other) => one.place - other.place)
            .map(({ device, errors }) => ({ device, errors })),
          leftOut
        },
        hashes
      )
    }
  })
