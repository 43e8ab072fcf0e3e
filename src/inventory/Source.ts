import { InvalidInput } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"

/** `Source` is the data of an inventory, and where each part of it stands. */
export interface Source {
  readonly data: unknown
  /** `isText` says whether all values are text, as in a CSV file. */
  readonly isText: boolean
  /** `folder` is that of the file: what the file says of other files is meant from there. Of code there is none. */
  readonly folder: string | undefined
  /** `placeOf` gives the file and line of what stands at a path, such as `inventory.yaml:14`; of code there is none. */
  readonly placeOf: (path: Path) => string | undefined
}

/** `Path` leads to a part of the data. */
export type Path = ReadonlyArray<string>

/** `Fault` is what is wrong at a path. */
export interface Fault {
  readonly path: Path
  /** `sentence` says what it is, and what to give instead. */
  readonly sentence: string
  /** `place` is where it stands, if it is known otherwise than by the path. */
  readonly place?: string | undefined
}

/** `fieldOf` gives a path as errors call it: it may hold anything that a file holds. */
const fieldOf = (path: Path): string => Redaction.redact(path.join("."))

/** `placesByLine` gives the places of a file whose lines are known by path: the nearest one that is known. */
export const placesByLine = (file: string, lines: ReadonlyMap<string, number>): Source["placeOf"] => {
  return (path) => {
    if (path.length === 0) return file
    for (let length = path.length; length > 0; length -= 1) {
      const line = lines.get(keyOf(path.slice(0, length)))
      if (line !== undefined) return `${file}:${line}`
    }
    return undefined
  }
}

/** `keyOf` gives a path as a key of such lines. */
export const keyOf = (path: Path): string => JSON.stringify(path)

const maxTold = 10

/** `refused` tells all faults together, or the first ten of them, each once. */
export const refused = (faults: ReadonlyArray<Fault>, placeOf: Source["placeOf"]): InvalidInput => {
  const told = new Set(
    faults.map(({ path, place = placeOf(path), sentence }) => {
      const field = fieldOf(path)
      return [place, field, sentence].filter((part) => part !== undefined && part !== "").join(": ")
    })
  )
  const more = told.size > maxTold ? [`… and ${told.size - maxTold} more like these.`] : []
  const field = fieldOf(faults[0]?.path ?? []) || "inventory"
  return new InvalidInput({ field, message: [...[...told].slice(0, maxTold), ...more].join("\n") })
}

/** `isRecord` says whether data is an object with fields. */
export const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> => {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false
  const prototype = Object.getPrototypeOf(given)
  return prototype === Object.prototype || prototype === null
}
