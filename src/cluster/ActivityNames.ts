import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { JournalLine } from "../workflow/journal/JournalLine.ts"

/** `ActivityNames` are the names of a run's Activities, line by line of its journal. */
export interface ActivityNames {
  /**
   * `begun` are those that a line announces: of a change by its key, with a number behind it where it is tried once more;
   * of a request of its undo by the name of the change.
   */
  readonly begun: (line: JournalLine) => ReadonlyArray<string>
  /** `ended` are those of which a line says what came of them, each with the line that says it of that one alone. */
  readonly ended: (line: JournalLine) => ReadonlyArray<readonly [name: string, result: JournalLine]>
}

/** `make` begins with none. */
export const make = (): ActivityNames => {
  const counts = new Map<string, number>()
  const changes = new Map<number, string>()
  const undone = new Map<string, string>()
  const next = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name}/${count}`
  }
  const placeOf = ({ number, request }: UndoPlace) => `${number}/${request}`
  const undo = (place: UndoPlace): string => {
    const name = next(`${changes.get(place.number)}.undo.${place.request}`)
    undone.set(placeOf(place), name)
    return name
  }
  const tookBack = (place: UndoPlace, line: JournalLine) => {
    const name = undone.get(placeOf(place))
    return name === undefined ? [] : [[name, line] as const]
  }
  return {
    begun: (line) => {
      switch (line._tag) {
        case "intent": {
          const name = next(line.key)
          changes.set(line.number, name)
          return [name]
        }
        case "takingBack":
          return [undo(line)]
        case "takingAllBack":
          return line.requests.map(undo)
        default:
          return []
      }
    },
    ended: (line) => {
      switch (line._tag) {
        case "outcome": {
          const name = changes.get(line.number)
          return name === undefined ? [] : [[name, line]]
        }
        case "tookBack":
          return tookBack(line, line)
        case "tookAllBack":
          return line.results.flatMap((one) => tookBack(one, { _tag: "tookBack", ...one, at: line.at }))
        default:
          return []
      }
    }
  }
}

interface UndoPlace {
  readonly number: number
  readonly request?: number | undefined
}

const decode = Schema.decodeUnknownOption(JournalLine, { onExcessProperty: "preserve", errors: "first" })

/** `lineOf` is a line as it is kept; `undefined` where it is none. */
export const lineOf = (kept: unknown): JournalLine | undefined => Option.getOrUndefined(decode(kept))
