import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as CsvTable from "../../documents/CsvTable.ts"
import * as Places from "../../documents/Places.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import type { InputField } from "./InputField.ts"
import * as ScalarText from "./ScalarText.ts"

/** `CsvRows` is a table as rows of fields. */
export interface CsvRows {
  readonly rows: ReadonlyArray<unknown>
  /** `lines` are those of the rows in the file, from 1. */
  readonly lines: ReadonlyArray<number>
  /** `unused` are the columns that are no field. */
  readonly unused: ReadonlyArray<string>
}

/**
 * `parse` reads a table whose columns are fields, in any order. A cell that is empty is left out. Fails with
 * `InvalidInput`, which names the line.
 */
export const parse = (
  file: string,
  text: string,
  columns: ReadonlyArray<InputField>
): Effect.Effect<CsvRows, InvalidInput> =>
  Effect.gen(function* () {
    const table = yield* CsvTable.parse(file, text)
    const { head, rows } = table
    const inHead = `${file}:${head.line}`
    const found = head.cells.map((name) => columns.find((field) => isNamed(field, name)))
    const missing = columns.filter((field) => field.isRequired && !found.includes(field)).map(nameOf)
    if (missing.length > 0) {
      const there = head.cells.map((name) => JSON.stringify(name)).join(", ")
      const sentence = `the first line names the columns ${there}, and ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} needed.`
      return yield* Places.refuse(inHead, sentence)
    }
    const faults = [
      ...columns
        .filter((field) => found.indexOf(field) !== found.lastIndexOf(field))
        .map((field) => ({ path: field.path, sentence: CsvTable.columnTwice, place: inHead })),
      ...rows.flatMap((row) => {
        const sentence = CsvTable.unevenness(table, row)
        return sentence === undefined ? [] : [{ path: [], sentence, place: `${file}:${row.line}` }]
      })
    ]
    if (faults.length > 0) return yield* Places.refused(faults, () => undefined)
    return {
      rows: rows.map(({ cells }) => rowOf(cells, found)),
      lines: rows.map(({ line }) => line),
      unused: head.cells.filter((name, at) => name !== "" && found[at] === undefined)
    }
  })

/** `nameOf` is what a column is called: `port.name` for a field within a field. */
const nameOf = ({ path }: InputField): string => path.join(".")

const isNamed = (field: InputField, name: string): boolean => plain(nameOf(field)) === plain(name)

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}.]/gu, "")

const rowOf = (cells: ReadonlyArray<string>, found: ReadonlyArray<InputField | undefined>): unknown => {
  const row: Record<string, unknown> = {}
  for (const [at, field] of found.entries()) {
    const cell = cells[at] ?? ""
    if (field !== undefined && cell !== "") put(row, field.path, cellValue(field, cell))
  }
  return row
}

const cellValue = ({ form }: InputField, cell: string): unknown => {
  if (form._tag === "Secret" || form._tag === "Data") return cell
  if (form._tag !== "List") return ScalarText.valueOf(form, cell)
  const parts = cell.split(/[,;\n]/).map((part) => part.trim())
  return parts.filter((part) => part !== "").map((part) => ScalarText.valueOf(form.of, part))
}

/** `put` sets a field at any depth. */
export const put = (
  into: Record<string, unknown>,
  [name, ...deeper]: ReadonlyArray<string>,
  value: unknown
): void => {
  if (name === undefined) return
  if (deeper.length === 0) {
    into[name] = value
    return
  }
  const there = into[name]
  const inner: Record<string, unknown> = Predicate.isRecord(there) ? { ...there } : {}
  into[name] = inner
  put(inner, deeper, value)
}
