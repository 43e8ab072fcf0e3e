// Devices by their names, from a file or from code.
export type { Inventory } from "./inventory/Contents.ts"
export type { Entry, EntryOf } from "./inventory/Entry.ts"
