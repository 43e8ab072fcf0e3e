// A script that is a workflow: its command line is what is tested.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const createHosts = Workflow.make({
  name: "create-hosts",
  input: Schema.Struct({ names: Schema.Array(Schema.String) }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { names }) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Effect.forEach(names, (name) => hosts.create({ name, value: "192.0.2.7" }))
    })
})

Main.workflow(createHosts, { devices: { fmc: "FMC" }, description: "Creates hosts." })
