import type * as Places from "../documents/Places.ts"

/** `Source` is the data of an inventory, and where each part of it stands. */
export interface Source {
  readonly data: unknown
  /** `isText` says whether all values are text, as in a CSV file. */
  readonly isText: boolean
  /** `folder` is that of the file: what the file says of other files is meant from there. Of code there is none. */
  readonly folder: string | undefined
  /** `placeOf` gives the file and line of what stands at a path; of code there is none. */
  readonly placeOf: Places.PlaceOf
}

/** `isRecord` says whether data is an object with fields. */
export const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> => {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false
  const prototype = Object.getPrototypeOf(given)
  return prototype === Object.prototype || prototype === null
}
