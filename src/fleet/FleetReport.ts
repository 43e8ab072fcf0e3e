import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { refuseInput } from "../validation/RefuseInput.ts"
import { RunError, Time, UndoReport } from "../workflow/report/RunReport.ts"
import { DeviceRun, isWell } from "./DeviceRun.ts"
import { sizeOf, type Wave } from "./Waves.ts"

const Count = Schema.NonNegativeInt

/** `Stopped` is why a fleet was stopped before it had come to all of its devices. */
export const Stopped = Schema.Struct({
  /** `why` says whether a canary failed, a wave was not well, or there were as many failures as `stopAfter` says. */
  why: Schema.Literal("canary", "wave", "stopAfter"),
  /** `failed` counts the failures until then. */
  failed: Count
})

/**
 * `FleetReport` is what a workflow on a fleet came to: a value, which can be kept as JSON by this Schema. Secrets in it
 * are masked.
 */
export const FleetReport = Schema.Struct({
  version: Schema.Literal(1),
  /** `fleet` is its id, by which it is resumed and undone. */
  fleet: Schema.String,
  workflow: Schema.String,
  /**
   * `outcome` is `done` where all devices are, `failed` where some are not, `stopped` where failures kept it from coming
   * to all of them, and `refused` where its plan was not approved.
   */
  outcome: Schema.Literal("done", "failed", "stopped", "interrupted", "refused"),
  stop: Schema.optional(Stopped),
  /** `errors` are why nothing was begun, where it was refused. */
  errors: Schema.Array(RunError),
  /** `waves` are how many devices each wave has; the first is the canary where `hasCanary` says so. */
  waves: Schema.Array(Count),
  hasCanary: Schema.Boolean,
  /** `devices` are in the order in which they were come to. */
  devices: Schema.Array(DeviceRun),
  /** `undo` is what became of the undo of the fleet, `left` on how many devices something is left; left out where there was none. */
  undo: Schema.optional(UndoReport),
  /** `leftOut` are devices of other kinds than the workflow's. */
  leftOut: Schema.Array(Schema.Struct({ name: Schema.String, kind: Schema.String })),
  /** `rerunOf` is the id of the fleet of which this one does the rest. */
  rerunOf: Schema.optional(Schema.String),
  startedAt: Time,
  endedAt: Time,
  /** `journal` is the path of its journal. It is left out where nothing was begun. */
  journal: Schema.optional(Schema.String)
})
export type FleetReport = typeof FleetReport.Type

/** `checked` is a report. Throws `InvalidInput` for what is none: the types say so too, and a script in JavaScript has none. */
export const checked = (report: FleetReport): FleetReport => {
  if (Predicate.hasProperty(report, "devices") && Array.isArray(report.devices)) return report
  throw refuseInput(
    "report",
    "this is no FleetReport; Fleet.run gives an Effect of one, as in Main.run(Effect.andThen(Fleet.run(…), (report) => …))."
  )
}

/**
 * `unfinished` are the devices of a report that are not done: that failed, were undone or never reached. Throws
 * `InvalidInput` for what is no report.
 */
export const unfinished = (report: FleetReport): ReadonlyArray<string> =>
  checked(report)
    .devices.filter((one) => !isWell(one))
    .map(({ device }) => device)

/** `undoOf` is what became of the undo of a fleet that has begun, by its devices. */
export const undoOf = (devices: ReadonlyArray<DeviceRun>): UndoReport => {
  const left = devices.filter(({ state }) => state === "done" || state === "left")
  // Of a run that cannot be read, nobody knows whether its undo has begun.
  const isOpen = ({ report, state }: DeviceRun) =>
    state === "done" || (report !== undefined && (report.undo ?? { state: "stopped" }).state === "stopped")
  return {
    state: left.length === 0 ? "done" : left.some(isOpen) ? "stopped" : "incomplete",
    left: left.length
  }
}

/** `factsOf` are those of a report that are known from the outset: which fleet it is, of which workflow, in which waves. */
export const factsOf = ({
  fleet,
  leftOut,
  rerunOf,
  waves,
  workflow
}: Pick<FleetReport, "fleet" | "leftOut" | "rerunOf" | "workflow"> & {
  readonly waves: ReadonlyArray<Wave>
}) =>
  ({
    version: 1,
    fleet,
    workflow,
    waves: waves.map(sizeOf),
    hasCanary: waves[0]?.isCanary === true,
    leftOut,
    ...(rerunOf !== undefined && { rerunOf })
  }) as const
