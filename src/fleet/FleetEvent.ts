import type { RunEvent } from "../workflow/run/RunEvent.ts"
import type { DeviceRun } from "./DeviceRun.ts"
import type { FleetReport } from "./FleetReport.ts"
import type { Stop } from "./StopRule.ts"

/** `FleetEvent` is what happens in a fleet, as `onProgress` is told of it. */
export type FleetEvent =
  /** It is written down in the journal of this path from now on. */
  | {
      readonly _tag: "Begun" | "Resumed"
      readonly fleet: string
      readonly journal: string
      readonly devices: number
      /** `waves` are how many devices each wave has. */
      readonly waves: ReadonlyArray<number>
    }
  /** Waves are counted from 1. */
  | { readonly _tag: "WaveBegun"; readonly wave: number; readonly devices: number }
  | { readonly _tag: "WaveEnded"; readonly wave: number }
  | { readonly _tag: "DeviceBegun"; readonly device: string; readonly wave: number; readonly run: string }
  /** Something happens in the run on a device. */
  | { readonly _tag: "DeviceTold"; readonly device: string; readonly event: RunEvent }
  | { readonly _tag: "DeviceEnded"; readonly device: DeviceRun }
  /** Failures keep it from coming to the rest. */
  | ({ readonly _tag: "Stopped" } & Stop)
  /** It is over. A stream of results tells no such thing: its end says so. */
  | { readonly _tag: "Ended"; readonly report: FleetReport }
