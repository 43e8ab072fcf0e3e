import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as CsvTable from "../documents/CsvTable.ts"
import * as Places from "../documents/Places.ts"
import * as TextFile from "../documents/TextFile.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type * as Source from "./Source.ts"

/**
 * `parse` reads a table of devices, one in a row: the columns `name`, `kind`, `url`, `tags` and `groups`, and any other
 * field by its path, such as `trust.pin`. An empty cell says nothing. Fails with `InvalidInput`, which never shows what
 * stands in the file.
 */
export const parse = (path: string, text: string): Effect.Effect<Source.Source, InvalidInput> =>
  Effect.gen(function* () {
    const file = TextFile.nameOf(path)
    const table = yield* CsvTable.parse(file, text)
    const faults: Array<Places.Fault> = []
    const tell = (line: number, path: Places.Path, sentence: string) =>
      void faults.push({ path, sentence, place: `${file}:${line}` })
    const columns = table.head.cells.map((column) => column.split("."))
    const names = columns.map((column) => column.join("."))
    if (!names.includes("name"))
      tell(
        table.head.line,
        [],
        "the first line has no column name; it names the columns: name,kind,url,tags."
      )
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) !== index) tell(table.head.line, [name], CsvTable.columnTwice)
      if (
        columns[index]?.some((part) => part === "__proto__" || part === "") ||
        (columns[index]?.length ?? 0) > 4
      )
        tell(table.head.line, [name], "nothing can have this name.")
    }
    const lines = new Map<string, number>()
    const devices = new Map<string, unknown>()
    if (faults.length === 0) {
      for (const row of table.rows) {
        const { cells, line } = row
        const uneven = CsvTable.unevenness(table, row)
        if (uneven !== undefined) {
          tell(line, [], uneven)
          continue
        }
        const name = cells[names.indexOf("name")] ?? ""
        const before = lines.get(Places.keyOf(["devices", name]))
        if (name === "") tell(line, ["name"], "this device has no name.")
        else if (name === "__proto__") tell(line, ["name"], "nothing can have this name.")
        else if (before !== undefined)
          tell(line, ["devices", name], `this name stands in line ${before}, too.`)
        lines.set(Places.keyOf(["devices", name]), line)
        const fields = columns.flatMap((column, index) => {
          const cell = cells[index] ?? ""
          return cell === "" || names[index] === "name" ? [] : [[column, cell] as const]
        })
        devices.set(name, nested(fields))
      }
    }
    const placeOf = Places.byLine(file, lines)
    if (faults.length > 0) return yield* Places.refused(faults, placeOf)
    const data = { devices: Object.fromEntries(devices) }
    return { data, isText: true, folder: dirname(resolve(path)), placeOf }
  })

/** `nested` makes objects of fields by their paths. */
const nested = (fields: ReadonlyArray<readonly [Places.Path, string]>): Readonly<Record<string, unknown>> => {
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
