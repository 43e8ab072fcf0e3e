import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

/** `createHosts` creates hosts, one after the other. */
export const createHosts = Workflow.make({
  name: "create-hosts",
  input: Schema.Struct({ names: Schema.Array(Schema.String) }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { names }) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Effect.forEach(names, (name) => hosts.upsert({ name, value: "192.0.2.7" }))
      return names.length
    })
})
