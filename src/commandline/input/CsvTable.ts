import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { refuse, type WrongUsage } from "../WrongUsage.ts"
import type { InputField } from "./InputField.ts"
import { packaged } from "./LateImport.ts"
import * as ScalarText from "./ScalarText.ts"

/** `CsvTable` is a table as rows of fields. */
export interface CsvTable {
  readonly rows: ReadonlyArray<unknown>
  /** `lines` are those of the rows in the file, from 1. */
  readonly lines: ReadonlyArray<number>
  /** `unused` are the columns that are no field. */
  readonly unused: ReadonlyArray<string>
}

/**
 * `parse` reads a table as a spreadsheet writes it: its columns parted by commas, semicolons or tabs, in any order, their
 * names in the first line. A cell that is empty is left out. Fails with `WrongUsage`, which names the line.
 */
export const parse = (
  file: string,
  text: string,
  columns: ReadonlyArray<InputField>
): Effect.Effect<CsvTable, WrongUsage> =>
  Effect.gen(function* () {
    const { parse: parseCsv } = yield* packaged(() => import("csv-parse/sync"), "csv-parse@7", "A CSV file")
    const whole = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n")
    // A spreadsheet may say in a line before the others what it parts columns by. The line is left, for its number.
    const said = /^sep=(.)\n/i.exec(whole)
    const csv = said === null ? whole : whole.slice(said[0].length - 1)
    const options = {
      bom: true,
      delimiter: said?.[1] ?? delimiterOf(csv),
      info: true,
      relax_column_count_less: true,
      skip_empty_lines: true,
      trim: true
    } as const
    const records = yield* Effect.try({
      // With info it gives this form; its types know of it with columns alone.
      try: () => parseCsv(csv, options) as unknown as ReadonlyArray<Parsed>,
      catch: (error) => refuse(faultIn(file, error))
    })
    const [head, ...rest] = records
    if (head === undefined) return yield* refuse(`${file}: it is empty; its first line names the columns.`)
    const found = head.record.map((name) => columns.find((field) => isNamed(field, name)))
    const missing = columns.filter((field) => field.isRequired && !found.includes(field)).map(nameOf)
    if (missing.length > 0) {
      const there = head.record.map((name) => JSON.stringify(name)).join(", ")
      return yield* refuse(
        `${file}:${head.info.lines}: the first line names the columns ${there}, and ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} needed.`
      )
    }
    const twice = found.find((field, at) => field !== undefined && found.indexOf(field) !== at)
    if (twice !== undefined)
      return yield* refuse(`${file}:${head.info.lines}: two columns are called ${nameOf(twice)}.`)
    return {
      rows: rest.map(({ record }) => rowOf(record, found)),
      lines: rest.map(({ info }) => info.lines),
      unused: head.record.filter((name, at) => name !== "" && found[at] === undefined)
    }
  })

interface Parsed {
  readonly record: ReadonlyArray<string>
  readonly info: { readonly lines: number }
}

/** `nameOf` is what a column is called: `port.name` for a field within a field. */
const nameOf = ({ path }: InputField): string => path.join(".")

const isNamed = (field: InputField, name: string): boolean => plain(nameOf(field)) === plain(name)

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}.]/gu, "")

/** `delimiterOf` is what the first line has most of. */
const delimiterOf = (csv: string): string => {
  const heading = csv.trimStart().split("\n", 1)[0] ?? ""
  const parts = (sign: string) => heading.split(sign).length
  const [mostly = ","] = [",", ";", "\t"].sort((one, other) => parts(other) - parts(one))
  return mostly
}

const rowOf = (record: ReadonlyArray<string>, found: ReadonlyArray<InputField | undefined>): unknown => {
  const row: Record<string, unknown> = {}
  for (const [at, field] of found.entries()) {
    const cell = record[at] ?? ""
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

/** `faultIn` says what is wrong with a line, and nothing of what stands in it. */
const faultIn = (file: string, error: unknown): string => {
  const line =
    Predicate.hasProperty(error, "lines") && typeof error.lines === "number" ? `:${error.lines}` : ""
  const code = Predicate.hasProperty(error, "code") ? String(error.code) : ""
  const what = code.includes("QUOTE")
    ? "a quotation mark is not where one can be"
    : /COLUMNS|FIELDS/.test(code)
      ? "this line has more columns than the first"
      : "this line cannot be read"
  return `${file}${line}: ${what}.`
}
