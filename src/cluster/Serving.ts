import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { WorkflowEngine } from "@effect/workflow/WorkflowEngine"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as FleetDevices from "../fleet/FleetDevices.ts"
import type { PluginMismatch } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import { TimerLength } from "../validation/TimerLength.ts"
import { checkWorkflow } from "../workflow/CheckWorkflow.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { PartDevices, Parts } from "../workflow/Parts.ts"
import { runOptions } from "../workflow/run/CheckOptions.ts"
import type { RunOptions } from "../workflow/run/RunOptions.ts"
import * as Goes from "./Goes.ts"
import * as RunGo from "./RunGo.ts"
import { type RunRequest, workflowOf } from "./RunRequest.ts"
import * as Tables from "./Tables.ts"

/** `ServeOptions` say how a runner carries out the runs of a workflow. They are the same on all runners. */
export interface ServeOptions
  extends Pick<
    RunOptions,
    "limit" | "only" | "window" | "onDrift" | "onFailure" | "onProgress" | "timeOut" | "undo" | "whenHeld"
  > {
  /** `lease` is how long a runner that is not heard of has a run to itself. @default 15 seconds */
  readonly lease?: Duration.DurationInput | undefined
}

// Nobody approves on a runner, and its store is the database.
const { approve: _approve, folder: _folder, plan: _plan, ...ofRuns } = runOptions.fields
const serveOptions = Schema.Struct({ ...ofRuns, lease: Schema.optional(TimerLength) })

/**
 * `serve` has a runner carry out the runs of a workflow on devices of its own inventory, in which `Cluster.run` names them.
 * What they log in with stays on the runner. When it ends, its runs are left, logged out, for another one to go on with.
 *
 * Fails with `InvalidInput`, with `PluginMismatch`, and with `SqlError` where the database takes no tables.
 *
 * @example
 * const runner = Cluster.serve(importHosts, inventory).pipe(Layer.provide(Cluster.oneRunner()), Layer.provide(database))
 * Main.run(Layer.launch(runner))
 */
export const serve = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices.FleetDevices<P[keyof P]>,
  options: ServeOptions = {}
): Layer.Layer<never, InvalidInput | PluginMismatch | SqlError, WorkflowEngine | SqlClient.SqlClient> =>
  Layer.scopedDiscard(
    Effect.gen(function* () {
      yield* InputSchema.check(serveOptions, options, "Cluster.serve")
      const { lease = "15 seconds", ...others } = options
      yield* checkWorkflow(workflow, {})
      yield* Tables.make
      const sql = yield* SqlClient.SqlClient
      const engine = yield* WorkflowEngine
      const served = {
        workflow,
        devicesOf: devicesOf(workflow, devices),
        options: others,
        lease: Duration.decode(lease),
        places: new Map()
      }
      const goes = yield* Goes.make
      yield* engine.register(workflowOf(workflow), (request) =>
        goes
          .until((leaving) => RunGo.go(served, request, leaving))
          .pipe(
            Effect.provideService(SqlClient.SqlClient, sql),
            Effect.provideService(WorkflowEngine, engine)
          )
      )
      // Before the engine shuts down, which waits for nothing.
      yield* Effect.addFinalizer(() => goes.leaveAll)
    })
  )

/** `devicesOf` gives the devices of these names; what opens them is asked for now. */
const devicesOf =
  <P extends Parts>({ devices: parts }: { readonly devices: P }, given: unknown) =>
  (names: RunRequest["devices"]): Effect.Effect<PartDevices<P>, InvalidInput> =>
    Effect.map(
      Effect.forEach(Object.entries(parts), ([part, { id }]) =>
        Effect.gen(function* () {
          const name = names[part] ?? ""
          const { devices } = yield* FleetDevices.choose(id, given, undefined)
          const found = yield* FleetDevices.named(devices, [name])
          const [options] = yield* Effect.forEach(found, FleetDevices.optionsOf)
          return [part, options] as const
        })
      ),
      // Each is of the kind of its part.
      (all) => Object.fromEntries(all) as PartDevices<P>
    )
