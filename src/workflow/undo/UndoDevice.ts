import type { Rest } from "../../client/rest/Rest.ts"

/** `UndoDevice` is what an undo and a resume ask of a device. */
export interface UndoDevice {
  /** `rest` takes paths from the device's root, as changes have them. */
  readonly rest: Rest
}
