import * as Schema from "effect/Schema"
import { RunError, RunReport } from "../workflow/report/RunReport.ts"
import { unmade } from "../workflow/report/RunWords.ts"

/**
 * `DeviceOutcome` is what the run on a device came to, as a report of a run has it; `notReached` where the fleet has not
 * begun it.
 */
export const DeviceOutcome = Schema.Literal("done", "failed", "interrupted", "refused", "notReached")
export type DeviceOutcome = typeof DeviceOutcome.Type

/**
 * `DeviceState` is how a device stands now. `done`: as the workflow wants it. `untouched`: nothing of it was changed.
 * `undone`: what was changed was taken back. `left`: something that a run which is not done has changed is there, or may
 * be.
 */
export const DeviceState = Schema.Literal("done", "untouched", "undone", "left")
export type DeviceState = typeof DeviceState.Type

/** `deviceFacts` say what became of a device, without the report of its run. */
export const deviceFacts = {
  device: Schema.String,
  /** `wave` is the wave that it came in, from 1. */
  wave: Schema.Positive.pipe(Schema.int()),
  outcome: DeviceOutcome,
  state: DeviceState,
  /** `errors` are why it is not done. */
  errors: Schema.Array(RunError),
  /** `run` is the id of its run, by which it is undone and its journal found. It is left out where there was none. */
  run: Schema.optional(Schema.String)
}

/** `DeviceRun` is what became of one device of a fleet. */
export const DeviceRun = Schema.Struct({
  ...deviceFacts,
  /** `report` is that of its run. It is left out where there was none. */
  report: Schema.optional(RunReport)
})
export type DeviceRun = typeof DeviceRun.Type

/** `stateOf` is how a device stands by the report of its run. */
export const stateOf = ({ changes, outcome, undo }: RunReport): DeviceState => {
  const isMade = changes.some(({ state }) => !unmade.has(state))
  if (undo !== undefined && isMade) return undo.left === 0 ? "undone" : "left"
  if (outcome === "done" && undo === undefined) return "done"
  return isMade ? "left" : "untouched"
}

/** `ofReport` is what became of a device by the report of its run. */
export const ofReport = (device: string, wave: number, report: RunReport): DeviceRun => ({
  device,
  wave,
  outcome: report.outcome,
  state: stateOf(report),
  errors: report.errors,
  run: report.run,
  report
})

/** `notReached` is a device that was not begun. */
export const notReached = (device: string, wave: number): DeviceRun => ({
  device,
  wave,
  outcome: "notReached",
  state: "untouched",
  errors: []
})

/** `isWell` says whether all is done that was to be done on it. */
export const isWell = ({ outcome, state }: Pick<DeviceRun, "outcome" | "state">): boolean =>
  outcome === "done" && state === "done"
