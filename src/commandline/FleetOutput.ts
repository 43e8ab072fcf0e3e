import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { FleetEvent } from "../fleet/FleetEvent.ts"
import type { FleetReport } from "../fleet/FleetReport.ts"
import { fleetText } from "../fleet/FleetText.ts"
import * as FleetWords from "../fleet/FleetWords.ts"
import * as PlanWords from "../workflow/plan/PlanWords.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, hasColors } from "./Caller.ts"
import * as ReportFile from "./ReportFile.ts"
import * as RunOutput from "./RunOutput.ts"
import type { WrongUsage } from "./WrongUsage.ts"

/** `FleetOutput` tells of a fleet. */
export interface FleetOutput {
  /** `tell` takes what happens meanwhile. */
  readonly tell: (event: FleetEvent) => void
  /** `end` takes its report. */
  readonly end: (report: FleetReport) => void
}

/**
 * `make` tells of a fleet: the report goes to standard output, and into the file of `--report`; a line for each wave and
 * device to standard error. Fails with `WrongUsage`, before anything is begun, where that file could not be written.
 */
export const make = (caller: Caller, given: Arguments): Effect.Effect<FleetOutput, WrongUsage> =>
  Effect.map(ReportFile.make(given), ({ keepFleet }) => {
    const { errors, output } = caller
    const form = RunOutput.formOf(given)
    const say = (line: string) => void errors.write(`${PlanWords.printable(line)}\n`)
    const end = (report: FleetReport) => {
      if (form === "json") tellAsJson({ _tag: "Ended", report })
      else output.write(`${fleetText(report, { colors: hasColors(caller, output) })}\n`)
      const fault = keepFleet(report)
      if (fault !== undefined) say(fault)
    }
    const tellAsJson = (event: FleetEvent) =>
      void output.write(`${JSON.stringify(Schema.encodeSync(FleetEvent)(event))}\n`)
    return {
      end,
      tell: (event) => {
        if (event._tag === "Ended") return end(event.report)
        if (form === "json") return tellAsJson(event)
        const line = form === "text" ? lineOf(event) : undefined
        if (line !== undefined) say(line)
      }
    }
  })

/** `lineOf` is what is told of an event meanwhile, if anything is. */
const lineOf = (event: FleetEvent): string | undefined => {
  switch (event._tag) {
    case "Begun":
    case "Resumed":
      return `fleet ${event.fleet}: ${event.devices} devices`
    case "WaveBegun":
      return `wave ${event.wave}: ${event.devices} devices`
    case "DeviceEnded": {
      const { device } = event
      const note = FleetWords.noteOf(device)
      return `${device.device}: ${FleetWords.stateText(device)}${note === undefined ? "" : `: ${note}`}`
    }
    case "Stopped":
      return `stopped: no more devices are begun, ${event.failed} have failed`
    default:
      return undefined
  }
}
