// Adds networks to an FDM: a script of the soak, beside the examples that are for an FMC.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"

const addNetworks = Workflow.make({
  name: "add-networks",
  input: Schema.Struct({ address: Schema.NonEmptyArray(Schema.String) }),
  devices: { fdm: Fdm.plugin },
  run: ({ fdm }, { address }) =>
    Effect.forEach(
      address,
      (value, at) => fdm.networks.upsert({ name: `soak-${at + 1}`, subType: "HOST", value }),
      { discard: true }
    )
})

Main.workflow(addNetworks)
