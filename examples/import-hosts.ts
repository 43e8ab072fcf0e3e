// Imports hosts into an FMC from a CSV file with the columns name, address and, if wanted, description, in any order
// and among others, parted by commas, semicolons or tabs as the spreadsheet of your country writes it. What is there
// already is left alone, or changed where it differs; a thousand new hosts go in one request. A row that cannot be done is
// told, in the plan where that shows before, and the others are done: the exit code is 1 then.
//
//   import-hosts.ts plan --host @<hosts.csv> [--domain <domain>]      shows what it would do
//   import-hosts.ts run --host @<hosts.csv> [--domain <domain>]       does it; with --yes it asks nobody
//   import-hosts.ts undo <run>                                        takes it back
//
// "@-" is standard input. The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE; with
// --inventory it is each of many.

import * as Schema from "effect/Schema"
import { Bulk, InvalidInput, Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const Host = Schema.Struct({
  name: Schema.NonEmptyString,
  address: Schema.NonEmptyString,
  description: Schema.optional(Schema.String)
})

const importHosts = Workflow.promise({
  name: "import-hosts",
  input: Schema.Struct({
    host: Schema.Array(Host),
    domain: Schema.optionalWith(Schema.String, { default: () => "Global" })
  }),
  devices: { fmc: Fmc.plugin },
  run: async ({ fmc }, { domain, host }, { note }) => {
    const { hosts } = await fmc.domain(domain)
    try {
      await hosts.upsertAll(host.map(({ address, ...others }) => ({ ...others, value: address })))
      return 0
    } catch (error) {
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      const items: Bulk.BulkIncomplete["items"] = error.items
      const undone = items.filter((item) => item._tag !== "Done")
      for (const [at, item] of items.entries())
        if (item._tag === "Failed") await note(`${host[at]?.name}: ${item.error.message}`)
      // A row that is no host is left out: what the FMC refuses, or does not answer, is a failure.
      if (undone.some((item) => item._tag !== "Failed" || !(item.error instanceof InvalidInput))) throw error
      return undone.length
    }
  }
})

Main.workflow(importHosts, {
  description: "Imports hosts into an FMC from a table.",
  devices: { fmc: "FMC" },
  // Rows that are in stay, also where others fail.
  onFailure: "leave",
  exitCode: (_report, leftOut = 0) => (leftOut > 0 ? Main.exitCodes.failed : undefined)
})
