// All that is done with a fleet, in one file: for whoever loads it where it is used first.

export { fromFile, make } from "../inventory/Reading.ts"
export { drift, plan } from "./FleetPlanning.ts"
export { recorded, reportOf } from "./FleetRecords.ts"
export { rerun } from "./FleetRerun.ts"
export { resume } from "./FleetResume.ts"
export { run, stream } from "./FleetRun.ts"
export { undo } from "./FleetUndo.ts"
export { recurrenceOf } from "./Recurrence.ts"
