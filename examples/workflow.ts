// Shows what a change would do to an FMC before anybody does it: hosts for a service, and a network group that holds
// them. Nothing is written. What is there already, and as it is wanted, is left alone.
//
//   workflow.ts <service> <address> ... [--domain <name>] [--markdown | --json]
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import process from "node:process"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    domain: { type: "string", default: "Global" },
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false }
  }
})
const [service = "", ...addresses] = positionals

const publish = Workflow.make({
  name: "publish-service",
  input: Schema.Struct({
    domain: Schema.String,
    service: Schema.NonEmptyString,
    addresses: Schema.NonEmptyArray(Schema.String)
  }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { addresses, domain, service }) =>
    Effect.gen(function* () {
      const { hosts, networkGroups } = yield* fmc.domain(domain)
      const wanted = addresses.map((value, at) => ({ name: `${service}-${at + 1}`, value }))
      const servers = yield* Workflow.step("hosts", hosts.upsertAll(wanted))
      const objects = servers.map(({ item: { id, name } }) => ({ id, name, type: "Host" }))
      yield* Workflow.step("group", networkGroups.upsert({ name: service, objects }))
      yield* Workflow.note("Rules that use the group need a deployment afterwards.")
    })
})

const script = Effect.gen(function* () {
  const input = { domain: values.domain, service, addresses: addresses as [string] } // the schema wants at least one
  const plan = yield* Workflow.plan(publish, { fmc: "FMC" }, input)
  if (values.json) console.log(JSON.stringify(plan))
  else console.log(values.markdown ? Workflow.planMarkdown(plan) : Workflow.planText(plan))
})

if (service === "" || addresses.length === 0) {
  console.error("Usage: workflow.ts <service> <address> ... [--domain <name>] [--markdown | --json]")
  process.exitCode = 1
} else {
  Main.run(script)
}
