// A workflow on many devices.

export type { FleetFault, FleetInput } from "./fleet/Course.ts"
export type { DeviceOutcome, DeviceState } from "./fleet/DeviceRun.ts"
export { DeviceRun } from "./fleet/DeviceRun.ts"
export type { DeviceRan } from "./fleet/DeviceWork.ts"
export type { FleetDevice, FleetDevices, Selectable } from "./fleet/FleetDevices.ts"
export type { FleetEvent } from "./fleet/FleetEvent.ts"
export type { FleetOptions, PerDevice } from "./fleet/FleetOptions.ts"
export { FleetReport } from "./fleet/FleetReport.ts"
export { type FleetRan, run, stream } from "./fleet/FleetRun.ts"
export type { Share } from "./fleet/Share.ts"
export { fleetHtml } from "./html/FleetPage.ts"
