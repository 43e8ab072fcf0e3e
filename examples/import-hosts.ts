// Imports hosts into an FMC from a CSV file with the columns name, address and, if wanted, description, in any order
// and among others, parted by commas, semicolons or tabs as the spreadsheet of your country writes it. What is there
// already is left alone, or changed where it differs; a thousand new hosts go in one request. A row that is wrong is
// told by its line, and the others are done.
//
//   import-hosts.ts <hosts.csv> [<domain>]     "-" is standard input, the domain is Global unless another is named
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import { readFile } from "node:fs/promises"
import process from "node:process"
import { text } from "node:stream/consumers"
import { parse } from "csv-parse/sync"
import { Bulk } from "sallyport"
import * as Fmc from "sallyport/fmc"

const [path, domainName = "Global"] = process.argv.slice(2)

interface Row {
  /** `line` is that of the file, counted from 1. */
  readonly line: number
  readonly name: string
  readonly value: string
  readonly description: string | undefined
}

const rowsOf = (given: string, file: string): ReadonlyArray<Row> => {
  const whole = given.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n")
  // A spreadsheet may say in a line before the others what it parts columns by.
  const said = /^sep=(.)\n/i.exec(whole)
  const csv = said === null ? whole : whole.slice(said[0].length - 1)
  const heading = csv.split("\n").find((line) => line.trim() !== "")
  const columns = (found: ReadonlyArray<string>) => {
    const names = found.map((name) => name.trim().toLowerCase())
    if (needed.every((name) => names.includes(name))) return names
    const there = found.map((name) => JSON.stringify(name)).join(", ")
    throw new Error(
      `${file}: its first line names the columns ${there}, and name and address are needed (description, if wanted): rename them there.`
    )
  }
  if (heading === undefined)
    throw new Error(`${file}: it is empty: its first line has to name the columns, name and address.`)
  return parse<{ record: Partial<Record<string, string>>; info: { lines: number } }>(csv, {
    columns,
    delimiter: said?.[1] ?? mostOf(heading, [",", ";", "\t"]),
    info: true,
    trim: true,
    skip_empty_lines: true
  }).map(({ info: { lines: line }, record: { address, description, name } }) => {
    if (!name || !address) throw new Error(`line ${line}: a host needs a name and an address`)
    return { line, name, value: address, description }
  })
}

const needed = ["name", "address"]

const mostOf = (line: string, signs: ReadonlyArray<string>): string =>
  signs.reduce((best, sign) => (line.split(sign).length > line.split(best).length ? sign : best))

const run = async (path: string) => {
  const rows = rowsOf(path === "-" ? await text(process.stdin) : await readFile(path, "utf8"), path)
  const wanted = rows.map(({ line: _line, ...host }) => host)
  await Fmc.use("FMC", async (fmc) => {
    const { hosts } = await fmc.domain(domainName)
    try {
      tell([...(await hosts.upsertAll(wanted))])
    } catch (error) {
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      const items: Bulk.BulkIncomplete<unknown, Changed>["items"] = error.items
      tell(items.flatMap((item) => (item._tag === "Done" ? [item.result] : [])))
      // In the order of the rows.
      for (const [at, item] of items.entries()) {
        if (item._tag === "Done") continue
        const why = item._tag === "Failed" ? item.error.message : "not sent, because of those before it"
        console.error(`line ${rows[at]?.line}: ${rows[at]?.name}: ${why}`)
      }
      process.exitCode = 1
    }
  })
}

interface Changed {
  readonly change: "created" | "updated" | "unchanged"
}

const tell = (results: ReadonlyArray<Changed>) => {
  const count = (change: Changed["change"]) => results.filter((result) => result.change === change).length
  console.log(`created ${count("created")}, updated ${count("updated")}, unchanged ${count("unchanged")}`)
}

if (path === undefined) {
  console.error(
    "Usage: import-hosts.ts <hosts.csv> [<domain>], with FMC_URL, FMC_USERNAME and FMC_PASSWORD set"
  )
  process.exitCode = 1
} else {
  await run(path).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
