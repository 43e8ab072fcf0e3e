import { InvalidInput } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"

/** `Path` leads to a part of what stands in a file. */
export type Path = ReadonlyArray<string>

/** `Lines` are the lines of parts, by `keyOf` their paths. */
export type Lines = ReadonlyMap<string, number>

/** `PlaceOf` gives the file and line of what stands at a path, such as `inventory.yaml:14`, where that is known. */
export type PlaceOf = (path: Path) => string | undefined

/** `Fault` is what is wrong at a path. */
export interface Fault {
  readonly path: Path
  /** `sentence` says what it is, and what to give instead. */
  readonly sentence: string
  /** `place` is where it stands, if it is known otherwise than by the path. */
  readonly place?: string | undefined
}

/** `keyOf` gives a path as a key of lines. */
export const keyOf = (path: Path): string => JSON.stringify(path)

/** `byLine` gives the places of a file: of each path the nearest line that is known. */
export const byLine =
  (file: string, lines: Lines): PlaceOf =>
  (path) => {
    if (path.length === 0 || lines.size === 0) return file
    for (let length = path.length; length > 0; length -= 1) {
      const line = lines.get(keyOf(path.slice(0, length)))
      if (line !== undefined) return `${file}:${line}`
    }
    return undefined
  }

const maxTold = 10

/** `refused` tells all faults together, or the first ten of them, each once. */
export const refused = (faults: ReadonlyArray<Fault>, placeOf: PlaceOf): InvalidInput => {
  const told = new Set(
    faults.map(({ path, place = placeOf(path), sentence }) => {
      const field = fieldOf(path)
      return [place, field, sentence].filter((part) => part !== undefined && part !== "").join(": ")
    })
  )
  const more = told.size > maxTold ? [`… and ${told.size - maxTold} more like these.`] : []
  const field = fieldOf(faults[0]?.path ?? []) || "file"
  return new InvalidInput({ field, message: [...[...told].slice(0, maxTold), ...more].join("\n") })
}

/** `refuse` tells one fault of a file, or of a line of it. */
export const refuse = (place: string, sentence: string): InvalidInput =>
  new InvalidInput({ field: "file", message: `${place}: ${sentence}` })

/** `fieldOf` gives a path as errors call it: it may hold anything that a file holds. */
const fieldOf = (path: Path): string => Redaction.redact(path.join("."))
