import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import { refuseInput } from "../../validation/RefuseInput.ts"
import * as PlanWords from "../plan/PlanWords.ts"
import type { ChangeReport, ChangeState, RunError, RunReport, StepReport } from "./RunReport.ts"

/** `namesOf` says what the ids stand for of what the run did not come to. Throws `InvalidInput` for what is no report. */
export const namesOf = (report: RunReport): PlanWords.PlanNames => {
  // The types say so too; a script in JavaScript has none.
  if (!Predicate.hasProperty(report, "changes") || !Array.isArray(report.changes)) {
    throw refuseInput(
      "report",
      "this is no RunReport; Workflow.run gives an Effect of one, as in Main.run(Effect.andThen(Workflow.run(…), ({ report }) => …)), and Workflow.runPromise a promise of one."
    )
  }
  return PlanWords.namesOfChanges(report.changes.filter(isOnlyPlanned))
}

const isOnlyPlanned = ({ state }: ChangeReport): boolean => state === "planned" || state === "notReached"

/** `headline` is what a run came to: `publish: failed, and taken back`. */
export const headline = ({ changes, outcome, undo, workflow }: RunReport): string => {
  // Where nothing was changed, nothing was taken back.
  const isTakenBack = undo !== undefined && changes.some(({ state }) => !unmade.has(state))
  return PlanWords.printable(`${workflow}: ${outcome}${isTakenBack ? `, ${undoWords[undo.state]}` : ""}`)
}

/** `isAsMeant` says that what was to be done is done, or that all of it was taken back. */
export const isAsMeant = ({
  outcome,
  undo
}: {
  readonly outcome: string
  readonly undo?: RunReport["undo"]
}): boolean => outcome === "done" && (undo === undefined || undo.state === "done")

/** `unmade` are the states of a change of which the device has nothing, and never had. */
export const unmade: ReadonlySet<ChangeState> = new Set(["planned", "notReached", "failed", "neverHappened"])

/** `undoWords` say what became of an undo. */
export const undoWords: Record<NonNullable<RunReport["undo"]>["state"], string> = {
  done: "and taken back",
  incomplete: "and taken back in part",
  stopped: "and not yet taken back"
}

/** `counts` count what became of the changes, what matters most first. */
export const counts = ({ changes, ...others }: RunReport): string => {
  const parts = states.flatMap((state) => {
    const count = changes.filter((change) => change.state === state).length
    return count === 0 ? [] : [`${count} ${stateWords[state]}`]
  })
  const all = changes.every(isOnlyPlanned) ? ["Nothing was changed", ...parts] : parts
  return `${all.join(", ")}; ${PlanWords.unchangedText(others)}.`
}

const states: ReadonlyArray<ChangeState> = [
  "unknown",
  "left",
  "failed",
  "done",
  "undone",
  "neverHappened",
  "planned",
  "notReached"
]

const stateWords: Record<ChangeState, string> = {
  unknown: "not known",
  left: "left",
  failed: "failed",
  done: "done",
  undone: "undone",
  neverHappened: "never happened",
  planned: "not sent",
  notReached: "not reached"
}

/** `stateText` is what became of a change. */
export const stateText = ({ isReplayed, isUnasked, state }: ChangeReport): string => {
  if (isUnasked === true) return `${stateWords[state]}, by the run before, and not asked for any more`
  return `${stateWords[state]}${isReplayed === true ? ", by the run before" : ""}`
}

/** `errorLines` tell of an error. */
export const errorLines = ({ at, message, tag }: RunError): ReadonlyArray<string> => {
  const lines = (message === "" ? tag : `${tag}: ${message}`).split(/\r?\n/)
  return [...lines, ...(at === undefined ? [] : [at])].map((line) => PlanWords.printable(line, maxLine))
}

// An error of ours names several objects.
const maxLine = 2000

/** `toDo` is what a person has to look at, a line for each. */
export const toDo = ({ changes }: RunReport): ReadonlyArray<string> =>
  changes.flatMap((change) => {
    const whose = `${PlanWords.objectText(change)} on ${PlanWords.printable(change.device)}`
    const { id, isUnasked, newId, state, why } = change
    const lines: Array<string> = []
    if (isUnasked === true)
      lines.push(
        `${whose}, ${stateWords[state]} by the run before: the script did not ask for it any more. It stays as it is until the run is undone, or resumed with the script that it was begun with.`
      )
    if (why !== undefined || state === "unknown" || state === "left")
      lines.push(
        `${whose}, ${stateWords[state]}: ${PlanWords.printable(why ?? "look at the device.", maxLine)}`
      )
    if (newId !== undefined) {
      const old = id === undefined ? "its old one" : `the old one, ${id}`
      lines.push(
        `${whose} has a new id, ${PlanWords.printable(newId)}: mend what refers to ${PlanWords.printable(old)}.`
      )
    }
    return lines
  })

/** `deviceTexts` say what was asked of each device. */
export const deviceTexts = ({ devices }: RunReport): ReadonlyArray<string> =>
  devices.map(({ name, origin, part, requests, writes = 0 }) => {
    const sent = requests === undefined ? "" : `: ${countText(requests, "request")}, of which ${writes} write`
    return PlanWords.printable(`${part}: ${name} (${origin})${sent}`)
  })

/** `countText` is how many there are of something: `1 request`. */
const countText = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`

/** `stepTexts` say what became of each step, and how long it took. */
export const stepTexts = ({ steps }: RunReport): ReadonlyArray<string> =>
  steps.map((step) => PlanWords.printable(`${step.step}: ${stepState(step)}`))

/** `stepState` is what became of a step. */
export const stepState = ({ millis, state }: StepReport): string =>
  state === "replayed" ? "done by the run before" : `${state} in ${lengthText(millis)}`

/** `idText` says which run it was. */
export const idText = (report: RunReport): string => {
  const { journal, run } = report
  const where = journal === undefined ? "It wrote nothing, and has no journal." : `Journal: ${journal}`
  return PlanWords.printable(`Run ${run}, ${timeText(report)}. ${where}`, maxLine)
}

/** `timeText` says when it began, and how long it took. */
export const timeText = ({ endedAt, startedAt }: Pick<RunReport, "endedAt" | "startedAt">): string =>
  `${startedAt}, ${lengthText(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)))}`

const lengthText = (millis: number): string =>
  millis < 0.5
    ? "0ms"
    : Duration.format(millis < 10_000 ? Math.round(millis) : Math.round(millis / 1000) * 1000)

/** `notResumed` says it of what was undone. */
export const notResumed = "It is not resumed any more: run the workflow anew."

/** `ReportOptions` say to whom a report is told. */
export interface ReportOptions {
  /**
   * `script` is what the command line is called that somebody goes on by, such as `add-hosts.ts`.
   *
   * @default how to go on is told by the functions of a script
   */
  readonly script?: string | undefined
}

/** `howToGoOn` says what can be done with the run now; `undefined` where it is over for good. */
export const howToGoOn = (
  { changes, journal, outcome, run, undo }: RunReport,
  { script }: ReportOptions = {}
): string | undefined => {
  if (journal === undefined) return undefined
  const id = PlanWords.printable(run)
  const by = (what: "resume" | "undo") =>
    script === undefined
      ? `Workflow.${what} with the run ${JSON.stringify(id)}`
      : `${PlanWords.printable(script)} ${what} ${id}`
  if (undo?.state === "stopped") return `${by("undo")} goes on with the undo.`
  if (undo?.state === "incomplete")
    return `${by("undo")} tries once more to take back what is left. ${notResumed}`
  if (undo !== undefined) return notResumed
  if (outcome !== "done") {
    const isMade = changes.some(({ state }) => !unmade.has(state))
    return `${by("resume")} goes on with it${isMade ? `; ${by("undo")} takes it back` : ""}.`
  }
  return changes.some(({ state }) => state === "done") ? `${by("undo")} takes it back.` : undefined
}
