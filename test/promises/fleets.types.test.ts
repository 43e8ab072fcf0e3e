// What does not compile of fleets and inventories for scripts that await: each line below an @ts-expect-error is a mistake
// that the types find.
import { expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Fleet, Inventory } from "sallyport/promises"

const addHost = Workflow.promise({
  name: "add-host",
  input: Schema.Struct({ name: Schema.String }),
  devices: { fdm: Fdm.plugin },
  run: () => 7
})

const scripts = {
  run: async () => {
    const inventory = await Inventory.fromFile("inventory.yaml", { plugins: [Fdm.plugin, Fmc.plugin] })
    const input = { name: "web-1" }
    const { report, results } = await Fleet.run(addHost, inventory, input, {
      select: "kind:fdm",
      perDevice: { limit: 3 },
      signal: AbortSignal.timeout(1000)
    })
    const outcome: Fleet.DeviceOutcome | undefined = report.devices[0]?.outcome
    const result: number | undefined = results.get("one")
    await Fleet.run(addHost, inventory.entries, (device) => ({ name: device.name }))
    await Fleet.run(addHost, { one: "FDM", two: { env: "TWO" } }, input)
    // @ts-expect-error the input has no such field
    await Fleet.run(addHost, inventory, { called: "web-1" })
    // @ts-expect-error there is no such option
    await Fleet.run(addHost, inventory, input, { canaries: 1 })
    // @ts-expect-error its options are those of a plan
    await Fleet.plan(addHost, inventory, input, { canary: 1 })
    for await (const { device, result } of Fleet.stream(addHost, inventory, input)) {
      const given: number | undefined = result
      // @ts-expect-error it is a number
      const wrong: string | undefined = result
      console.log(device.run, given, wrong)
    }
    for await (const plan of Fleet.drift(addHost, inventory, input, { every: "0 6 * * 1-5" }))
      console.log(plan.groups.length)
    return [outcome, result]
  },

  inventory: async () => {
    const inventory = await Inventory.fromFile("inventory.yaml", { plugins: [Fdm.plugin, Fmc.plugin] })
    for (const entry of await inventory.select("*")) {
      if (entry.kind === "fdm") {
        await entry.use((fdm) => fdm.apiVersion())
        // @ts-expect-error an FDM has no server version
        await entry.use((fdm) => fdm.serverVersion())
        await Workflow.runPromise(addHost, { fdm: await entry.options() }, { name: "web-1" })
      }
      // @ts-expect-error there is no such kind
      if (entry.kind === "asa") console.log(entry.name)
    }
    // @ts-expect-error it is to be awaited
    console.log(inventory.get("one").name)
    // @ts-expect-error an FMC has no API version
    await Inventory.make({ devices: { hq: { kind: "fmc", apiVersion: "v6" } } }, { plugins: [Fmc.plugin] })
  }
}

it("the types of fleets and inventories for scripts that await find mistakes", () => {
  expect(Object.keys(scripts)).toEqual(["run", "inventory"])
})
