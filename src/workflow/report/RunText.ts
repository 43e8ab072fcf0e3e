import { blameCaller } from "../../validation/BlameCaller.ts"
import * as PlanWords from "../plan/PlanWords.ts"
import { checkText } from "../TextOptions.ts"
import * as TextStyle from "../TextStyle.ts"
import type { ChangeReport, ChangeState, RunReport } from "./RunReport.ts"
import * as RunWords from "./RunWords.ts"

/** `RunTextOptions` say how a report is printed. */
export interface RunTextOptions extends RunWords.ReportOptions {
  /** `colors` are those of a terminal. @default true where the output is one, unless `NO_COLOR` is set */
  readonly colors?: boolean | undefined
}

/**
 * `runText` gives a report as text: what the run came to, what became of each change, what went wrong, what a person has
 * to look at, and how to go on.
 *
 * @example
 * console.log(Workflow.runText(report))
 */
export const runText = blameCaller((report: RunReport, options: RunTextOptions = {}): string => {
  checkText(options, "runText")
  const { colors, ...how } = options
  const names = RunWords.namesOf(report)
  const style = TextStyle.make(colors)
  const goOn = RunWords.howToGoOn(report, how)
  return [
    style(RunWords.isAsMeant(report) ? "green" : "red", RunWords.headline(report)),
    RunWords.counts(report),
    ...PlanWords.bySection(report.changes, (change) => changeLines(change, style, names)),
    ...PlanWords.noteLines(report.notes),
    ...listed("Steps:", RunWords.stepTexts(report)),
    ...listed("Devices:", RunWords.deviceTexts(report)),
    ...report.errors.flatMap((error) => [
      "",
      ...RunWords.errorLines(error).map((line) => style("red", line))
    ]),
    ...listed("To be looked at:", RunWords.toDo(report)),
    "",
    RunWords.idText(report),
    ...(goOn === undefined ? [] : [goOn])
  ].join("\n")
})

const listed = (head: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : ["", head, ...lines.map((line) => `  ${line}`)]

const changeLines = (
  change: ChangeReport,
  style: TextStyle.Style,
  names: PlanWords.PlanNames
): ReadonlyArray<string> => {
  const { color, sign } = TextStyle.signOf(change.action)
  const what = `${PlanWords.printable(sign)} ${PlanWords.objectText(change)}`
  return [
    `  ${style(colors[change.state] ?? color, what)}  (${RunWords.stateText(change)})`,
    ...PlanWords.fieldLines(change, names)
  ]
}

/** `colors` are those of what is not as it was wanted. */
const colors: Partial<Record<ChangeState, TextStyle.Color>> = {
  unknown: "red",
  left: "red",
  failed: "red",
  undone: "gray",
  neverHappened: "gray",
  planned: "gray",
  notReached: "gray"
}
