import { isWell } from "../../fleet/DeviceRun.ts"
import type { FleetEvent } from "../../fleet/FleetEvent.ts"
import { printable } from "../../workflow/plan/PlanWords.ts"
import { barLine, type View } from "./BarLine.ts"
import type { Progress } from "./Drawing.ts"
import { fitted, padded, widthOf } from "./FittedText.ts"
import * as Pace from "./Pace.ts"
import * as RunActivity from "./RunActivity.ts"

/** `FleetState` is how far a fleet is. */
interface FleetState {
  readonly devices: number | undefined
  readonly waves: number
  readonly wave: number
  readonly ended: number
  readonly failed: number
  readonly isStopped: boolean
  /** `doing` is what is done with the devices now. */
  readonly doing: "planning" | "running" | "undoing"
  /** `running` are the devices under way, by their names, in the order in which they were begun. */
  readonly running: ReadonlyMap<string, RunActivity.RunActivity>
  readonly pace: Pace.Pace
}

/** `fleetProgress` shows a line for each device that is under way, and a bar of all of them. */
export const fleetProgress: Progress<FleetState, FleetEvent> = {
  begin: (now) => ({
    devices: undefined,
    waves: 0,
    wave: 0,
    ended: 0,
    failed: 0,
    isStopped: false,
    doing: "running",
    running: new Map(),
    pace: Pace.begin(now)
  }),

  heard: (state, event, now) => {
    switch (event._tag) {
      case "PlanBegun":
        return begunAnew(state, "planning", event.devices, now)
      case "DevicePlanned":
        return {
          ...state,
          ended: state.ended + 1,
          failed: state.failed + (event.errors.length > 0 ? 1 : 0),
          pace: Pace.ended(state.pace, now)
        }
      case "Begun":
      case "Resumed":
        return { ...begunAnew(state, "running", event.devices, now), waves: event.waves.length }
      case "UndoBegun":
        return begunAnew(state, "undoing", event.devices, now)
      case "WaveBegun":
        return { ...state, wave: event.wave }
      case "DeviceBegun":
        return { ...state, running: new Map(state.running).set(event.device, RunActivity.begin(now)) }
      case "DeviceTold": {
        const activity = state.running.get(event.device)
        if (activity === undefined) return state
        const next = RunActivity.heard(activity, event.event, now)
        return next === activity
          ? state
          : { ...state, running: new Map(state.running).set(event.device, next) }
      }
      case "DeviceEnded":
        return ended(state, event.device.device, !isWell(event.device), now)
      case "DeviceUndone":
        return ended(state, event.device.device, event.device.state === "left", now)
      case "Stopped":
        return { ...state, isStopped: true }
      default:
        return state
    }
  },

  lines: (state, view) => {
    if (state.devices === undefined) return []
    const room = Math.max(1, Math.min(maxLines, view.rows - 3))
    const all = [...state.running]
    const shown = all.length > room ? all.slice(0, room - 1) : all
    const widest = Math.max(0, ...shown.map(([name]) => widthOf(printable(name))))
    const nameWidth = Math.min(widest, Math.floor(view.columns * 0.4))
    const more = all.length - shown.length
    return [
      ...shown.map((device) => deviceLine(device, nameWidth, view)),
      ...(more > 0 ? [fitted(`  and ${more} more`, view.columns - 1)] : []),
      barLine(
        {
          ended: state.ended,
          of: state.devices,
          what: words[state.doing],
          failed: state.failed,
          pace: state.pace,
          notes: [
            ...(state.waves > 1 && state.wave > 0 ? [`wave ${state.wave} of ${state.waves}`] : []),
            ...(state.isStopped ? ["stopped"] : [])
          ],
          comesToEnd: !state.isStopped
        },
        view
      )
    ]
  }
}

const words = { planning: "devices planned", running: "devices", undoing: "devices taken back" }

const begunAnew = (
  state: FleetState,
  doing: FleetState["doing"],
  devices: number,
  now: number
): FleetState => ({ ...state, doing, devices, ended: 0, failed: 0, pace: Pace.begin(now) })

const ended = (state: FleetState, device: string, hasFailed: boolean, now: number): FleetState => {
  const running = new Map(state.running)
  // What an earlier go has done is no measure of the pace.
  const pace = running.delete(device) ? Pace.ended(state.pace, now) : state.pace
  return { ...state, running, pace, failed: state.failed + (hasFailed ? 1 : 0), ended: state.ended + 1 }
}

// So that what stands above is not pushed out of sight.
const maxLines = 16

const deviceLine = (
  [name, activity]: readonly [string, RunActivity.RunActivity],
  nameWidth: number,
  { columns, now }: View
): string => {
  const time = Pace.timeText(now - activity.since)
  const line = `  ${padded(printable(name), nameWidth)}  ${time.padStart(5)}  ${printable(RunActivity.text(activity))}`
  return fitted(line, columns - 1)
}
