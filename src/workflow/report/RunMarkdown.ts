import { blameCaller } from "../../validation/BlameCaller.ts"
import { escaped, sections, table } from "../MarkdownTable.ts"
import * as PlanWords from "../plan/PlanWords.ts"
import { checkText } from "../TextOptions.ts"
import type { ChangeReport, RunReport } from "./RunReport.ts"
import * as RunWords from "./RunWords.ts"

/** `runMarkdown` gives a report as Markdown, for a change ticket. */
export const runMarkdown = blameCaller((report: RunReport, how: RunWords.ReportOptions = {}): string => {
  checkText(how, "runMarkdown")
  const names = RunWords.namesOf(report)
  const row = (change: ChangeReport) => [
    ...PlanWords.cellsOf(change).map(escaped),
    change.fields.map((one) => escaped(PlanWords.fieldText(one, names))).join("<br>"),
    RunWords.stateText(change)
  ]
  const goOn = RunWords.howToGoOn(report, how)
  return sections([
    [`## Run of ${escaped(RunWords.headline(report))}`],
    [escaped(RunWords.counts(report))],
    table(["Device", "Step", "Action", "Object", "Fields", "State"], report.changes.map(row)),
    ...headed(
      "The workflow says:",
      report.notes.map(({ text }) => PlanWords.printable(text))
    ),
    ...headed("Steps:", RunWords.stepTexts(report)),
    ...headed("Devices:", RunWords.deviceTexts(report)),
    ...report.errors.map((error) => [RunWords.errorLines(error).map(escaped).join("<br>")]),
    ...headed("To be looked at:", RunWords.toDo(report)),
    [escaped(RunWords.idText(report)), ...(goOn === undefined ? [] : ["", escaped(goOn)])]
  ])
})

/** `headed` is a list under its head. */
const headed = (head: string, lines: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  lines.length === 0 ? [] : [[head], lines.map((line) => `* ${escaped(line)}`)]
