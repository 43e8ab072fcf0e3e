// The workflow to read first: hosts for a service on an FMC, and a network group that holds them. It shows what it would
// do, asks, does it, and reports. What fails on the way, or is ended by Ctrl-C, is taken back.
//
//   workflow.ts plan --service shop --address 192.0.2.7 --address 192.0.2.8      shows what it would do
//   workflow.ts run  --service shop --address 192.0.2.7 --address 192.0.2.8      does it; with --yes it asks nobody
//   workflow.ts undo <run>        takes back what a run has done; a run is known by the id that its report ends with
//   workflow.ts resume <run>      goes on with a run that was killed in the middle; nothing is done twice
//
// --help tells the rest. The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const publish = Workflow.make({
  name: "publish-service",
  input: Schema.Struct({
    service: Schema.NonEmptyString,
    address: Schema.NonEmptyArray(Schema.String),
    domain: Schema.optionalWith(Schema.String, { default: () => "Global" })
  }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { address, domain, service }) =>
    Effect.gen(function* () {
      const { hosts, networkGroups } = yield* fmc.domain(domain)
      const wanted = address.map((value, at) => ({ name: `${service}-${at + 1}`, value }))
      const servers = yield* Workflow.step("hosts", hosts.upsertAll(wanted))
      const objects = servers.map(({ item: { id, name } }) => ({ id, name, type: "Host" }))
      yield* Workflow.step("group", networkGroups.upsert({ name: service, objects }))
      yield* Workflow.note("Rules that use the group need a deployment afterwards.")
    })
})

Main.workflow(publish, {
  description: "Publishes a service: its hosts, and a network group that holds them.",
  devices: { fmc: "FMC" },
  limit: { changes: 50, removals: 0 }
})
