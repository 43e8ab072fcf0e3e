import * as Schema from "effect/Schema"
import { RunError } from "../workflow/report/RunReport.ts"
import { RunEvent } from "../workflow/run/account/RunEvent.ts"
import { DeviceRun } from "./DeviceRun.ts"
import { FleetReport, Stopped } from "./FleetReport.ts"

const journaled = {
  fleet: Schema.String,
  journal: Schema.String,
  devices: Schema.Number,
  /** `waves` are how many devices each wave has. */
  waves: Schema.Array(Schema.Number)
}

/** `FleetEvent` is what happens in a fleet, as `onProgress` is told of it; by its Schema it can be kept as JSON. */
export const FleetEvent = Schema.Union(
  /** The plan of so many devices is made from now on, before anything is begun. */
  Schema.TaggedStruct("PlanBegun", { devices: Schema.Number }),
  /** The plan of a device is made, with so many changes, or could not be: its `errors` say why. */
  Schema.TaggedStruct("DevicePlanned", {
    device: Schema.String,
    changes: Schema.Number,
    errors: Schema.Array(RunError)
  }),
  /** It is written down in the journal of this path from now on. */
  Schema.TaggedStruct("Begun", journaled),
  Schema.TaggedStruct("Resumed", journaled),
  /** Waves are counted from 1. */
  Schema.TaggedStruct("WaveBegun", { wave: Schema.Number, devices: Schema.Number }),
  Schema.TaggedStruct("WaveEnded", { wave: Schema.Number }),
  Schema.TaggedStruct("DeviceBegun", { device: Schema.String, wave: Schema.Number, run: Schema.String }),
  /** Something happens in the run on a device. */
  Schema.TaggedStruct("DeviceTold", { device: Schema.String, event: RunEvent }),
  Schema.TaggedStruct("DeviceEnded", { device: DeviceRun }),
  /** Failures keep it from coming to the rest. */
  Schema.TaggedStruct("Stopped", Stopped.fields),
  /** What it has changed on so many devices is taken back from now on. */
  Schema.TaggedStruct("UndoBegun", { fleet: Schema.String, journal: Schema.String, devices: Schema.Number }),
  /** The undo on a device is over. */
  Schema.TaggedStruct("DeviceUndone", { device: DeviceRun }),
  /** It is over. A stream of results tells no such thing: its end says so. */
  Schema.TaggedStruct("Ended", { report: FleetReport })
)
export type FleetEvent = typeof FleetEvent.Type
