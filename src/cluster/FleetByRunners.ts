import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { WorkflowEngine } from "@effect/workflow/WorkflowEngine"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Course from "../fleet/Course.ts"
import type { FleetDevices } from "../fleet/FleetDevices.ts"
import * as FleetOptions from "../fleet/FleetOptions.ts"
import type { FleetOver } from "../fleet/FleetOver.ts"
import * as FleetResume from "../fleet/FleetResume.ts"
import { carriedOut, type FleetRan, unbegun } from "../fleet/FleetRun.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { RunHeld } from "../workflow/journal/RunHeld.ts"
import type { Parts } from "../workflow/Parts.ts"
import { journals } from "./Journals.ts"
import { run } from "./Requesting.ts"

/** `FleetByRunnersOptions` are those of `Fleet.run`, but for those of each device's run: its runner has them. */
export type FleetByRunnersOptions = Omit<FleetOptions.FleetOptions, OfRunners>

/** `FleetResumeOptions` are those of `Fleet.resume`, but for those of each device's run. */
export type FleetResumeOptions<Encoded> = Omit<FleetResume.FleetResumeOptions<Encoded>, OfRunners>

/** `OfRunners` is what a runner says, and that a fleet's journal stands in the database. */
type OfRunners = "approve" | "plan" | "perDevice" | "whenHeld" | "folder"

// Before the database is asked. What a runner says would be passed over: a guard, too.
const fleetOptions = FleetOptions.fleetOptions.omit("approve", "plan", "perDevice", "whenHeld", "folder")
const resumeOptions = FleetResume.resumeOptions.omit("perDevice", "whenHeld", "folder")

/**
 * `fleet` does what `Fleet.run` does, and gives the same report, but has each device's run carried out by a runner, in
 * whose inventory the device has the same name. Of the devices given here only names and kinds are used. What the
 * workflow gives stays with the runners. Where this is interrupted, the runs under way go on there. The fleet's journal
 * stands in the database: `Fleet.reportOf` and `undo` know it under `journals`.
 *
 * Fails as `Fleet.run` does, and with `SqlError` where the database takes no tables.
 *
 * @example
 * const { report } = yield* Cluster.fleet(setBanner, inventory, { text }, { canary: 1, waves: ["10%", "50%"] })
 */
export const fleet = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  options: FleetByRunnersOptions = {}
): Effect.Effect<FleetRan<A>, Course.FleetFault | SqlError, WorkflowEngine | SqlClient> =>
  byRunners(Course.begin(workflow, devices, input, options)).pipe(
    Effect.catchTag("FleetRefused", unbegun),
    Effect.provide(journals()),
    (begun) => Effect.zipRight(FleetOptions.check(fleetOptions, options, "a fleet by runners"), begun)
  )

/**
 * `resumeFleet` goes on with a fleet of which whoever waited for it was killed, from any machine: the runs under way are
 * waited for, and the rest of the devices are begun, in the same waves.
 *
 * Fails as `Fleet.resume` does, and with `SqlError`.
 *
 * @example
 * const { report } = yield* Cluster.resumeFleet(setBanner, inventory, "20261129T013000Z-fleet-set-banner-3f9a1c")
 */
export const resumeFleet = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices<P[keyof P]>,
  fleet: string,
  options: FleetResumeOptions<Encoded> = {}
): Effect.Effect<
  FleetRan<A>,
  Course.FleetFault | FleetOver | RunHeld | SqlError,
  WorkflowEngine | SqlClient
> =>
  // A run that was asked for may stand with a runner that has not come to it: it is asked for by the same id.
  byRunners(FleetResume.goOn(workflow, devices, fleet, options, () => Effect.succeed(true))).pipe(
    Effect.provide(journals()),
    (resumed) => Effect.zipRight(FleetOptions.check(resumeOptions, options, "a fleet by runners"), resumed)
  )

/** `byRunners` goes through a course whose runs are carried out by runners. */
const byRunners = <I, Encoded, P extends Parts, A, E, Fault>(
  begin: Effect.Effect<Course.Course<I, Encoded, P, A, E>, Fault, Scope.Scope>
): Effect.Effect<FleetRan<A>, Fault, WorkflowEngine> =>
  Effect.flatMap(WorkflowEngine, (engine) =>
    carriedOut(
      Effect.map(begin, (begun) => ({
        ...begun,
        elsewhere: (device: string, id: string, given: Encoded) =>
          // It has one part.
          run(begun.workflow, { [begun.part.part]: device } as { [Part in keyof P]: string }, given, {
            run: id
          }).pipe(Effect.provideService(WorkflowEngine, engine))
      }))
    )
  )
