// Imports hosts into an FMC from a CSV file with the columns name, address and, if wanted, description, in any order
// and among others, parted by commas, semicolons or tabs as the spreadsheet of your country writes it. What is there
// already is left alone, or changed where it differs; a thousand new hosts go in one request. A row that is wrong is
// told by its line, and the others are done.
//
//   import-hosts.ts <hosts.csv> [<domain>] [--plan]
//
// "-" is standard input, the domain is Global unless another is named; --plan only shows what it would do. The FMC is
// that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import { readFile } from "node:fs/promises"
import process from "node:process"
import { text } from "node:stream/consumers"
import { parseArgs } from "node:util"
import { parse } from "csv-parse/sync"
import * as Schema from "effect/Schema"
import { Bulk, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const Row = Schema.Struct({
  /** `line` is that of the file, counted from 1. */
  line: Schema.Number,
  name: Schema.String,
  value: Schema.String,
  description: Schema.optional(Schema.String)
})

const importHosts = Workflow.promise({
  name: "import-hosts",
  input: Schema.Struct({ domain: Schema.String, rows: Schema.Array(Row) }),
  devices: { fmc: Fmc.plugin },
  run: async ({ fmc }, { domain, rows }) => {
    const { hosts } = await fmc.domain(domain)
    try {
      await hosts.upsertAll(rows.map(({ line: _line, ...host }) => host))
      return []
    } catch (error) {
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      // In the order of the rows.
      return (error.items as Bulk.BulkIncomplete<unknown, unknown>["items"]).flatMap((item, at) => {
        if (item._tag === "Done") return []
        const why = item._tag === "Failed" ? item.error.message : "not sent, because of those before it"
        return [`line ${rows[at]?.line}: ${rows[at]?.name}: ${why}`]
      })
    }
  }
})

const rowsOf = (given: string, file: string): ReadonlyArray<typeof Row.Type> => {
  const whole = given.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n")
  // A spreadsheet may say in a line before the others what it parts columns by.
  const said = /^sep=(.)\n/i.exec(whole)
  const csv = said === null ? whole : whole.slice(said[0].length - 1)
  const heading = csv.trimStart().split("\n", 1)[0] ?? ""
  const parts = (sign: string) => heading.split(sign).length
  const [mostly = ","] = [",", ";", "\t"].sort((one, other) => parts(other) - parts(one))
  const delimiter = said?.[1] ?? mostly
  const columns = (found: ReadonlyArray<string>) => {
    const names = found.map((name) => name.trim().toLowerCase())
    if (names.includes("name") && names.includes("address")) return names
    const there = found.map((name) => JSON.stringify(name)).join(", ")
    throw new Error(`${file}: its first line names the columns ${there}, and name and address are needed.`)
  }
  const options = { columns, delimiter, info: true, trim: true, skip_empty_lines: true } as const
  return parse<{ record: Partial<Record<string, string>>; info: { lines: number } }>(csv, options).map(
    ({ info: { lines: line }, record: { address, description, name } }) => {
      if (!name || !address) throw new Error(`line ${line}: a host needs a name and an address`)
      return { line, name, value: address, description }
    }
  )
}

const main = async () => {
  const options = { plan: { type: "boolean" } } as const
  const { positionals, values } = parseArgs({ allowPositionals: true, options })
  const [path, domain = "Global"] = positionals
  if (path === undefined) throw new Error("Usage: import-hosts.ts <hosts.csv> [<domain>] [--plan]")
  const rows = rowsOf(path === "-" ? await text(process.stdin) : await readFile(path, "utf8"), path)
  const given = [importHosts, { fmc: "FMC" }, { domain, rows }] as const
  if (values.plan) return console.log(Workflow.planText(await Workflow.planPromise(...given)))
  const { report, result: refused } = await Workflow.runPromise(...given)
  if (refused === undefined) throw new Error(Workflow.runText(report))
  const done = (action: string) =>
    report.changes.filter((one) => one.action === action && one.state === "done").length
  console.log(`created ${done("create")}, updated ${done("update")}, unchanged ${report.unchanged}`)
  for (const line of refused) console.error(line)
  if (refused.length > 0) process.exitCode = 1
}

await main().catch(({ message }: Error) => {
  console.error(message)
  process.exitCode = 1
})
