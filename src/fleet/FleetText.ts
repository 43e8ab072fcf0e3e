import { blameCaller } from "../validation/BlameCaller.ts"
import { few } from "../validation/Few.ts"
import { printable } from "../workflow/plan/PlanWords.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { checkText } from "../workflow/TextOptions.ts"
import * as TextStyle from "../workflow/TextStyle.ts"
import type { DeviceRun } from "./DeviceRun.ts"
import { checked, type FleetReport } from "./FleetReport.ts"
import * as FleetWords from "./FleetWords.ts"

/** `FleetTextOptions` say how a report is printed. */
export interface FleetTextOptions extends RunWords.ReportOptions {
  /** `colors` are those of a terminal. @default true where the output is one, unless `NO_COLOR` is set */
  readonly colors?: boolean | undefined
}

/**
 * `fleetText` gives the report of a fleet as text: what became of it, each device that somebody has to look at and why,
 * the names of the others, and how to go on.
 *
 * @example
 * console.log(Fleet.fleetText(report))
 */
export const fleetText = blameCaller((given: FleetReport, options: FleetTextOptions = {}): string => {
  checkText(options, "fleetText")
  const { colors, ...how } = options
  const report = checked(given)
  const style = TextStyle.make(colors)
  const devices = FleetWords.ordered(report)
  const of = (some: FleetWords.DeviceClass) => devices.filter((device) => FleetWords.classOf(device) === some)
  return [
    style(RunWords.isAsMeant(report) ? "green" : "red", FleetWords.headline(report)),
    FleetWords.counts(report),
    ...listed(FleetWords.wavesText(report)),
    ...report.errors.flatMap((error) => [
      "",
      ...RunWords.errorLines(error).map((line) => style("red", line))
    ]),
    ...[...of("left"), ...of("failed")].flatMap((device) => deviceLines(device, style)),
    ...namesOf("Not reached", of("notReached")),
    ...namesOf("Done", of("done")),
    ...listed(FleetWords.leftOutText(report), ""),
    "",
    FleetWords.idText(report),
    ...listed(FleetWords.howToGoOn(report, how))
  ].join("\n")
})

/** `listed` is a line where there is one, behind others. */
const listed = (line: string | undefined, ...before: ReadonlyArray<string>): ReadonlyArray<string> =>
  line === undefined ? [] : [...before, line]

const deviceLines = (device: DeviceRun, style: TextStyle.Style): ReadonlyArray<string> => {
  const color = FleetWords.classOf(device) === "left" ? "red" : "yellow"
  const toDo = device.report === undefined ? [] : RunWords.toDo(device.report)
  return [
    "",
    style(color, `${printable(device.device)}: ${FleetWords.stateText(device)}`),
    ...device.errors.flatMap(RunWords.errorLines).map((line) => `  ${line}`),
    ...toDo.map((line) => `  ${line}`),
    ...(device.run === undefined ? [] : [`  Run ${printable(device.run)}`])
  ]
}

/** `namesOf` are the names of devices of which there is no more to say. */
const namesOf = (head: string, devices: ReadonlyArray<DeviceRun>): ReadonlyArray<string> => {
  if (devices.length === 0) return []
  const names = devices.map(({ device }) => device)
  return ["", printable(`${head}: ${few(names, mostNames)}.`, 5000)]
}

const mostNames = 50
