import type { SqlClient } from "@effect/sql/SqlClient"
import type { WorkflowEngine, WorkflowInstance } from "@effect/workflow/WorkflowEngine"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type { Workflow } from "../workflow/Definition.ts"
import * as RunStore from "../workflow/journal/RunStore.ts"
import type { PartDevices, Parts } from "../workflow/Parts.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import * as JournaledRun from "../workflow/run/JournaledRun.ts"
import * as Records from "../workflow/run/Records.ts"
import { resumeAs, runAs } from "../workflow/run/Running.ts"
import type { RunOptions } from "../workflow/run/RunOptions.ts"
import * as UndoRun from "../workflow/run/undo/UndoRun.ts"
import type { Places } from "./ChangeActivities.ts"
import * as GoStore from "./GoStore.ts"
import type { Leaving } from "./Leaving.ts"
import { NotBegun, type RunRequest } from "./RunRequest.ts"

/** `Served` is a workflow that a runner carries out. */
export interface Served<I, Encoded, P extends Parts, A, E> {
  readonly workflow: Workflow<I, Encoded, P, A, E>
  readonly devicesOf: (names: RunRequest["devices"]) => Effect.Effect<PartDevices<P>, InvalidInput>
  readonly options: RunOptions
  readonly lease: Duration.Duration
  readonly places: Places
}

/**
 * `go` carries a run out, or goes on with what its journal has of it: forwards, or, where its undo has begun, with that
 * alone. It gives the run's report, or `left` where the next go goes on. Fails with `NotBegun`.
 */
export const go = <I, Encoded, P extends Parts, A, E>(
  served: Served<I, Encoded, P, A, E>,
  request: RunRequest,
  leaving: Leaving
): Effect.Effect<RunReport | "left", NotBegun, SqlClient | WorkflowEngine | WorkflowInstance> =>
  Effect.gen(function* () {
    const { run } = request
    const { endActivities, lines, store } = yield* GoStore.make(run, served.lease, served.places, leaving)
    const report = yield* Effect.provideService(
      carriedOn(served, request, lines.length > 0, leaving),
      RunStore.RunStore,
      store
    )
    if (leaving.isLeft()) return "left"
    yield* endActivities
    return report
  }).pipe(
    Effect.scoped,
    Effect.catchAll((error) => {
      const { _tag: tag, message } = error
      if (leaving.isLeft() || tag === "JournalFailed") return Effect.succeed("left" as const)
      return new NotBegun({ run: request.run, tag, message })
    })
  )

const carriedOn = <I, Encoded, P extends Parts, A, E>(
  { devicesOf, options, workflow }: Served<I, Encoded, P, A, E>,
  { devices, input, run }: RunRequest,
  isBegun: boolean,
  leaving: Leaving
) =>
  Effect.gen(function* () {
    const parts = yield* devicesOf(devices)
    const undo = { ...options.undo, stop: leaving.awaited }
    if (!isBegun) {
      const kept = { run, hear: () => {} }
      const { report } = yield* runAs(workflow, parts, input as Encoded, { ...options, undo }, kept)
      return report
    }
    const { history } = yield* JournaledRun.read({}, run)
    const { onProgress, whenHeld } = options
    if (history.isUndoing())
      return yield* UndoRun.undo(workflow, parts, run, { ...undo, onProgress, whenHeld })
    const outcome = history.ended()?.outcome
    if (outcome !== undefined && outcome !== "interrupted") return yield* Records.reportOf(run)
    const { approve: _approve, ...others } = options
    const { report } = yield* resumeAs(workflow, parts, run, { ...others, undo })
    return report
  })
