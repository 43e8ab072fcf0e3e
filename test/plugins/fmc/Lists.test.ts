// Lists as an FMC keeps them: named or not, with ids or without. Cisco's own document has an example of each.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as InBulk from "../../../plugins/fmc/objects/InBulk.ts"
import * as Keeping from "../../support/keepingDevice.ts"
import { root } from "../../support/runtime.ts"

const routes = "/devices/devicerecords/d/routing/ipv4staticroutes"
const route = (network: string) => ({
  type: "IPv4StaticRoute",
  interfaceName: "outside",
  selectedNetworks: [{ id: network, type: "Network", name: `net-${network}` }],
  metricValue: 1
})

describe("a list of what has no name", () => {
  it.scopedLive("is read as it is, whatever of id, name and type it lacks", () =>
    Effect.gen(function* () {
      const odd = [
        route("1"),
        { hits: 7 },
        null,
        { id: 7, name: 5, type: null, x: 1 },
        { id: null, name: {} }
      ]
      const { domain } = yield* Keeping.fmc({ items: { [routes]: odd } })
      const items = yield* Stream.runCollect(domain.objects(routes).list())
      expect([...items]).toEqual([route("1"), { hits: 7 }, {}, { id: "7", name: "5", x: 1 }, {}])
      expect(yield* Stream.runCount(domain.objects(routes).listBrief())).toBe(5)
      expect(yield* domain.objects(routes).find("nobody")).toEqual(Option.none())
    })
  )

  it.scopedLive("is written to, in bulk too, and made so by a key", () =>
    Effect.gen(function* () {
      const { domain, there, writes } = yield* Keeping.fmc({ items: { [routes]: [] } })
      const { create, createAll, remove, update, upsert, upsertAll } = domain.objects(routes)
      const made = yield* create(route("1"))
      yield* createAll([route("2"), route("3")])
      const key = ({ selectedNetworks }: Readonly<Record<string, unknown>>) => selectedNetworks
      expect((yield* upsert(route("2"), { key })).change).toBe("unchanged")
      expect((yield* upsert({ ...route("2"), metricValue: 5 }, { key })).change).toBe("updated")
      const many = yield* upsertAll([route("3"), route("4")], { key })
      expect(many.map(({ change }) => change)).toEqual(["unchanged", "created"])
      yield* update({ ...made, id: made.id ?? "", metricValue: 9 })
      yield* remove(made.id ?? "")
      expect(there(routes)).toMatchObject([{ metricValue: 5 }, { metricValue: 1 }, { metricValue: 1 }])
      expect(writes().length).toBe(6)
      const nameless = yield* Effect.flip(upsert(route("1") as unknown as { name: string }))
      expect(nameless).toMatchObject({ _tag: "InvalidInput", field: "name" })
    })
  )
})

describe("an FDM's list", () => {
  it.scopedLive("may have a number for a port, and entries without a name", () =>
    Effect.gen(function* () {
      const port = { id: "1", name: "web", type: "tcpportobject", port: 8189 }
      const { fdm, writes } = yield* Keeping.fdm({
        items: {
          "/object/tcpports": [port],
          "/devices/default/interfaces": [{ id: "2", name: null }, { x: 1 }]
        },
        keeps: (sent) => ({ ...sent, port: Number(sent.port) })
      })
      expect((yield* fdm.ports.get("1")).port).toBe("8189")
      expect((yield* fdm.ports.upsert({ name: "web", port: "8189" })).change).toBe("unchanged")
      expect((yield* fdm.ports.create({ name: "other", port: "443" })).port).toBe("443")
      expect(writes()).toHaveLength(1)
      const interfaces = yield* Stream.runCollect(fdm.objects("/devices/default/interfaces").list())
      expect([...interfaces].map(({ id }) => id)).toEqual(["2", undefined])
    })
  )
})

const isThere = ["../shared", "../../shared"]
  .map((folder) => join(root, folder, "specs/fmc-swagger.json"))
  .find((path) => existsSync(path))

describe("every list of Cisco's document that has an example", () => {
  // The document is not ours to copy: without it beside the project there is nothing to hold against.
  it.scopedLive.skipIf(isThere === undefined)("can be read, its nameless items too (needs ../shared)", () =>
    Effect.gen(function* () {
      const lists = examples(JSON.parse(readFileSync(isThere ?? "", "utf8")))
      expect(lists.size).toBeGreaterThan(140)
      const { domain } = yield* Keeping.fmc({ items: Object.fromEntries(lists) })
      const read = yield* Effect.forEach(
        lists,
        ([path, items]) =>
          Effect.map(Stream.runCount(domain.objects(path).list()), (count) => [path, count, items.length]),
        { concurrency: 8 }
      )
      for (const [path, count, length] of read) expect([path, count]).toEqual([path, length])
    })
  )
})

describe("every list of Cisco's document to which something can be added", () => {
  it.skipIf(isThere === undefined)(
    "is sent many at once exactly where it has `bulk` (needs ../shared)",
    () => {
      const lists = creations(JSON.parse(readFileSync(isThere ?? "", "utf8")))
      expect(lists.size).toBeGreaterThan(60)
      for (const [path, hasBulk] of lists)
        expect([path, InBulk.inBulkAt(path).create !== undefined]).toEqual([path, hasBulk])
    }
  )
})

type Json = Readonly<Record<string, unknown>>
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null

/** By path, whether their creation has the parameter `bulk`. */
const creations = (specification: Json): ReadonlyMap<string, boolean> => {
  const lists = new Map<string, boolean>()
  for (const [path, operations] of Object.entries(isJson(specification.paths) ? specification.paths : {})) {
    const below = /\/fmc_config\/v1\/domain\/\{domainUUID\}(\/.*[^}])$/.exec(path)?.[1]?.replace(/[{}]/g, "")
    const post = isJson(operations) ? operations.post : undefined
    if (below === undefined || !isJson(post)) continue
    lists.set(
      below,
      [post.parameters].flat().some((one) => isJson(one) && one.name === "bulk")
    )
  }
  return lists
}

/** By path, with the items of the first example of each. */
const examples = (specification: Json): ReadonlyMap<string, ReadonlyArray<unknown>> => {
  const at = (value: unknown, ...keys: ReadonlyArray<string>): unknown =>
    keys.reduce((found: unknown, key) => (isJson(found) ? found[key] : undefined), value)
  const lists = new Map<string, ReadonlyArray<unknown>>()
  for (const [path, operations] of Object.entries(isJson(specification.paths) ? specification.paths : {})) {
    const below = /\/fmc_config\/v1\/domain\/\{domainUUID\}(\/.*[^}])$/.exec(path)?.[1]?.replace(/[{}]/g, "")
    const items = itemsOf(at(operations, "get", "responses", "200", "examples"))
    if (below !== undefined && items !== undefined) lists.set(below, items)
  }
  return lists
}

const itemsOf = (value: unknown): ReadonlyArray<unknown> | undefined => {
  if (typeof value === "string" && value.startsWith("{")) {
    try {
      return itemsOf(JSON.parse(value))
    } catch {
      return undefined
    }
  }
  if (!isJson(value)) return undefined
  if (Array.isArray(value.items)) return value.items
  for (const inner of Object.values(value)) {
    const found = itemsOf(inner)
    if (found !== undefined) return found
  }
  return undefined
}
