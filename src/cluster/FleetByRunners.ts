import { WorkflowEngine } from "@effect/workflow/WorkflowEngine"
import * as Effect from "effect/Effect"
import * as Course from "../fleet/Course.ts"
import type { FleetDevices } from "../fleet/FleetDevices.ts"
import type { FleetOptions } from "../fleet/FleetOptions.ts"
import { carriedOut, type FleetRan, unbegun } from "../fleet/FleetRun.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import { run } from "./Requesting.ts"

/** `FleetByRunnersOptions` are those of `Fleet.run`, but for those of each device's run: its runner has them. */
export type FleetByRunnersOptions = Omit<FleetOptions, "approve" | "plan" | "perDevice" | "whenHeld">

/**
 * `fleet` does what `Fleet.run` does, and gives the same report, but has each device's run carried out by a runner, in
 * whose inventory the device has the same name. Of the devices given here only names and kinds are used. What the
 * workflow gives stays with the runners. Where this is interrupted, the runs under way go on there.
 *
 * Fails as `Fleet.run` does.
 *
 * @example
 * const { report } = yield* Cluster.fleet(setBanner, inventory, { text }, { canary: 1, waves: ["10%", "50%"] })
 */
export const fleet = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  options: FleetByRunnersOptions = {}
): Effect.Effect<FleetRan<A>, Course.FleetFault, WorkflowEngine> =>
  Effect.gen(function* () {
    const engine = yield* WorkflowEngine
    const course = Effect.map(Course.begin(workflow, devices, input, options), (begun) => ({
      ...begun,
      elsewhere: (device: string, id: string, given: Encoded) =>
        // It has one part.
        run(workflow, { [begun.part.part]: device } as { [Part in keyof P]: string }, given, {
          run: id
        }).pipe(Effect.provideService(WorkflowEngine, engine))
    }))
    return yield* Effect.catchTag(carriedOut(course), "FleetRefused", unbegun)
  })
