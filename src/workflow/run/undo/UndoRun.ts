import * as Effect from "effect/Effect"
import type { AuthError } from "../../../auth/AuthError.ts"
import * as WriteGate from "../../../auth/WriteGate.ts"
import * as InputSchema from "../../../validation/InputSchema.ts"
import { checkParts } from "../../CheckWorkflow.ts"
import type { JournalOptions } from "../../journal/JournalPlace.ts"
import type { RunHeld } from "../../journal/RunHeld.ts"
import { RunStore } from "../../journal/RunStore.ts"
import { openParts, type PartDevices, type Parts, resolveParts } from "../../Parts.ts"
import type { RunReport } from "../../report/RunReport.ts"
import type { UndoOptions } from "../../undo/UndoOptions.ts"
import * as Account from "../account/Account.ts"
import * as Observer from "../account/Observer.ts"
import { undoOptions } from "../CheckOptions.ts"
import * as JournaledRun from "../JournaledRun.ts"
import * as RunDevices from "../RunDevices.ts"
import { hold, type Kept, type RunFault } from "../Running.ts"
import type { HeldOptions, ProgressOptions } from "../RunOptions.ts"
import type { RunOver } from "../RunOver.ts"
import * as RunRecorder from "../record/RunRecorder.ts"
import * as RunRules from "../record/RunRules.ts"
import { takeBack } from "./TakingBack.ts"
import * as UndoStops from "./UndoStops.ts"

/**
 * `undo` takes back what a run has changed, the last change first, from its journal alone: the script is not run. It
 * compares first: what somebody has changed since is left, and the report says what a person has to do. Once it has
 * begun, the run is never resumed.
 *
 * `parts` are those of the workflow, or the workflow itself. Fails as `resume` does, and as sessions do.
 *
 * @example
 * const report = yield* Workflow.undo(importHosts, { fmc: "FMC" }, "20261129T013000Z-import-hosts-3f9a1c")
 */
export const undo = <P extends Parts>(
  parts: { readonly devices: P },
  devices: PartDevices<P>,
  run: string,
  options: UndoRunOptions = {}
): Effect.Effect<RunReport, RunFault | RunHeld | RunOver | AuthError> => undoAs(parts, devices, run, options)

type UndoRunOptions = JournalOptions & HeldOptions & ProgressOptions & UndoOptions

/** `undoAs` does the same for whoever keeps account of it. */
export const undoAs = <P extends Parts>(
  parts: { readonly devices: P },
  devices: PartDevices<P>,
  run: string,
  options: UndoRunOptions,
  hear?: Kept["hear"]
): Effect.Effect<RunReport, RunFault | RunHeld | RunOver | AuthError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      yield* restore(InputSchema.check(undoOptions, options, "an undo"))
      const startedAt = yield* Account.now
      const observer = Observer.heardBy(yield* Observer.make(options.onProgress), hear)
      const [journal, resolved] = yield* restore(
        Effect.gen(function* () {
          yield* checkParts(parts, devices)
          const resolved = yield* resolveParts(parts.devices, devices)
          const journal = yield* JournaledRun.open(options, run, observer)
          yield* JournaledRun.checkDevices(journal, run, resolved)
          yield* hold(resolved, run, options)
          return [journal, resolved] as const
        })
      )
      const recording = yield* RunRecorder.make(
        journal,
        RunRules.none,
        () => Effect.fail(undefined),
        observer
      )
      const clients = yield* restore(WriteGate.withGate(recording.gate, openParts<P>(resolved)))
      const { isShared } = yield* RunStore
      const undoEnd = yield* UndoStops.withStop(isShared ? undefined : "underWay", (stop) =>
        takeBack(
          journal,
          RunDevices.ofParts(resolved, () => clients),
          options,
          stop
        )
      )
      const ended = journal.history.ended()
      const report = yield* Account.reportOf({
        journal,
        parts: resolved,
        startedAt,
        outcome: ended?.outcome ?? "interrupted",
        errors: ended?.errors ?? [],
        left: [],
        undoEnd,
        replayed: new Set(),
        unchanged: 0,
        steps: [],
        notes: [],
        countOf: recording.traffic.of
      })
      observer.tell({ _tag: "Ended", report })
      yield* observer.end
      return report
    })
  ).pipe(Effect.scoped, WriteGate.keepingAmbient)
