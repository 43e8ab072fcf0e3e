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
import type { FleetEvent } from "./FleetEvent.ts"
import { defaultConcurrency } from "./FleetOptions.ts"
import * as FleetPlan from "./FleetPlan.ts"
import * as StopRule from "./StopRule.ts"
import * as Waves from "./Waves.ts"

/** `PlannedOptions` say on how many devices at once, how long the plan of one may take, and who is told of each. */
interface PlannedOptions {
  readonly tell: (event: FleetEvent) => void
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
  { concurrency = defaultConcurrency, tell, timeOut }: PlannedOptions
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
      const device = nameAt(place)
      if (Exit.isFailure(exit)) {
        const errors = runErrors(exit.cause)
        failed.push({ place, device, errors })
        return tell({ _tag: "DevicePlanned", device, changes: 0, errors })
      }
      const plan = exit.value
      const key = PlanLikeness.keyOf(plan)
      const group = groups.get(key)
      const isFirst = group === undefined || place < group.first
      groups.set(key, {
        ...(isFirst ? { first: place, plan } : group),
        places: [...(group?.places ?? []), place]
      })
      hashes.set(device, plan.hash)
      tell({ _tag: "DevicePlanned", device, changes: plan.changes.length, errors: [] })
    }
    tell({ _tag: "PlanBegun", devices: devices.length })
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
