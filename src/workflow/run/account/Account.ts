import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { RunRefused } from "../../../auth/RunRefused.ts"
import type { ObjectChange } from "../../../client/changes/Change.ts"
import { GuardRefused } from "../../guards/GuardRefused.ts"
import type { JournaledChange, TakenBack } from "../../journal/JournaledChange.ts"
import type { Begun } from "../../journal/JournalLine.ts"
import { idOf, type RunHistory } from "../../journal/RunHistory.ts"
import type { ResolvedPart } from "../../Parts.ts"
import { factsOf } from "../../plan/DescribedChange.ts"
import type { PlannedChange } from "../../plan/Plan.ts"
import { runErrors } from "../../report/RunErrors.ts"
import type { ChangeReport, ChangeState, RunError, RunReport, UndoReport } from "../../report/RunReport.ts"
import * as JournaledRun from "../JournaledRun.ts"
import type { RunJournal } from "../RunJournal.ts"

/** `now` is the time, as reports and journals have it. */
export const now: Effect.Effect<string> = Effect.map(Clock.currentTimeMillis, (millis) =>
  new Date(millis).toISOString()
)

/** `outcomeOf` is what a run came to. */
export const outcomeOf = (
  exit: Exit.Exit<unknown, unknown>,
  refusal: RunRefused | undefined
): RunReport["outcome"] => {
  if (refusal !== undefined) return "refused"
  if (Exit.isSuccess(exit)) return "done"
  return Exit.isInterrupted(exit) ? "interrupted" : "failed"
}

/** `errorsOf` are why it is not done. */
export const errorsOf = (
  exit: Exit.Exit<unknown, unknown>,
  refusal: RunRefused | undefined
): ReadonlyArray<RunError> => {
  if (refusal !== undefined) return [{ tag: refusal.why, message: refusal.message }]
  return Exit.isSuccess(exit) ? [] : runErrors(exit.cause)
}

/** `Told` is what a report is made of. */
export interface Told
  extends Pick<
    RunReport,
    "outcome" | "errors" | "steps" | "notes" | "unchanged" | "unchangedObjects" | "startedAt"
  > {
  readonly journal: RunJournal
  readonly parts: ReadonlyArray<ResolvedPart>
  readonly replayed: ReadonlySet<number>
  /** `left` are the planned changes that it has not come to. */
  readonly left: ReadonlyArray<PlannedChange>
  /** `undoEnd` says whether its undo came to its end; `undefined` where there was none. */
  readonly undoEnd: "ended" | "stopped" | undefined
  readonly countOf: (targetName: string) => { readonly requests: number; readonly writes: number }
}

/** `reportOf` is the account of a run. */
export const reportOf = ({
  countOf,
  journal,
  left,
  parts,
  replayed,
  undoEnd,
  ...told
}: Told): Effect.Effect<RunReport> =>
  Effect.map(now, (endedAt) => {
    const { history, path } = journal
    const { run, workflow } = history.begun() ?? { run: "", workflow: "" }
    const changes = changeReports(history, replayed)
    return {
      version: 1,
      run,
      workflow,
      ...told,
      changes: [
        ...changes,
        ...left.map((change) => ({
          ...notMade(change, "notReached"),
          ...(told.outcome === "done" && { why: notAskedFor })
        }))
      ],
      ...(undoEnd && { undo: undoReport(changes, undoEnd) }),
      devices: deviceReports(JournaledRun.devicesOf(parts), countOf),
      endedAt,
      journal: path
    }
  })

const notAskedFor =
  "the script came to its end without asking for it, as where somebody has made it so since it was planned; look at the device."

/** `reportOfJournal` is the account of a run by what its journal has. */
export const reportOfJournal = ({ history, lines, path }: JournaledRun.Recorded): RunReport => {
  const [begun, ended] = [history.begun(), history.ended()]
  const changes = changeReports(history, new Set())
  const startedAt = begun?.at ?? ended?.at ?? new Date(0).toISOString()
  return {
    version: 1,
    run: begun?.run ?? "",
    workflow: begun?.workflow ?? "",
    // It was killed, or goes on.
    outcome: ended?.outcome ?? "interrupted",
    errors: ended?.errors ?? [],
    steps: [],
    changes,
    unchanged: 0,
    notes: [],
    ...(history.isUndoing() && {
      undo: undoReport(changes, ended === undefined || isUndoOpen(history) ? "stopped" : "ended")
    }),
    devices: deviceReports(begun?.devices ?? {}),
    startedAt,
    // What is behind it in the journal is of a later undo.
    endedAt: ended?.at ?? lines.at(-1)?.at ?? startedAt,
    journal: path
  }
}

/** `NotBegun` is what is known of a run of which nothing was begun. */
interface NotBegun extends Pick<RunReport, "run" | "workflow" | "startedAt"> {
  readonly parts: ReadonlyArray<ResolvedPart>
  readonly exit: Exit.Failure<unknown, unknown>
  /** `planned` are the changes of its plan, where it came so far. */
  readonly planned: ReadonlyArray<PlannedChange>
}

/** `reportOfNone` is the account of a run that has ended before it changed anything. */
export const reportOfNone = ({ exit, parts, planned, ...told }: NotBegun): Effect.Effect<RunReport> =>
  Effect.map(now, (endedAt) => {
    const isRefused = [...Cause.failures(exit.cause)].some((error) => error instanceof GuardRefused)
    return {
      version: 1,
      ...told,
      outcome: isRefused ? "refused" : Exit.isInterrupted(exit) ? "interrupted" : "failed",
      errors: runErrors(exit.cause),
      steps: [],
      changes: planned.map((change) => notMade(change, "planned")),
      unchanged: 0,
      notes: [],
      devices: deviceReports(JournaledRun.devicesOf(parts)),
      endedAt
    }
  })

/** `deviceReports` are the devices of a run, with what was sent to each, where that is known. */
const deviceReports = (devices: Begun["devices"], countOf?: Told["countOf"]): RunReport["devices"] =>
  Object.entries(devices).map(([part, { name, origin }]) => ({ part, name, origin, ...countOf?.(name) }))

const notMade = (
  { undo: _undo, undoLoses: _loses, ...change }: PlannedChange,
  state: ChangeState
): ChangeReport => ({
  ...change,
  state
})

/** `changeReports` say what became of each object that a run has changed, or was about to. */
const changeReports = (history: RunHistory, replayed: ReadonlySet<number>): ReadonlyArray<ChangeReport> => {
  const unasked = new Set(history.ended()?.unasked)
  return history.changes().flatMap((change) => {
    const requestOf = requestsOf(change)
    return change.objects.map((object, at): ChangeReport => {
      const became = change.became?.[at]
      const id = object.id ?? idOf(became)
      const back = takenBackOf(change, requestOf(object, id))
      // What is undone may have lost something all the same, such as its id.
      const why = back === undefined ? change.error?.message : back.why
      const state = stateOf(change, object, became, back)
      return {
        ...factsOf(change, change.step, { ...object, id }),
        state,
        ...(why !== undefined && state !== "done" && { why }),
        ...(back?.newId !== undefined && { newId: back.newId }),
        ...(replayed.has(change.number) && { isReplayed: true }),
        ...(unasked.has(change.number) && back === undefined && { isUnasked: true })
      }
    })
  })
}

/** `isUndoOpen` says that an undo has begun and not come to its end: of some change nothing is known of it. */
const isUndoOpen = (history: RunHistory): boolean =>
  history.changes().some(({ outcome, takenBack, undo }) => {
    if (outcome === "refused" || outcome === "absent") return false
    if ("cannot" in undo) return takenBack.size === 0
    return undo.some((_, request) => typeof takenBack.get(request) !== "object")
  })

/** `undoReport` says what an undo has left. */
const undoReport = (changes: ReadonlyArray<ChangeReport>, end: "ended" | "stopped"): UndoReport => {
  const left = changes.filter(
    ({ state }) => state === "left" || state === "unknown" || state === "done"
  ).length
  return { state: left === 0 ? "done" : end === "stopped" ? "stopped" : "incomplete", left }
}

const stateOf = (
  { outcome, takenBack }: JournaledChange,
  { others }: ObjectChange,
  became: Readonly<Record<string, unknown>> | string | undefined,
  back: TakenBack | undefined
): ChangeState => {
  if (back !== undefined) return statesOfUndo[back.how]
  if (outcome === "absent") return "neverHappened"
  if (outcome === "refused" || became === "none") return "failed"
  if (outcome === "done" && became !== "unknown") return "done"
  // Its name was taken, so that an undo has nothing to remove.
  return others !== undefined && takenBack.size > 0 ? "neverHappened" : "unknown"
}

const statesOfUndo: Readonly<Record<TakenBack["how"], ChangeState>> = {
  undone: "undone",
  goneAlready: "undone",
  goneWithParent: "undone",
  neverHappened: "neverHappened",
  changedSince: "left",
  cannot: "left",
  failed: "left",
  unknown: "unknown"
}

/** `takenBackOf` is what became of a request of the undo. */
const takenBackOf = ({ takenBack }: JournaledChange, request: number): TakenBack | undefined => {
  const found = takenBack.get(request)
  return found === "begun"
    ? { how: "unknown", why: "its undo was begun, and nobody knows what became of it." }
    : found
}

/** `requestsOf` finds the request of the undo that has to do with an object. */
const requestsOf = ({ objects, undo }: JournaledChange) => {
  const places = new Map<string | undefined, number>()
  const put = (known: string | undefined, at: number) => {
    if (known !== undefined && !places.has(known)) places.set(known, at)
  }
  for (const [at, { body, find, formerId, id }] of ("cannot" in undo ? [] : undo).entries()) {
    for (const one of [id, formerId]) put(one, at)
    for (const name of [find, body?.name]) put(typeof name === "string" ? `name ${name}` : undefined, at)
  }
  return ({ name }: ObjectChange, id: string | undefined): number =>
    "cannot" in undo || objects.length === 1
      ? 0
      : (places.get(id) ?? (name === undefined ? undefined : places.get(`name ${name}`)) ?? -1)
}
