// Imports hosts into an FMC from a CSV file with the columns name, address and, if wanted, description. What is there
// already is left alone, or changed where it differs; a thousand new hosts go in one request. A row that is wrong is told
// by its line, and the others are done.
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
const { FMC_CA_FILE: caFile, FMC_PIN: pin, FMC_URL: url } = process.env

interface Row {
  /** Of the file, counted from 1. */
  readonly line: number
  readonly name: string
  readonly value: string
  readonly description: string | undefined
}

const rowsOf = (csv: string): ReadonlyArray<Row> =>
  parse<{ record: Partial<Record<string, string>>; info: { lines: number } }>(csv, {
    columns: true,
    info: true,
    bom: true,
    trim: true,
    skip_empty_lines: true
  }).map(({ info: { lines: line }, record: { address, description, name } }) => {
    if (!name || !address) throw new Error(`line ${line}: a host needs a name and an address`)
    return { line, name, value: address, description }
  })

const run = async (path: string, url: string) => {
  const rows = rowsOf(path === "-" ? await text(process.stdin) : await readFile(path, "utf8"))
  const wanted = rows.map(({ line: _line, ...host }) => host)
  const trust = pin ? { pin: pin.split(",") as [string] } : caFile ? { caFile } : "system" // split gives at least one
  await Fmc.use({ url, trust, credentials: { env: "FMC" } }, async (fmc) => {
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

if (path === undefined || url === undefined) {
  console.error(
    "Usage: import-hosts.ts <hosts.csv> [<domain>], with FMC_URL, FMC_USERNAME and FMC_PASSWORD set"
  )
  process.exitCode = 1
} else {
  await run(path, url).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
