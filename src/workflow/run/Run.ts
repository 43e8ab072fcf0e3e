import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { RunRefused } from "../../auth/RunRefused.ts"
import * as WriteGate from "../../auth/WriteGate.ts"
import { Changes } from "../../client/changes/Change.ts"
import { Removed } from "../../client/changes/Removed.ts"
import { redactedSpan } from "../../transport/RedactedSpan.ts"
import { raceFirst } from "../AwaitedRace.ts"
import { checkScript } from "../CheckWorkflow.ts"
import type { Workflow } from "../Definition.ts"
import type { JournalFailed } from "../journal/JournalFailed.ts"
import { RunStore } from "../journal/RunStore.ts"
import { type Clients, openParts, type Parts, type ResolvedPart } from "../Parts.ts"
import type { PlannedChange } from "../plan/Plan.ts"
import type { RunError, RunReport } from "../report/RunReport.ts"
import { Narration } from "../Step.ts"
import type { UndoOptions } from "../undo/UndoOptions.ts"
import * as Account from "./account/Account.ts"
import type { Observer } from "./account/Observer.ts"
import * as RunMetrics from "./account/RunMetrics.ts"
import * as RunDevices from "./RunDevices.ts"
import type { RunJournal } from "./RunJournal.ts"
import { within } from "./RunTime.ts"
import * as RunRecorder from "./record/RunRecorder.ts"
import type { RunRules } from "./record/RunRules.ts"
import { Sending } from "./record/Sending.ts"
import { settle } from "./resume/Settling.ts"
import { takeBack } from "./undo/TakingBack.ts"
import * as UndoStops from "./undo/UndoStops.ts"

/** `Ran` is what a run came to: its account, and what the workflow gives where it is done. */
export interface Ran<A> {
  readonly report: RunReport
  /** `result` is what the workflow gives; none where it is not done. */
  readonly result: Option.Option<A>
}

/** `Going` is what a run goes by. */
export interface Going<I, Encoded, P extends Parts, A, E> {
  readonly workflow: Workflow<I, Encoded, P, A, E>
  readonly parts: ReadonlyArray<ResolvedPart>
  readonly input: I
  readonly observer: Observer
  readonly rules: RunRules
  /** `left` are the planned changes that it has not come to. */
  readonly left: () => ReadonlyArray<PlannedChange>
  readonly onFailure: "undo" | "leave"
  readonly timeOut: Duration.DurationInput | undefined
  readonly undo: UndoOptions
}

/**
 * `go` runs a workflow by its journal, which may have something of it already. Its sessions stay open until what has
 * failed is undone; what is under way when it is interrupted is ended first.
 */
export const go = <I, Encoded, P extends Parts, A, E>(
  going: Going<I, Encoded, P, A, E>,
  journal: RunJournal
): Effect.Effect<Ran<A>, never, Scope.Scope> =>
  Effect.flatMap(RunStore, ({ isShared }) =>
    UndoStops.withStop(going.onFailure === "undo" && !isShared ? "ahead" : undefined, (undoStop) =>
      goUntil(undoStop, going, journal)
    )
  )

/** `goUntil` does not undo what it has not begun to, once that is to end. */
const goUntil = <I, Encoded, P extends Parts, A, E>(
  undoStop: UndoStops.UndoStop,
  { input, left, observer, onFailure, parts, rules, timeOut, undo, workflow }: Going<I, Encoded, P, A, E>,
  journal: RunJournal
): Effect.Effect<Ran<A>, never, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const startedAt = yield* Account.now
      const { isLeft } = yield* RunStore
      let clients: Clients<P> | undefined
      let hasBegun = false
      const hasEarlier = journal.history.changes().length > 0
      const devices = RunDevices.ofParts(parts, () => clients)
      const recording = yield* RunRecorder.make(journal, rules, devices.read, observer)
      const { gate, narrator, recorder, removed, stop, traffic } = recording
      const script = Effect.gen(function* () {
        clients = yield* openParts<P>(parts)
        yield* Effect.provideService(settle(journal, devices), Sending, "described")
        recording.settled()
        hasBegun = true
        const result = yield* Effect.scoped(checkScript(workflow.run(clients, input)))
        yield* recording.cameToAll
        return result
      }).pipe(
        Effect.provideService(Changes, recorder),
        Effect.provideService(Removed, hasEarlier ? removed : undefined),
        Effect.provideService(Narration, narrator),
        // What it plans within does not keep it from writing.
        Effect.provideService(WriteGate.HoldsProcess, false),
        raceFirst(stop.awaited),
        within(timeOut)
      )
      const exit = yield* Effect.exit(restore(WriteGate.withGate(gate, script)))
      stop.scriptIsOver()
      const outcome = Account.outcomeOf(exit, stop.refusal())
      const mayUndo =
        outcome !== "done" && onFailure === "undo" && !isOfResuming(stop.refusal()?.why) && !isLeft()
      // Where it has not begun, or has changed nothing, the run can still be resumed; where nobody waits for its undo, too.
      const isUndone =
        mayUndo && hasBegun && journal.history.changes().length > 0 && !(yield* undoStop.isGiven)
      const taken = isUndone ? yield* Effect.either(takeBack(journal, devices, undo, undoStop)) : undefined
      const undoEnd = taken && Option.getOrUndefined(Either.getRight(taken))
      const errors = journal.withoutLearned([
        ...Account.errorsOf(exit, stop.refusal()),
        ...(taken && Either.isLeft(taken) ? [notTakenBack(taken.left, stop.refusal())] : [])
      ])
      const unasked = recording.unasked()
      yield* Effect.ignore(
        journal.append({ _tag: "ended", outcome, errors, ...(unasked.length > 0 && { unasked }) })
      )
      const told = yield* Account.reportOf({
        journal,
        parts,
        startedAt,
        outcome,
        errors,
        left: left(),
        undoEnd,
        replayed: recording.replayed,
        ...recording.unchanged(),
        steps: narrator.steps(),
        notes: journal.withoutLearned(narrator.notes()),
        countOf: traffic.of
      })
      const report = journal.masked(told)
      yield* RunMetrics.ended(report)
      yield* Effect.annotateCurrentSpan("outcome", report.outcome)
      observer.tell({ _tag: "Ended", report })
      yield* observer.end
      return {
        report,
        result: outcome === "done" && Exit.isSuccess(exit) ? Option.some(exit.value) : Option.none<A>()
      }
    })
  ).pipe(redactedSpan("sallyport.run", { workflow: workflow.name, run: journal.history.begun()?.run }))

/** `notTakenBack` is why there was no undo, which the run may have been ended by. */
const notTakenBack = ({ _tag: tag, message }: JournalFailed, refusal: RunRefused | undefined): RunError => {
  const why = refusal?.why === tag ? "." : `: ${message}`
  return { tag, message: `What it had changed was not taken back, which could not be written down${why}` }
}

/** `isOfResuming` says that a resumed run can be resumed once more, with another script or when somebody has looked. */
const isOfResuming = (why: string | undefined): boolean =>
  why === "ResumeDiverged" || why === "OutcomeUnknown"
