// Devices that write what they are sent in a spelling of their own: what a second run does on them, and what it leaves
// alone. On an FMC and an FDM alike, over real sockets.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Keeping from "../support/keepingDevice.ts"

type Fields = Readonly<Record<string, unknown>>

describe("a device that normalises what it is sent", () => {
  const kinds: ReadonlyArray<readonly [what: string, path: string, wanted: Fields, kept: Fields]> = [
    ["a host with its full length", "/object/hosts", { value: "10.0.0.1/32" }, { value: "10.0.0.1" }],
    ["a host without its length", "/object/hosts", { value: "10.0.0.1" }, { value: "10.0.0.1/32" }],
    ["a network with a mask", "/object/networks", { value: "10.0.0.0/255.0.0.0" }, { value: "10.0.0.0/8" }],
    ["IPv6 in capitals", "/object/hosts", { value: "2001:DB8:0:0::1" }, { value: "2001:db8::1" }],
    [
      "a range with spaces",
      "/object/ranges",
      { value: "10.0.0.1 - 10.0.0.9" },
      { value: "10.0.0.1-10.0.0.9" }
    ],
    [
      "a name of DNS with its dot",
      "/object/fqdns",
      { type: "FQDN", value: "WWW.Example.com." },
      { value: "www.example.com" }
    ],
    ["a name with a space", "/object/hosts", { name: "web ", value: "10.0.0.1" }, { name: "web" }],
    [
      "a port as number",
      "/object/protocolportobjects",
      { protocol: "tcp", port: 443 },
      { protocol: "TCP", port: "443" }
    ],
    ["a switch as text", "/object/hosts", { value: "10.0.0.1", overridable: "true" }, { overridable: true }],
    [
      "literals in another order and spelling",
      "/object/networkgroups",
      {
        literals: [
          { type: "host", value: "2001:DB8::1" },
          { type: "Network", value: "10.0.0.0/255.0.0.0" }
        ]
      },
      {
        literals: [
          { type: "Network", value: "10.0.0.0/8" },
          { type: "Host", value: "2001:db8::1" }
        ]
      }
    ]
  ]

  it.scopedLive.each(kinds)(
    "is written to once for %s, by upsert and by upsertAll",
    ([, path, wanted, kept]) =>
      Effect.gen(function* () {
        const { domain, writes } = yield* Keeping.fmc({
          keeps: (sent) => ({ ...sent, ...kept }),
          items: { [path]: [] }
        })
        const objects = domain.objects(path)
        const one = { name: "web", type: "Host", ...wanted }
        expect((yield* objects.upsert(one)).change).toBe("created")
        expect((yield* objects.upsert(one)).change).toBe("unchanged")
        expect((yield* objects.upsertAll([one]))[0]?.change).toBe("unchanged")
        expect(writes()).toEqual([`POST ${path}`])
      })
  )

  it.scopedLive("is written to once where it is an FDM", () =>
    Effect.gen(function* () {
      const { fdm, writes } = yield* Keeping.fdm({
        keeps: (sent) => ({ ...sent, subType: "IPRANGE", value: "10.0.0.1-10.0.0.9", type: "NetworkObject" }),
        items: { "/object/networks": [] }
      })
      const wanted = { name: "Pool", subType: "RANGE", value: "10.0.0.1 - 10.0.0.9" } as const
      expect((yield* fdm.networks.upsert(wanted)).change).toBe("created")
      expect((yield* fdm.networks.upsert({ ...wanted, name: "POOL " })).change).toBe("unchanged")
      expect((yield* fdm.networks.upsertAll([wanted]))[0]?.change).toBe("unchanged")
      expect(writes()).toEqual(["POST /object/networks"])
    })
  )

  it.scopedLive("has members added that are not there in any spelling, and removed in its own", () =>
    Effect.gen(function* () {
      const group = {
        id: "g",
        name: "block",
        type: "NetworkGroup",
        literals: [{ type: "Host", value: "2001:db8::1" }]
      }
      const { bodies, domain, writes } = yield* Keeping.fmc({
        items: { "/object/networkgroups": [group] },
        keeps: (sent) => ({ ...sent, literals: [] })
      })
      const literals = [{ type: "Host", value: "2001:DB8:0::1/128" }]
      yield* domain.networkGroups.addMembers("g", { literals })
      expect(writes()).toEqual([])
      yield* domain.networkGroups.removeMembers("g", { literals: [...literals, ...literals] })
      expect(bodies().map((body) => body.literals)).toEqual([group.literals])
    })
  )
})

describe("a group of thousands of addresses", () => {
  it.scopedLive("has thousands added and removed without a pause", () =>
    Effect.gen(function* () {
      const literals = (from: number) =>
        Array.from({ length: 2000 }, (_, at) => ({
          type: "Host",
          value: `10.${from}.${at >> 8}.${at & 255}`
        }))
      const group = { id: "g", name: "block", type: "NetworkGroup", literals: literals(0) }
      const { bodies, domain } = yield* Keeping.fmc({
        items: { "/object/networkgroups": [group] },
        keeps: (sent) => ({ ...sent, literals: [...literals(0), ...literals(1)].toReversed() })
      })
      const before = performance.now()
      yield* domain.networkGroups.addMembers("g", { literals: [...literals(1), ...literals(0)] })
      expect(
        (yield* domain.networkGroups.upsert({ name: "block", literals: [...literals(1), ...literals(0)] }))
          .change
      ).toBe("unchanged")
      expect(bodies()[0]?.literals).toHaveLength(2000)
      // A quiet machine takes half a second; comparing each with each would take a minute.
      expect(performance.now() - before).toBeLessThan(20_000)
    })
  )
})

describe("an object whose name is wanted in another spelling", () => {
  const there = { id: "1", name: "host-001", type: "Host", value: "10.0.0.1" }

  it.scopedLive("keeps its name, unless the script says that it is to be renamed", () =>
    Effect.gen(function* () {
      const { domain, there: now, writes } = yield* Keeping.fmc({ items: { "/object/hosts": [there] } })
      const { hosts } = domain
      expect((yield* hosts.upsert({ name: "HOST-001", value: "10.0.0.1" })).change).toBe("unchanged")
      yield* hosts.upsert({ name: "HOST-001", value: "10.0.0.2" })
      yield* hosts.upsertAll([{ name: " HOST-001", value: "10.0.0.3" }])
      expect(now("/object/hosts")).toMatchObject([{ name: "host-001", value: "10.0.0.3" }])
      yield* hosts.upsertAll([{ name: "HOST-001", value: "10.0.0.3" }], { rename: true })
      expect(now("/object/hosts")).toMatchObject([{ name: "HOST-001", value: "10.0.0.3" }])
      expect(writes()).toHaveLength(3)
    })
  )
})

describe("a reference that is exchanged", () => {
  const policies = "/assignment/policyassignments"
  const device = (id: string) => ({
    id,
    type: "Device",
    name: `edge-${id}`,
    links: { self: `https://f/${id}` }
  })
  const there = { id: "1", name: "p", type: "PolicyAssignment", policy: device("1"), targets: [device("1")] }

  it.scopedLive("takes nothing of the old one along, in a field or in a list", () =>
    Effect.gen(function* () {
      const { bodies, domain } = yield* Keeping.fmc({ items: { [policies]: [there] } })
      const other = { id: "2", type: "Device" }
      yield* domain.objects(policies).upsert({ name: "p", policy: other, targets: [other] })
      expect(bodies()[0]).toMatchObject({ policy: other, targets: [other] })
      expect(JSON.stringify(bodies())).not.toContain("edge-1")
    })
  )

  it.scopedLive("by its name alone takes no id of the old one along", () =>
    Effect.gen(function* () {
      const { bodies, domain } = yield* Keeping.fmc({ items: { [policies]: [there] } })
      yield* domain.objects(policies).upsert({ name: "p", policy: { name: "edge-2", type: "Device" } })
      expect(bodies()[0]?.policy).toEqual({ name: "edge-2", type: "Device" })
    })
  )

  it.scopedLive("for a literal leaves no reference beside it", () =>
    Effect.gen(function* () {
      const path = "/devices/devicerecords/d/routing/ipv4staticroutes"
      const route = { id: "1", name: "r", gateway: { object: { id: "9", type: "Host", name: "gw" } } }
      const { bodies, domain } = yield* Keeping.fmc({ items: { [path]: [route] } })
      const gateway = { literal: { type: "Host", value: "10.0.0.1" } }
      yield* domain.objects(path).upsert({ name: "r", gateway })
      expect(bodies()[0]?.gateway).toEqual(gateway)
    })
  )

  it.scopedLive.each([
    [
      "an address of DHCP for a static one",
      { ipv4: { static: { address: "10.0.0.1" } } },
      { ipv4: { dhcp: { enableDefaultRouteDHCP: true } } }
    ],
    [
      "a value of another type",
      { gateway: { type: "Host", value: "10.0.0.1", description: "of the host" } },
      { gateway: { type: "Network", value: "10.0.0.0/8" } }
    ],
    [
      "a reference for what was none",
      { gateway: { type: "Host", value: "10.0.0.1" } },
      { gateway: { type: "Host", id: "9" } }
    ]
  ] as const)("takes nothing of the old one along: %s", ([, before, wanted]) =>
    Effect.gen(function* () {
      const path = "/devices/devicerecords/d/whatever"
      const { bodies, domain } = yield* Keeping.fmc({
        items: { [path]: [{ id: "1", name: "r", ...before }] }
      })
      yield* domain.objects(path).upsert({ name: "r", ...wanted })
      expect(bodies()[0]).toMatchObject({ name: "r" })
      for (const field of Object.keys(wanted)) expect(bodies()[0]?.[field]).toEqual(Object(wanted)[field])
    })
  )

  it.scopedLive("is no change where it is the same one under an old name", () =>
    Effect.gen(function* () {
      const { domain, writes } = yield* Keeping.fmc({ items: { [policies]: [there] } })
      const wanted = { name: "p", policy: { ...device("1"), name: "old" } }
      expect((yield* domain.objects(policies).upsert(wanted)).change).toBe("unchanged")
      expect(writes()).toEqual([])
    })
  )
})

describe("a name that several have", () => {
  const path = "/policy/accesspolicies/p/categories"
  const twice = [
    { id: "c-1", name: "Web", type: "Category", section: "mandatory" },
    { id: "c-2", name: "web", type: "Category", section: "default" }
  ]

  it.scopedLive("is refused by upsert, which says how many have it and their ids", () =>
    Effect.gen(function* () {
      const { domain, writes } = yield* Keeping.fmc({ items: { [path]: twice } })
      const objects = domain.objects(path)
      const error = yield* Effect.flip(objects.upsert({ name: "WEB", note: "x" }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "name", sent: "no" })
      expect(error.message).toMatch(/^name: 2 in .*"WEB" \(ids c-1, c-2\).*key/)
      const many = yield* Effect.flip(objects.upsertAll([{ name: "WEB", note: "x" }, { name: "new" }]))
      expect(many).toMatchObject({
        items: [{ _tag: "Failed", error: { _tag: "InvalidInput" } }, { _tag: "Done" }]
      })
      expect(writes()).toEqual([`POST ${path}`])
    })
  )

  it.scopedLive("is told apart by a key", () =>
    Effect.gen(function* () {
      const { domain, there } = yield* Keeping.fmc({ items: { [path]: twice } })
      const key = ({ name, section }: Fields) => ({ name, section })
      const wanted = { name: "WEB", section: "default", note: "x" }
      const { upsert, upsertAll } = domain.objects(path)
      expect((yield* upsert(wanted, { key })).item.id).toBe("c-2")
      expect((yield* upsertAll([wanted], { key }))[0]?.change).toBe("unchanged")
      expect(there(path)).toMatchObject([{ section: "mandatory" }, { name: "web", note: "x" }])
      expect(there(path)[0]).not.toHaveProperty("note")
    })
  )
})
