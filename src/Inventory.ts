// Devices by their names, from a file or from code.
export type { Inventory } from "./inventory/Contents.ts"
export { jsonSchema } from "./inventory/EditorSchema.ts"
export type { Entry, EntryOf } from "./inventory/Entry.ts"
export { type DeviceGiven, fromFile, type Given, type GivenBeside, make } from "./inventory/Reading.ts"
export { type Shown, type ShownField, showText } from "./inventory/Shown.ts"
