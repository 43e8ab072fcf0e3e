import { blameCaller } from "../validation/BlameCaller.ts"
import { escaped, sections, table } from "../workflow/MarkdownTable.ts"
import { printable } from "../workflow/plan/PlanWords.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { checkText } from "../workflow/TextOptions.ts"
import type { DeviceRun } from "./DeviceRun.ts"
import { checked, type FleetReport } from "./FleetReport.ts"
import * as FleetWords from "./FleetWords.ts"

/** `fleetMarkdown` gives the report of a fleet as Markdown, for a change ticket: a row for each device. */
export const fleetMarkdown = blameCaller((given: FleetReport, how: RunWords.ReportOptions = {}): string => {
  checkText(how, "fleetMarkdown")
  const report = checked(given)
  const row = (device: DeviceRun) => [
    escaped(printable(device.device)),
    String(device.wave),
    FleetWords.stateText(device),
    [
      escaped(FleetWords.noteOf(device) ?? ""),
      ...(device.report === undefined ? [] : RunWords.toDo(device.report).map(escaped))
    ].join("<br>"),
    escaped(printable(device.run ?? ""))
  ]
  const about = [FleetWords.counts(report), FleetWords.wavesText(report), FleetWords.leftOutText(report)]
  const goOn = FleetWords.howToGoOn(report, how)
  return sections([
    [`## ${escaped(FleetWords.headline(report))}`],
    about.flatMap((sentence) => (sentence === undefined ? [] : [escaped(sentence)])),
    ...report.errors.map((error) => [RunWords.errorLines(error).map(escaped).join("<br>")]),
    table(["Device", "Wave", "State", "What there is to know", "Run"], FleetWords.ordered(report).map(row)),
    [escaped(FleetWords.idText(report)), ...(goOn === undefined ? [] : ["", escaped(goOn)])]
  ])
})
