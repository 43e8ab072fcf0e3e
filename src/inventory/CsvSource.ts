import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as InventoryFile from "./InventoryFile.ts"
import * as Source from "./Source.ts"

/**
 * `parse` reads a table of devices, one in a row: the columns `name`, `kind`, `url`, `tags` and `groups`, and any other
 * field by its path, such as `trust.pin`. An empty cell says nothing. Fails with `InvalidInput`, which never shows what
 * stands in the file.
 */
export const parse = (path: string, text: string): Effect.Effect<Source.Source, InvalidInput> =>
  Effect.gen(function* () {
    const file = InventoryFile.nameOf(path)
    const csv = yield* Effect.tryPromise({
      try: () => import("csv-parse/sync"),
      catch: () => {
        const message = `${file}: inventories in CSV are read by the package csv-parse, which is missing: npm i csv-parse@^7`
        return new InvalidInput({ field: "csv-parse", message })
      }
    })
    const faults: Array<Source.Fault> = []
    const tell = (line: number, path: Source.Path, sentence: string) =>
      void faults.push({ path, sentence, place: `${file}:${line}` })
    const rows = yield* Effect.try({
      try: () =>
        csv.parse(text, { ...csvOptions, delimiter: delimiterOf(text) }) as unknown as ReadonlyArray<Row>,
      catch: (error) => {
        const line = Predicate.hasProperty(error, "lines") ? `:${error.lines}` : ""
        const message = `${file}${line}: this is no CSV; look for a quotation mark that is missing or too much, here or in a line before.`
        return new InvalidInput({ field: "inventory", message })
      }
    })
    const columns = (rows[0]?.record ?? []).map((column) => column.split("."))
    const names = columns.map((column) => column.join("."))
    if (!names.includes("name"))
      tell(1, [], "the first line has no column name; it names the columns: name,kind,url,tags.")
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) !== index)
        tell(1, [name], "this column is there twice; leave one of the two out.")
      if (
        columns[index]?.some((part) => part === "__proto__" || part === "") ||
        (columns[index]?.length ?? 0) > 4
      )
        tell(1, [name], "nothing can have this name.")
    }
    const lines = new Map<string, number>()
    const devices = new Map<string, unknown>()
    if (faults.length === 0) {
      for (const { info, record } of rows.slice(1)) {
        if (record.length !== columns.length) {
          tell(info.lines, [], `this line has ${record.length} cells, and the first one ${columns.length}.`)
          continue
        }
        const name = record[names.indexOf("name")] ?? ""
        const before = lines.get(Source.keyOf(["devices", name]))
        if (name === "") tell(info.lines, ["name"], "this device has no name.")
        else if (name === "__proto__") tell(info.lines, ["name"], "nothing can have this name.")
        else if (before !== undefined)
          tell(info.lines, ["devices", name], `this name stands in line ${before}, too.`)
        lines.set(Source.keyOf(["devices", name]), info.lines)
        const fields = columns.flatMap((column, index) => {
          const cell = record[index] ?? ""
          return cell === "" || names[index] === "name" ? [] : [[column, cell] as const]
        })
        devices.set(name, nested(fields))
      }
    }
    const placeOf = Source.placesByLine(file, lines)
    if (faults.length > 0) return yield* Source.refused(faults, placeOf)
    const data = { devices: Object.fromEntries(devices) }
    return { data, isText: true, folder: dirname(resolve(path)), placeOf }
  })

interface Row {
  readonly record: ReadonlyArray<string>
  readonly info: { readonly lines: number }
}

const csvOptions = {
  bom: true,
  info: true,
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true
} as const

/** `delimiterOf` gives a semicolon where the first line has no comma: spreadsheets write it in many countries. */
const delimiterOf = (text: string): string => {
  const [first = ""] = text.split(/\r?\n|\r/, 1)
  return !first.includes(",") && first.includes(";") ? ";" : ","
}

/** `nested` makes objects of fields by their paths. */
const nested = (fields: ReadonlyArray<readonly [Source.Path, string]>): Readonly<Record<string, unknown>> => {
  const heads = [...new Set(fields.map(([[head = ""]]) => head))]
  return Object.fromEntries(
    heads.map((head) => {
      const own = fields.filter(([[first]]) => first === head)
      const deeper = own.filter(([path]) => path.length > 1)
      const [plain] = own.filter(([path]) => path.length === 1)
      return [
        head,
        plain === undefined ? nested(deeper.map(([[, ...rest], cell]) => [rest, cell])) : plain[1]
      ]
    })
  )
}
