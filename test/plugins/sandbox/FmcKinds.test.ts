import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { signedIn } from "./signedIn.ts"

/** A client, and what the bodies below refer to. */
const prepared = Effect.gen(function* () {
  const signed = yield* signedIn({ objects: 1 })
  const { send } = signed
  const first = (path: string) => Effect.map(send("GET", path), ({ json }) => json.items[0])
  const made = (path: string, body: object) => Effect.map(send("POST", path, body), ({ json }) => json)
  const device = yield* first("/devices/devicerecords")
  const nat = yield* made("/policy/ftdnatpolicies", { name: "nat", type: "FTDNatPolicy" })
  return {
    ...signed,
    made,
    device,
    nat,
    host: yield* first("/object/hosts"),
    port: yield* first("/object/protocolportobjects"),
    url: yield* made("/object/urls", { name: "site", url: "https://site.example" }),
    interface: yield* first(`/devices/devicerecords/${device.id}/physicalinterfaces`)
  }
})

type World = Effect.Effect.Success<typeof prepared>

/** A path, what may be kept there, and what is refused. */
type Case = readonly [
  path: (world: World) => string,
  fits: (world: World) => object,
  refused: (world: World) => ReadonlyArray<object>
]

const at = (path: string) => () => path

const cases: Readonly<Record<string, Case>> = {
  FQDN: [
    at("/object/fqdns"),
    () => ({ value: "www.example.com", dnsResolution: "IPV4_ONLY" }),
    () => [
      { value: "www.example.com" },
      { value: "no name", dnsResolution: "IPV4_ONLY" },
      { dnsResolution: "ANY" }
    ]
  ],
  Url: [at("/object/urls"), () => ({ url: "https://www.example.com" }), () => [{}, { url: "" }, { url: 7 }]],
  UrlGroup: [
    at("/object/urlgroups"),
    ({ url }) => ({ objects: [{ id: url.id, type: "url" }], literals: [{ type: "Url", url: "a.example" }] }),
    ({ host }) => [{ objects: [{ id: host.id }] }, { literals: [{ type: "Url" }] }]
  ],
  ICMPV4Object: [
    at("/object/icmpv4objects"),
    () => ({ icmpType: "3", code: 0 }),
    () => [{}, { icmpType: "256" }, { icmpType: "3", code: 256 }]
  ],
  PortObjectGroup: [
    at("/object/portobjectgroups"),
    ({ port }) => ({ objects: [{ id: port.id, type: "protocolportobject" }] }),
    ({ host }) => [{}, { objects: [{ id: host.id }] }]
  ],
  VlanTag: [
    at("/object/vlantags"),
    () => ({ data: { startTag: 12, endTag: 15 } }),
    () => [{}, { data: { startTag: 15, endTag: 12 } }, { data: { startTag: 0, endTag: 4095 } }]
  ],
  SecurityZone: [
    at("/object/securityzones"),
    (world) => ({ interfaceMode: "ROUTED", interfaces: [world.interface] }),
    ({ host }) => [{}, { interfaceMode: "BENT" }, { interfaceMode: "ROUTED", interfaces: [host] }]
  ],
  InterfaceGroup: [
    at("/object/interfacegroups"),
    () => ({ interfaceMode: "PASSIVE" }),
    () => [{ interfaceMode: "ASA" }]
  ],
  DynamicObject: [
    at("/object/dynamicobjects"),
    () => ({ objectType: "IP" }),
    () => [{}, { objectType: "MAC" }]
  ],
  FTDNatPolicy: [at("/policy/ftdnatpolicies"), () => ({ description: "own" }), () => [{ name: "" }]],
  FTDAutoNatRule: [
    ({ nat }) => `/policy/ftdnatpolicies/${nat.id}/autonatrules`,
    ({ host }) => ({ natType: "STATIC", originalNetwork: host, translatedNetwork: host }),
    ({ host, port }) => [
      { natType: "STATIC", originalNetwork: host },
      { natType: "STATIC", originalNetwork: port, translatedNetwork: host },
      { originalNetwork: host, translatedNetwork: host }
    ]
  ],
  FTDManualNatRule: [
    ({ nat }) => `/policy/ftdnatpolicies/${nat.id}/manualnatrules?section=after_auto`,
    ({ host, port }) => ({ natType: "DYNAMIC", originalSource: host, originalSourcePort: port }),
    () => [{ natType: "DYNAMIC" }]
  ],
  PrefilterPolicy: [
    at("/policy/prefilterpolicies"),
    () => ({ defaultAction: { action: "BLOCK_TUNNELS" } }),
    () => [{ defaultAction: { action: "BLOCK" } }]
  ],
  IntrusionPolicy: [
    at("/policy/intrusionpolicies"),
    () => ({ inspectionMode: "DETECTION" }),
    () => [{ inspectionMode: "NONE" }, { basePolicy: { id: "nothing" } }]
  ],
  FTDS2SVpn: [
    at("/policy/ftds2svpns"),
    () => ({ topologyType: "HUB_AND_SPOKE" }),
    () => [{ routeBased: "no" }]
  ],
  IPv4StaticRoute: [
    ({ device }) => `/devices/devicerecords/${device.id}/routing/ipv4staticroutes`,
    ({ host }) => ({
      interfaceName: "inside",
      selectedNetworks: [{ id: host.id, type: "host" }],
      gateway: { literal: { type: "host", value: "10.0.0.254" } },
      metricValue: 1
    }),
    ({ host }) => [
      { interfaceName: "inside", selectedNetworks: [host], gateway: {}, metricValue: 255 },
      { interfaceName: "inside", selectedNetworks: [{ id: "nothing" }], gateway: {}, metricValue: 1 }
    ]
  ],
  DeviceGroup: [
    at("/devicegroups/devicegrouprecords"),
    ({ device }) => ({ members: [device] }),
    ({ host }) => [{ members: [host] }]
  ]
}

const nameless = ["FTDAutoNatRule", "FTDManualNatRule", "IPv4StaticRoute"]

it.scoped.each(Object.entries(cases))(
  "%s: it is created, listed, read, changed and deleted, and refused with 400 where it does not fit",
  ([type, [pathOf, fits, refused]]) =>
    Effect.gen(function* () {
      const world = yield* prepared
      const { send } = world
      const path = pathOf(world)
      const [place = ""] = path.split("?")
      const named = nameless.includes(type) ? {} : { name: "own" }
      // Whatever the case of its type (Cisco's own samples send it so).
      const body = { ...named, type: type.toLowerCase(), ...fits(world) }
      const created = yield* send("POST", path, body)
      expect(created).toMatchObject({ status: 201, json: { ...named, type } })
      const { id } = created.json
      expect((yield* send("GET", `${place}/${id}`)).json).toEqual(created.json)
      const listed = yield* send("GET", `${place}?expanded=True&limit=1000`)
      expect(listed.json.items).toContainEqual(created.json)
      const changed = yield* send("PUT", `${place}/${id}`, { ...created.json, description: "changed" })
      expect(changed).toMatchObject({ status: 200, json: { id, description: "changed" } })
      for (const fields of refused(world)) {
        const answer = yield* send("POST", path, { name: "other", type, ...fields })
        expect({ fields, status: answer.status }).toEqual({ fields, status: 400 })
      }
      expect((yield* send("POST", path, { ...body, type: "Unheard" })).status).toBe(400)
      expect((yield* send("DELETE", `${place}/${id}`)).status).toBe(200)
      expect((yield* send("GET", `${place}/${id}`)).status).toBe(404)
    })
)

it.scoped("True and TRUE are true, and bulk is refused where the document knows none", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ objects: 0 })
    const hosts = [
      { name: "a", value: "192.0.2.1" },
      { name: "b", value: "192.0.2.2" }
    ]
    expect((yield* send("POST", "/object/hosts?bulk=True", hosts)).json.items).toHaveLength(2)
    expect((yield* send("GET", "/object/hosts?expanded=TRUE")).json.items[0].value).toBe("192.0.2.1")
    expect((yield* send("GET", "/object/hosts?expanded=no")).json.items[0]).not.toHaveProperty("value")
    expect((yield* send("POST", "/policy/ftdnatpolicies?bulk=true", [{ name: "n" }])).status).toBe(405)
  })
)

it.scoped(
  "a type is that of the kind or of its model, whatever its case, in objects, members and literals",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn({ objects: 0 })
      for (const [at, type] of ["network", "NetworkObject", "networkobject"].entries()) {
        const made = yield* send("POST", "/object/networks", {
          name: `n${at}`,
          value: `10.${at}.0.0/16`,
          type
        })
        expect(made).toMatchObject({ status: 201, json: { type: "Network" } })
        const group = {
          name: `g${at}`,
          type: "networkgroup",
          objects: [{ id: made.json.id, type }],
          literals: [
            { type: "host", value: "10.9.9.9" },
            { type: "NETWORK", value: "10.8.0.0/16" }
          ]
        }
        expect((yield* send("POST", "/object/networkgroups", group)).json).toMatchObject({
          type: "NetworkGroup",
          objects: [{ type: "Network" }],
          literals: [{ type: "Host" }, { type: "Network" }]
        })
      }
    })
)

it.scoped("networkaddresses and ports list what several kinds hold, each with its own type and links", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ objects: 1 })
    yield* send("POST", "/object/fqdns", { name: "f", value: "a.example", dnsResolution: "IPV6_ONLY" })
    yield* send("POST", "/object/networkgroups", {
      name: "g",
      literals: [{ type: "Host", value: "10.0.0.1" }]
    })
    yield* send("POST", "/object/ranges", { name: "r", value: "10.0.0.1-10.0.0.2" })
    yield* send("POST", "/object/icmpv4objects", { name: "ping", icmpType: "8" })
    const typesAt = (path: string) =>
      Effect.map(send("GET", path), ({ json }) => [
        ...new Set(json.items.map((item: { type: string }) => item.type))
      ])
    expect(yield* typesAt("/object/networkaddresses")).toEqual([
      "Host",
      "Network",
      "Range",
      "FQDN",
      "NetworkGroup"
    ])
    expect(yield* typesAt("/object/ports")).toEqual(["ProtocolPortObject", "ICMPV4Object"])
    const found = yield* send("GET", "/object/networkaddresses?expanded=True&filter=nameOrValue:host-001")
    expect(found.json.items).toMatchObject([{ name: "host-001", value: "10.0.0.10", type: "Host" }])
    expect(found.json.items[0].links.self).toContain("/object/hosts/")
    expect((yield* send("POST", "/object/networkaddresses", {})).status).toBe(405)
  })
)

it.scoped("accesspolicies and dynamicobjects are found by their whole name", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    for (const name of ["Policy", "Policy 2"]) {
      yield* send("POST", "/policy/accesspolicies", { name, defaultAction: { action: "BLOCK" } })
      yield* send("POST", "/object/dynamicobjects", { name, objectType: "IP" })
    }
    for (const path of ["/policy/accesspolicies", "/object/dynamicobjects"]) {
      expect((yield* send("GET", `${path}?name=Policy`)).json.items).toMatchObject([{ name: "Policy" }])
      expect((yield* send("GET", `${path}?name=Pol`)).json).not.toHaveProperty("items")
    }
  })
)

it.scoped(
  "a dynamic object is read, changed and deleted by its name in place of its id, and no other is",
  () =>
    Effect.gen(function* () {
      // "Identifier or name of Dynamic Object" (FMC OpenAPI, getDynamicObject, updateDynamicObject, deleteDynamicObject).
      const { send } = yield* signedIn()
      const path = "/object/dynamicobjects/Our%20cloud"
      const made = yield* send("POST", "/object/dynamicobjects", { name: "Our cloud", objectType: "IP" })
      expect((yield* send("GET", path)).json).toEqual(made.json)
      const changed = yield* send("PUT", path, { ...made.json, description: "ours" })
      expect(changed).toMatchObject({ status: 200, json: { id: made.json.id, description: "ours" } })
      expect((yield* send("DELETE", path)).status).toBe(200)
      expect((yield* send("GET", path)).status).toBe(404)
      expect((yield* send("GET", "/object/hosts/host-001")).status).toBe(404)
      expect((yield* send("GET", "/object/dynamicobjects/%E0%A4%A/mappings")).status).toBe(404)
    })
)

it.scoped("addresses are mapped to a dynamic object and taken off it, without a deployment", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const made = yield* send("POST", "/object/dynamicobjects", { name: "Marketing", objectType: "IP" })
    const deployable = yield* send("GET", "/deployment/deployabledevices")
    const path = `/object/dynamicobjects/${made.json.id}/mappings`
    const put = (action: string, mappings?: ReadonlyArray<unknown>) =>
      send("PUT", `${path}?action=${action}`, { mappings, type: "DynamicObjectMappings", id: made.json.id })
    const mapped = Effect.map(send("GET", path), ({ json }) => json.items)
    expect(yield* put("add", ["1.1.1.2", "1.2.3.0/24"])).toMatchObject({
      status: 200,
      json: { mappings: ["1.1.1.2", "1.2.3.0/24"], type: "DynamicObjectMappings" }
    })
    yield* put("add", ["1.1.1.2", "1.1.1.3"])
    expect(yield* mapped).toEqual([{ mapping: "1.1.1.2" }, { mapping: "1.2.3.0/24" }, { mapping: "1.1.1.3" }])
    yield* put("remove", ["1.1.1.2"])
    expect(yield* mapped).toHaveLength(2)
    expect((yield* send("GET", "/object/dynamicobjects/Marketing/mappings")).json.items).toHaveLength(2)
    expect((yield* put("add", ["nothing"])).status).toBe(400)
    expect((yield* put("replace", [])).status).toBe(400)
    yield* put("remove_all")
    expect(yield* mapped).toBe(undefined)
    expect((yield* send("GET", "/deployment/deployabledevices")).json).toEqual(deployable.json)
  })
)

it.scoped("a device tells of its access policy, its interfaces and what is assigned to it", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const [device] = (yield* send("GET", "/devices/devicerecords?expanded=true")).json.items
    expect(device.accessPolicy).toMatchObject({ name: "Base", type: "AccessPolicy" })
    expect((yield* send("GET", `/policy/accesspolicies/${device.accessPolicy.id}`)).json.name).toBe("Base")
    const other = yield* send("POST", "/policy/accesspolicies", {
      name: "O",
      defaultAction: { action: "BLOCK" }
    })
    const assignment = { type: "PolicyAssignment", policy: other.json, targets: [device] }
    const made = yield* send("POST", "/assignment/policyassignments", assignment)
    expect(made).toMatchObject({ status: 201, json: { id: other.json.id, name: "O" } })
    expect((yield* send("POST", "/assignment/policyassignments", assignment)).status).toBe(400)
    const path = `/assignment/policyassignments/${other.json.id}`
    expect((yield* send("PUT", path, { ...made.json, targets: [] })).json.targets).toEqual([])
    expect((yield* send("PUT", path, made.json)).json).toMatchObject({ targets: [{ name: "ftd-1" }] })
    const now = yield* send("GET", `/devices/devicerecords/${device.id}`)
    expect(now.json.accessPolicy).toEqual({ name: "O", type: "AccessPolicy", id: other.json.id })
    const interfaces = `/devices/devicerecords/${device.id}/physicalinterfaces`
    const [eth] = (yield* send("GET", `${interfaces}?expanded=true`)).json.items
    expect(eth).toMatchObject({ name: "GigabitEthernet0/0", type: "PhysicalInterface", MTU: 1500 })
    const named = yield* send("PUT", `${interfaces}/${eth.id}`, { ...eth, ifname: "outside", enabled: true })
    expect(named).toMatchObject({ status: 200, json: { ifname: "outside", enabled: true } })
    expect((yield* send("DELETE", `${interfaces}/${eth.id}`)).status).toBe(405)
    expect((yield* send("GET", "/devices/devicerecords/nothing/physicalinterfaces")).status).toBe(404)
  })
)

it.scoped("hit counts of a policy are those of one device, which the filter has to name", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ rules: 3 })
    const [policy] = (yield* send("GET", "/policy/accesspolicies")).json.items
    const [device] = (yield* send("GET", "/devices/devicerecords")).json.items
    const path = `/policy/accesspolicies/${policy.id}/operational/hitcounts`
    const filter = (more = "") =>
      `?filter=${encodeURIComponent(`"deviceId:${device.id}${more}"`)}&expanded=True`
    const all = yield* send("GET", `${path}${filter()}`)
    expect(all.json.items).toMatchObject([
      { rule: { name: "rule-001" }, hitCount: expect.any(Number) },
      {},
      {}
    ])
    const one = filter(`;ids:${all.json.items[1].rule.id}`)
    expect((yield* send("GET", `${path}${one}`)).json.items).toEqual([all.json.items[1]])
    expect((yield* send("PUT", `${path}${filter()}`)).status).toBe(200)
    expect((yield* send("DELETE", `${path}${one}`)).status).toBe(200)
    expect((yield* send("GET", `${path}${filter(";fetchZeroHitCount:true")}`)).json.items).toMatchObject([
      { rule: { name: "rule-002" }, hitCount: 0 }
    ])
    expect((yield* send("GET", path)).status).toBe(400)
  })
)

it.scoped(
  "a kind of which no more is known than its list keeps what it is sent, and one to be read is not written",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn()
      const range = { name: "night", type: "TimeRange", effectiveStartDateTime: "2026-12-01T22:00" }
      const { json, status } = yield* send("POST", "/object/timeranges?bulk=true", [range])
      expect([status, json.items]).toEqual([201, [expect.objectContaining(range)]])
      const [{ id }] = json.items
      expect((yield* send("GET", "/object/timeranges?expanded=true")).json.items).toMatchObject([range])
      const changed = { ...range, id, effectiveEndDateTime: "2026-12-02T06:00" }
      expect((yield* send("PUT", `/object/timeranges/${id}`, changed)).json).toMatchObject(changed)
      expect((yield* send("POST", "/object/timeranges", range)).status).toBe(400)
      expect((yield* send("DELETE", `/object/timeranges/${id}`)).status).toBe(200)
      expect((yield* send("GET", `/object/timeranges/${id}`)).status).toBe(404)

      const { items } = (yield* send("GET", "/object/applications?limit=1000")).json
      expect(items.map(({ name }: { readonly name: string }) => name)).toContain("HTTPS")
      expect((yield* send("GET", `/object/applications/${items[0].id}`)).json).toMatchObject(items[0])
      expect((yield* send("POST", "/object/applications", { name: "mine" })).status).toBe(405)
      expect((yield* send("GET", "/object/certenrollments")).json).toMatchObject({ paging: { count: 0 } })
      expect((yield* send("GET", "/object/realms?filter=nameOrValue:x")).status).toBe(200)
      expect((yield* send("GET", "/object/keychains?filter=nameOrValue:x")).status).toBe(400)
      const [device] = (yield* send("GET", "/devices/devicerecords")).json.items
      expect((yield* send("GET", `/devices/devicerecords/${device.id}/subinterfaces`)).status).toBe(200)
      expect((yield* send("GET", "/devices/devicerecords/none/subinterfaces")).status).toBe(404)
    })
)
