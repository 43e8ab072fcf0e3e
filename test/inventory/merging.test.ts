// What a device has from elsewhere. Layers, from near to far: the device · its groups, in the order in which it names
// them · its kind · the defaults.
//
// Invariants: of a field the nearest value holds, whole · tags of all layers are joined · what is for other kinds is none
// of a device's · what is shown is what it is opened with, each with its layer and its line.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import { Inventory } from "sallyport"
import * as Fdm from "sallyport/fdm"
import { plugins, read, shown } from "../support/inventories.ts"

const yaml = `defaults:
  credentials: { env: ALL }
  responseTimeout: 1 minute
  tags: [prod]
  tokenLifetime: 20 minutes
kinds:
  fdm:
    responseTimeout: 50 seconds
    apiVersion: v6
groups:
  emea:
    trust: { pin: "${"AB:".repeat(31)}CD" }
    responseTimeout: 40 seconds
    tags: [europe]
  lab:
    responseTimeout: 30 seconds
    proxy: http://proxy.example:3128
devices:
  own:
    kind: fdm
    url: https://own.example
    groups: [emea, lab]
    responseTimeout: 20 seconds
    tags: [canary, prod]
  grouped: { kind: fdm, url: "https://grouped.example", groups: [lab, emea] }
  plain: { kind: fdm, url: "https://plain.example" }
  other: { kind: fmc, url: "https://other.example" }
`

describe("a device of an inventory", () => {
  it.effect("has the nearest value of each field, and tells its layer and its line", () =>
    Effect.gen(function* () {
      const inventory = yield* read("i.yaml", yaml)
      expect(yield* shown(inventory, "own")).toEqual([
        ["kind", '"fdm"', "device", "i.yaml:20"],
        ["tags", '["canary","prod","europe"]', "device, group emea, defaults", "i.yaml:24"],
        ["groups", '["emea","lab"]', "device", "i.yaml:22"],
        ["url", '"https://own.example"', "device", "i.yaml:21"],
        ["responseTimeout", '"20 seconds"', "device", "i.yaml:23"],
        ["trust", `{"pin":"${"AB:".repeat(31)}CD"}`, "group emea", "i.yaml:12"],
        ["proxy", '"http://proxy.example:3128"', "group lab", "i.yaml:17"],
        ["apiVersion", '"v6"', "kind fdm", "i.yaml:9"],
        ["credentials", '{"env":"ALL"}', "defaults", "i.yaml:2"]
      ])
      const timeouts = yield* Effect.forEach(inventory.entries, ({ name, options }) =>
        Effect.map(options, ({ target }) => [
          name,
          Duration.toSeconds(target.responseTimeout ?? 0),
          target.proxy !== undefined
        ])
      )
      expect(timeouts).toEqual([
        ["own", 20, true],
        ["grouped", 30, true],
        ["plain", 50, false],
        ["other", 60, false]
      ])
    })
  )

  it.effect("has nothing of what is for other kinds", () =>
    Effect.gen(function* () {
      const inventory = yield* read("i.yaml", yaml)
      const fieldsOf = (name: string) =>
        Effect.map(inventory.show(name), ({ fields }) => fields.map(({ field }) => field))
      expect(yield* fieldsOf("plain")).not.toContain("tokenLifetime")
      expect(yield* fieldsOf("other")).toContain("tokenLifetime")
      expect(yield* fieldsOf("other")).not.toContain("apiVersion")
    })
  )

  it.effect("may have its kind from the defaults", () =>
    Effect.gen(function* () {
      const inventory = yield* read(
        "i.yaml",
        "defaults: { kind: fdm, credentials: { env: FDM } }\ndevices:\n  a: { url: https://a.example }\n"
      )
      expect(yield* shown(inventory, "a")).toContainEqual(["kind", '"fdm"', "defaults", "i.yaml:1"])
    })
  )

  it.effect(
    "has its passwords' and certificates' files from the folder of the inventory, and not from code beside",
    () =>
      Effect.gen(function* () {
        const text = `devices:
  a: { kind: fdm, url: "https://a.example", credentials: { username: x, passwordFile: secrets/a } }
  b: { kind: fdm, url: "https://b.example", credentials: { env: B }, trust: { caFile: ca.pem } }
  c: { kind: fdm, url: "https://c.example" }
`
        const inventory = yield* read("i.yaml", text, {
          defaults: { credentials: { username: "x", passwordFile: "here/b" } }
        })
        const [a, b, c] = inventory.entries
        const missing = yield* Effect.flip(
          Effect.flatMap(a?.options ?? Effect.die(""), ({ credentials }) => credentials)
        )
        expect(missing).toMatchObject({ field: "devices.a.credentials.passwordFile" })
        expect(yield* Effect.flip(b?.options ?? Effect.die(""))).toMatchObject({
          _tag: "InvalidInput",
          message: expect.stringMatching(/i\.yaml:3: devices\.b\.trust/)
        })
        expect(yield* Effect.exit(c?.options ?? Effect.die(""))).toMatchObject({ _tag: "Success" })
      })
  )

  it.effect("is shown on a terminal a field in a line", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory.make(
        {
          defaults: { credentials: { env: "FDM" } },
          devices: { a: { kind: "fdm", url: "https://a.example" } }
        },
        { plugins: [Fdm.plugin] }
      )
      expect(Inventory.showText(yield* inventory.show("a"))).toBe(
        [
          "a",
          '  kind         "fdm"                device',
          '  url          "https://a.example"  device',
          '  credentials  {"env":"FDM"}        defaults'
        ].join("\n")
      )
      expect(yield* Effect.flip(inventory.show("b"))).toMatchObject({
        field: "device",
        message: 'device: there is no device "b"; did you mean "a"?'
      })
    })
  )

  it.effect("has each field by this order, whatever the layers say", () => {
    const said = fc.option(fc.integer({ min: 1, max: 999 }), { nil: undefined })
    const layer = fc.record({ requestsPerMinute: said, maxConnections: said })
    const withoutUndefined = (fields: object) =>
      Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    return Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.tuple(layer, layer, layer, layer, layer),
          fc.boolean(),
          async ([own, one, two, kind, defaults], isTurned) => {
            const groups = isTurned ? ["two", "one"] : ["one", "two"]
            const layers = isTurned ? [own, two, one, kind, defaults] : [own, one, two, kind, defaults]
            const inventory = await Effect.runPromise(
              Inventory.make(
                {
                  defaults: { ...withoutUndefined(defaults), credentials: { env: "FDM" } },
                  kinds: { fdm: withoutUndefined(kind) },
                  groups: { one, two } as never,
                  devices: { a: { kind: "fdm", url: "https://a.example", groups, ...withoutUndefined(own) } }
                },
                { plugins }
              )
            )
            const { fields } = await Effect.runPromise(inventory.show("a"))
            for (const field of ["requestsPerMinute", "maxConnections"] as const) {
              const nearest = layers.find((one) => one[field] !== undefined)?.[field]
              const found = fields.find((one) => one.field === field)
              expect(found?.value).toBe(nearest === undefined ? undefined : String(nearest))
            }
          }
        ),
        { numRuns: 50 }
      )
    )
  })
})
