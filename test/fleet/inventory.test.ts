// A fleet of the devices of an inventory.
//
// Invariants: the filters say which devices there are · those of other kinds are left out, and told · nothing is sent to
// a device that was not selected.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Fleet, Inventory } from "sallyport"
import { adding, all, fleetOf, input, told } from "../support/fleets.ts"
import { plugins } from "../support/inventories.ts"

describe("a fleet of an inventory's devices", () => {
  it.scopedLive("is those that its filters mean, of the workflow's kind", () =>
    Effect.gen(function* () {
      const { device, devices, folder, open, opened } = yield* fleetOf(3)
      const inventory = yield* Inventory.make(
        {
          defaults: { kind: "fdm", tags: ["prod"] },
          devices: {
            ...Object.fromEntries(
              devices.map(({ name, sandbox }) => [
                name,
                {
                  url: sandbox.url,
                  trust: { pin: sandbox.certificate.sha256 },
                  credentials: sandbox.fdm.credentials
                }
              ])
            ),
            hq: { kind: "fmc", url: "https://fmc.example", credentials: { env: "FMC" } }
          }
        },
        { plugins }
      )
      const { report } = yield* Fleet.run(adding, inventory, input, { folder, select: ["tag:prod", "!d3"] })
      expect(told(report)).toEqual(["d1 done done", "d2 done done"])
      expect(report.leftOut).toEqual([{ name: "hq", kind: "fmc" }])
      expect({ opened: opened(), open: open() }).toEqual({ opened: [1, 1, 0], open: 0 })
      expect(yield* device("d2").has).toEqual(all)

      const wrong = yield* Effect.flip(Fleet.run(adding, inventory, input, { folder, select: "tag:prd" }))
      expect(wrong).toMatchObject({
        _tag: "InvalidInput",
        message: 'select: "tag:prd" matches no device; did you mean "prod"?'
      })
    })
  )
})
