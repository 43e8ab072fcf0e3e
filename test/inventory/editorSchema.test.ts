// The JSON Schema of an inventory.
//
// Invariants: what it takes, the inventory takes, as far as a schema can say · what it refuses, the inventory refuses ·
// it offers no field for a secret, and none that only code can fill.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Validator } from "@cfworker/json-schema"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Inventory } from "sallyport"
import { parse } from "yaml"
import { plugins, read } from "../support/inventories.ts"
import { root } from "../support/runtime.ts"

const validator = new Validator(Inventory.jsonSchema(plugins), "7")
const device = { kind: "fdm", url: "https://a.example", credentials: { env: "FDM" } }
const ofDevice = (more: object) => ({ devices: { a: { ...device, ...more } } })

describe("the JSON Schema of an inventory", () => {
  it.effect.each<[what: string, given: unknown]>([
    ["the example", parse(readFileSync(join(root, "examples/inventory.yaml"), "utf8"))],
    ["a device", ofDevice({})],
    ["the schema's own name", { $schema: "inventory.schema.json", ...ofDevice({}) }],
    ["a group that is only a name", { groups: { emea: null }, ...ofDevice({ groups: ["emea"] }) }],
    ["words as text", ofDevice({ tags: "canary prod" })],
    ["durations as text and number", ofDevice({ responseTimeout: "1 minute", connectTimeout: 5000 })],
    ["a user who is asked", ofDevice({ credentials: { username: "x", prompt: true, account: "local" } })],
    ["a command", ofDevice({ credentials: { username: "x", command: ["op", "read", "x"] } })],
    ["a token of a variable", ofDevice({ kind: "cdfmc", credentials: { tokenEnv: "TOKEN" } })],
    ["several pins", ofDevice({ trust: { pin: [`${"AB:".repeat(31)}CD`, `${"AB:".repeat(31)}CE`] } })],
    ["fields of kinds", { defaults: { tokenLifetime: "20 minutes", apiVersion: "v6" }, ...ofDevice({}) }]
  ])("takes %s, as the inventory does", ([, given]) =>
    Effect.gen(function* () {
      expect(validator.validate(given).errors).toEqual([])
      yield* read("i.json", JSON.stringify(given))
    })
  )

  it.effect.each<[what: string, given: unknown]>([
    ["no devices", {}],
    ["a part that there is not", { device: {}, devices: {} }],
    ["a field that there is not", ofDevice({ ulr: "x" })],
    ["a name of its own", ofDevice({ name: "x" })],
    ["a kind that there is not", ofDevice({ kind: "asa" })],
    ["a field of another kind", { kinds: { fmc: { apiVersion: "v6" } }, devices: {} }],
    ["a password", ofDevice({ credentials: { username: "x", password: "y" } })],
    ["a command that is text", ofDevice({ credentials: { username: "x", command: "op read x" } })],
    ["credentials of nothing", ofDevice({ credentials: {} })],
    ["a number that is text", ofDevice({ maxConnections: "ten" })]
  ])("refuses %s, as the inventory does", ([, given]) =>
    Effect.gen(function* () {
      expect(validator.validate(given).valid).toBe(false)
      yield* Effect.flip(read("i.json", JSON.stringify(given)))
    })
  )

  it("says in words what each field takes, and has none that only code can fill", () => {
    const { properties } = Inventory.jsonSchema(plugins) as {
      readonly properties: {
        readonly defaults: {
          readonly properties: Readonly<Record<string, { readonly description?: string }>>
        }
      }
    }
    const fields = Object.entries(properties.defaults.properties)
    expect(fields.filter(([, { description }]) => description === undefined)).toEqual([])
    expect(fields.map(([name]) => name)).toEqual(
      expect.arrayContaining(["url", "trust", "credentials", "proxy"])
    )
    expect(fields.map(([name]) => name)).not.toContain("connect")
  })
})
