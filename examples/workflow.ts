// The workflow to read first: hosts for a service on an FMC, and a network group that holds them. It shows what it would
// do, asks, does it, and reports. What fails on the way, or is ended by Ctrl-C, is taken back.
//
//   workflow.ts <service> <address> ... [--domain <name>] [--plan | --yes]
//   workflow.ts --undo <run>        takes back what a run has done: of this workflow, or of any other on one FMC
//   workflow.ts --resume <run>      goes on with a run that was killed in the middle; nothing is done twice
//
// --plan only shows what it would do; --yes asks nobody. A run is known by the id that its report ends with.
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import process from "node:process"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const publish = Workflow.make({
  name: "publish-service",
  input: Schema.Struct({
    domain: Schema.String,
    service: Schema.NonEmptyString,
    addresses: Schema.Array(Schema.String)
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

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    domain: { type: "string", default: "Global" },
    plan: { type: "boolean", default: false },
    resume: { type: "string" },
    undo: { type: "string" },
    yes: { type: "boolean", default: false }
  }
})
const [service = "", ...addresses] = positionals
const devices = { fmc: "FMC" }
const input = { domain: values.domain, service, addresses }

const telling = { onProgress: Workflow.tellOnTerminal }
const guarded = { ...telling, limit: { changes: 50, removals: 0 } }
const approve = values.yes ? () => true : Workflow.askOnTerminal

const script = Effect.gen(function* () {
  if (values.undo !== undefined) {
    const { undo } = yield* Workflow.undo(publish, devices, values.undo, telling)
    if (undo?.state !== "done") process.exitCode = 1
  } else if (values.resume !== undefined) {
    yield* Effect.flatMap(Workflow.resume(publish, devices, values.resume, guarded), Workflow.resultOf)
  } else if (values.plan) {
    console.log(Workflow.planText(yield* Workflow.plan(publish, devices, input)))
  } else {
    yield* Effect.flatMap(Workflow.run(publish, devices, input, { ...guarded, approve }), Workflow.resultOf)
  }
})

if (addresses.length === 0 && values.undo === undefined && values.resume === undefined) {
  console.error("Usage: workflow.ts <service> <address> ... [--domain <name>] [--plan | --yes]")
  console.error("       workflow.ts --undo <run> | --resume <run>")
  process.exitCode = 1
} else {
  Main.run(script)
}
