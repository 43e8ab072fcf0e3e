import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Specs from "../../support/specs.ts"
import { filled, network, signedIn } from "./fdm.ts"

type World = Effect.Effect.Success<typeof filled>

/** A path, what may be kept there, and what is refused. */
type Case = readonly [
  path: string,
  fits: (world: World) => object,
  refused: (world: World) => ReadonlyArray<object>
]

const rules = "/policy/accesspolicies/default/accessrules"

const cases: Readonly<Record<string, Case>> = {
  // The schema says text, its example is a number, and Cisco's sample has a space in the name.
  udpportobject: ["/object/udpports", () => ({ port: 5432 }), () => [{}, { port: "0" }, { port: [] }]],
  portobjectgroup: [
    "/object/portgroups",
    ({ udp }) => ({ objects: [udp] }),
    ({ host }) => [{ objects: [host] }, { objects: "none" }]
  ],
  urlobject: ["/object/urls", () => ({ url: "https://a.example" }), () => [{}, { url: " " }]],
  urlobjectgroup: ["/object/urlgroups", ({ url }) => ({ objects: [url] }), ({ udp }) => [{ objects: [udp] }]],
  securityzone: [
    "/object/securityzones",
    (world) => ({ mode: "ROUTED", interfaces: [world.interface] }),
    ({ host }) => [{}, { mode: "ROUTED", interfaces: [host] }]
  ],
  subinterface: [
    "/devices/default/interfaces/default/subinterfaces",
    () => ({ subIntfId: 7, vlanId: 7, mtu: 1500, enabled: true, monitorInterface: false }),
    () => [{ subIntfId: 7 }, { subIntfId: 0, mtu: 1500, enabled: true, monitorInterface: false }]
  ],
  staticrouteentry: [
    "/devices/default/routing/default/staticrouteentries",
    (world) => ({ iface: world.interface, networks: [world.net], gateway: world.host, ipType: "IPv4" }),
    (world) => [
      { iface: world.interface, networks: [world.net], ipType: "IPv4" },
      { iface: world.host, networks: [world.net], gateway: world.host, ipType: "IPv4" }
    ]
  ],
  accessrule: [
    rules,
    ({ host, udp, zone }) => ({
      sourceZones: [zone],
      destinationNetworks: [host],
      destinationPorts: [udp],
      ruleAction: "DENY"
    }),
    ({ host }) => [{ ruleAction: "BLOCK" }, { sourceZones: [host] }]
  ]
}

it.scoped.each(Object.entries(cases))(
  "%s: it is created, listed, read, changed and deleted, and refused with 422 where it does not fit",
  ([type, [path, fits, refused]]) =>
    Effect.gen(function* () {
      const world = yield* filled
      const { send } = world
      const name = type === "udpportobject" ? "PostgreSQL port" : "own"
      const created = yield* send("POST", path, { name, type, ...fits(world) })
      expect(created).toMatchObject({ status: 200, json: { name, type } })
      const at = `${path}/${created.json.id}`
      expect((yield* send("GET", at)).json).toEqual(created.json)
      expect(created.json.links.self).toContain(path.replaceAll("/default/", "/").split("/").at(-1))
      const listed = yield* send("GET", `${path}?limit=0&filter=${encodeURIComponent(`name:${name}`)}`)
      expect(listed.json.items).toEqual([created.json])
      expect((yield* send("POST", path, { name, type, ...fits(world) })).status).toBe(422)
      const changed = yield* send("PUT", at, { ...created.json, name: "renamed" })
      expect(changed).toMatchObject({ status: 200, json: { id: created.json.id, name: "renamed" } })
      expect(changed.json.version).not.toBe(created.json.version)
      expect((yield* send("PUT", at, created.json)).status).toBe(422)
      for (const fields of refused(world)) {
        const answer = yield* send("POST", path, { name: "other", type, ...fields })
        expect({ fields, status: answer.status }).toEqual({ fields, status: 422 })
      }
      expect((yield* send("DELETE", at)).status).toBe(204)
      expect((yield* send("GET", at)).status).toBe(404)
    })
)

it.scoped("interfaces are named and changed, never made or deleted, and one out of use has no name", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const { items } = (yield* send("GET", "/devices/default/interfaces")).json
    expect(items).toMatchObject([
      { name: "outside", hardwareName: "GigabitEthernet0/0", type: "physicalinterface" },
      { name: "inside" },
      { name: null, enabled: false }
    ])
    const path = `/devices/default/interfaces/${items[2].id}`
    const named = yield* send("PUT", path, { ...items[2], name: "dmz", enabled: true })
    expect(named).toMatchObject({ status: 200, json: { name: "dmz", enabled: true } })
    expect((yield* send("POST", "/devices/default/interfaces", {})).status).toBe(405)
    expect((yield* send("DELETE", path)).status).toBe(405)
    expect((yield* send("GET", "/devices/default/interfaces/none/subinterfaces")).status).toBe(404)
  })
)

it.scoped("rules stand in an order, and `at` puts a new one where it is wanted", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const make = (name: string, at = "") => send("POST", `${rules}${at}`, { name, type: "accessrule" })
    yield* make("first")
    yield* make("last")
    yield* make("middle", "?at=1")
    const { items } = (yield* send("GET", rules)).json
    expect(items.map(({ name }: { name: string }) => name)).toEqual(["first", "middle", "last"])
    expect(new Set(items.map(({ ruleId }: { ruleId: number }) => ruleId)).size).toBe(3)
    const [policy] = (yield* send("GET", "/policy/accesspolicies")).json.items
    expect(policy).toMatchObject({ name: "NGFW-Access-Policy", type: "accesspolicy" })
    const own = yield* send("GET", `/policy/accesspolicies/${policy.id}/accessrules`)
    expect(own.json.items.map(({ id }: { id: string }) => id)).toEqual(
      items.map(({ id }: { id: string }) => id)
    )
    const open = { ...policy, defaultAction: { action: "PERMIT", type: "accessdefaultaction" } }
    expect((yield* send("PUT", "/policy/accesspolicies/default", open)).json).toMatchObject({
      id: policy.id,
      defaultAction: { action: "PERMIT" }
    })
  })
)

it.scoped("what a rule or a route refers to cannot be deleted, and is shown by its name of now", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const host = (yield* send("POST", "/object/networks", network("h", "192.0.2.1", "HOST"))).json
    const rule = (yield* send("POST", rules, { name: "r", type: "accessrule", sourceNetworks: [host] })).json
    expect((yield* send("DELETE", `/object/networks/${host.id}`)).status).toBe(422)
    yield* send("PUT", `/object/networks/${host.id}`, { ...host, name: "renamed" })
    expect((yield* send("GET", `${rules}/${rule.id}`)).json.sourceNetworks).toMatchObject([
      { name: "renamed" }
    ])
  })
)

// The document of a real device lies beside the project, not in it.
describe.skipIf(!Specs.areThere)("beside Cisco's own document (skipped without ../shared/specs)", () => {
  it.scoped("the description has no operation, parameter or field that the document does not have", () =>
    Effect.gen(function* () {
      const { client, headers } = yield* filled
      const document: Specs.Swagger = (yield* client.send("GET", "/apispec/ngfw.json", { headers })).json
      const real = Specs.fdm()
      const named = (operation: Specs.Operation | undefined) =>
        (operation?.parameters ?? []).map((one) => `${one.in} ${one.name}${one.required ? "!" : ""}`)
      for (const [path, item] of Object.entries(document.paths)) {
        for (const [verb, { operationId, parameters = [] }] of Object.entries(item)) {
          const there = real.paths[path]?.[verb]
          // The document knows `at` for what stands in an order, and leaves out what a form requires.
          const known = [...named(there), "formData fileToUpload!"]
          const unknown = named({ operationId, parameters }).filter((one) => !known.includes(one))
          expect({ path, verb, id: operationId, unknown }).toEqual({
            path,
            verb,
            id: there?.operationId,
            unknown: []
          })
        }
      }
      // Of these, real devices send more than their document says.
      const others = ["ErrorMessage", "BaseEntityDiff", "DeploymentStatus", "FileUploadStatus"]
      const models = Object.entries(document.definitions).filter(([name]) => !others.includes(name))
      const differences = models.flatMap(([name, own]) => {
        const there = real.definitions[name]
        const unknown = Object.keys(own.properties ?? {}).filter(
          (field) => !(field in (there?.properties ?? {}))
        )
        const missing = (there?.required ?? []).filter((field) => !own.required?.includes(field))
        return unknown.length + missing.length > 0 ? [{ name, unknown, missing }] : []
      })
      expect(differences).toEqual([])
    })
  )
})
