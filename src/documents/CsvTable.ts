import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { csvPackage } from "./LatePackage.ts"
import * as Places from "./Places.ts"

/** `CsvTable` is a table: a line that names the columns, and those below it. */
export interface CsvTable {
  readonly head: CsvRow
  readonly rows: ReadonlyArray<CsvRow>
}

/** `CsvRow` is a line of a table; blank ones are left out. */
export interface CsvRow {
  readonly cells: ReadonlyArray<string>
  /** `line` is where it stands in the file, from 1. */
  readonly line: number
}

/**
 * `parse` reads a table as a spreadsheet writes it, its columns parted by commas, semicolons or tabs. Fails with
 * `InvalidInput`, which names the line, and shows nothing of what stands in it.
 */
export const parse = (file: string, text: string): Effect.Effect<CsvTable, InvalidInput> =>
  Effect.gen(function* () {
    const csv = yield* csvPackage.load(file)
    const whole = text.replace(/\r\n?/g, "\n")
    // A spreadsheet may say in a line before the others what it parts columns by. The line is left, for its number.
    const said = /^sep=(.)\n/i.exec(whole)
    const body = said === null ? whole : whole.slice(said[0].length - 1)
    const records = yield* Effect.try({
      // With info it gives this form; its types know of it with columns alone.
      try: () =>
        csv.parse(body, {
          ...options,
          delimiter: said?.[1] ?? delimiterOf(body)
        }) as unknown as ReadonlyArray<Parsed>,
      catch: (error) => {
        const line = Predicate.hasProperty(error, "lines") ? `:${error.lines}` : ""
        const sentence =
          "this is no CSV; look for a quotation mark that is missing or too much, here or in a line before."
        return Places.refuse(`${file}${line}`, sentence)
      }
    })
    const [head, ...rows] = records.map(({ info, record }) => ({ cells: record, line: info.lines }))
    return head === undefined
      ? yield* Places.refuse(file, "it is empty; its first line names the columns.")
      : { head, rows }
  })

interface Parsed {
  readonly record: ReadonlyArray<string>
  readonly info: { readonly lines: number }
}

const options = { info: true, relax_column_count: true, skip_empty_lines: true, trim: true } as const

/** `delimiterOf` is what the first line has most of. */
const delimiterOf = (csv: string): string => {
  const heading = csv.trimStart().split("\n", 1)[0] ?? ""
  const parts = (sign: string) => heading.split(sign).length
  const [mostly = ","] = [",", ";", "\t"].sort((one, other) => parts(other) - parts(one))
  return mostly
}

/** `columnTwice` is what is wrong with the second of two columns of one name. */
export const columnTwice = "this column is there twice; leave one of the two out."

/** `unevenness` says of a row that it has another number of cells than the first line, if it does. */
export const unevenness = ({ head }: CsvTable, { cells }: CsvRow): string | undefined => {
  if (cells.length === head.cells.length) return undefined
  return `this line has ${cells.length === 1 ? "1 cell" : `${cells.length} cells`}, and the first one ${head.cells.length}.`
}
