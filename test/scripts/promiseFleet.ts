// A script that awaits a fleet: what is printed is what comes behind it.
import process from "node:process"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import { Fleet, Inventory } from "sallyport/promises"

const { FOLDER: folder = "", INVENTORY: file = "" } = process.env

const adding = Workflow.promise({
  name: "add-networks",
  input: Schema.Struct({}),
  devices: { fdm: Fdm.plugin },
  run: async ({ fdm }) => {
    for (const name of ["fleet-a", "fleet-b", "fleet-c"])
      await fdm.networks.upsert({ name, subType: "HOST", value: "192.0.2.1" })
  }
})

const inventory = await Inventory.fromFile(file, { plugins: [Fdm.plugin] })
for await (const { device } of Fleet.stream(adding, inventory, {}, { folder, concurrency: 1 }))
  console.log(device.device)
console.log("over")
