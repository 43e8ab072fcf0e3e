import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { isWell } from "../fleet/DeviceRun.ts"
import { FleetEvent } from "../fleet/FleetEvent.ts"
import type { FleetReport } from "../fleet/FleetReport.ts"
import { fleetText } from "../fleet/FleetText.ts"
import * as FleetWords from "../fleet/FleetWords.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import * as TerminalProgress from "../workflow/run/account/TerminalProgress.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, hasColors } from "./Caller.ts"
import * as Drawing from "./progress/Drawing.ts"
import { fleetProgress } from "./progress/FleetProgress.ts"
import * as ReportFile from "./ReportFile.ts"
import * as RunOutput from "./RunOutput.ts"
import * as Unbegun from "./Unbegun.ts"
import type { WrongUsage } from "./WrongUsage.ts"

/**
 * `make` tells of a fleet until the scope closes: the report goes to standard output, and into the file of `--report`. On
 * a terminal standard error shows meanwhile how far it is, and what has failed above that; elsewhere it has a line for each
 * wave, device and step. Fails with `WrongUsage`, before anything is begun, where that file could not be written. What is
 * interrupted before that is told by `unbegun`.
 */
export const make = (
  caller: Caller,
  given: Arguments,
  unbegun: string
): Effect.Effect<RunOutput.Telling<FleetEvent>, WrongUsage, Scope.Scope> =>
  Effect.gen(function* () {
    const { codeOf, keepFleet } = yield* ReportFile.make(given, caller)
    const told = yield* Unbegun.tellIfSo(caller, unbegun)
    const { output, script } = caller
    const form = RunOutput.formOf(given)
    const drawing = form === "text" ? yield* Drawing.make(caller, fleetProgress) : undefined
    const say = RunOutput.lineTeller(caller)
    const tellAsJson = (event: FleetEvent) =>
      void output.write(`${JSON.stringify(Schema.encodeSync(FleetEvent)(event))}\n`)
    const end = (report: FleetReport) => {
      drawing?.end()
      if (form === "json") tellAsJson({ _tag: "Ended", report })
      else output.write(`${fleetText(report, { colors: hasColors(caller, output), script })}\n`)
      for (const fault of keepFleet(report)) say(fault)
    }
    const onProgress = (event: FleetEvent) => {
      if (event._tag === "Ended") {
        told.isOver = true
        return end(event.report)
      }
      if (form === "json") return tellAsJson(event)
      if (form === "quiet") return
      drawing?.tell(event)
      if (drawing !== undefined && isDrawn(event)) return
      const line = lineOf(event)
      if (line !== undefined) say(line, isBad(event))
    }
    return { codeOf, onProgress }
  })

/**
 * `whilePlanning` shows on a terminal until the scope closes how many plans are made; elsewhere nothing, since the plan
 * tells all of it.
 */
export const whilePlanning = (
  caller: Caller,
  given: Arguments
): Effect.Effect<((event: FleetEvent) => void) | undefined, never, Scope.Scope> =>
  RunOutput.formOf(given) === "text"
    ? Effect.map(Drawing.make(caller, fleetProgress), (drawing) => drawing?.tell)
    : Effect.succeed(undefined)

/** `isDrawn` says that what is drawn tells of an event. */
const isDrawn = (event: FleetEvent): boolean =>
  ["PlanBegun", "DevicePlanned", "WaveBegun", "DeviceTold", "DeviceEnded", "DeviceUndone"].includes(
    event._tag
  ) && !isBad(event)

const isBad = (event: FleetEvent): boolean => {
  if (event._tag === "DevicePlanned") return event.errors.length > 0
  if (event._tag === "DeviceUndone") return event.device.state === "left"
  return event._tag === "Stopped" || (event._tag === "DeviceEnded" && !isWell(event.device))
}

/** `lineOf` is what is told of an event meanwhile, if anything is. */
const lineOf = (event: FleetEvent): string | undefined => {
  switch (event._tag) {
    case "PlanBegun":
      return `plan of ${FleetWords.devicesText(event.devices)}`
    case "DevicePlanned": {
      const { changes, device, errors } = event
      const [error] = errors
      return error === undefined
        ? `${device}: planned, ${changes} to change`
        : `${device}: its plan could not be made: ${RunWords.errorLines(error).join(" ")}`
    }
    case "Begun":
    case "Resumed":
      return `fleet ${event.fleet}: ${FleetWords.devicesText(event.devices)}`
    case "WaveBegun":
      return `wave ${event.wave}: ${FleetWords.devicesText(event.devices)}`
    case "DeviceTold": {
      const line = TerminalProgress.lineOf(event.event)
      return line === undefined ? undefined : `${event.device}: ${line}`
    }
    case "UndoBegun":
      return `fleet ${event.fleet}: ${FleetWords.devicesText(event.devices)} to be taken back`
    case "DeviceEnded":
    case "DeviceUndone": {
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
