// The kinds that a domain has by name, over real sockets: their types and fields are those of Cisco's document.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { ReadBack } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const open = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ objects: 1 })
  const fmc = yield* Fmc.make(sandbox.fmc)
  const domain = yield* fmc.domain("Global")
  /** The operations of all requests that wrote something. */
  const writes = () =>
    sandbox.ledger.requests
      .filter(({ kind, method }) => kind === "call" && method !== "GET")
      .map(({ operation }) => operation)
  return { sandbox, domain, writes }
})

describe("fqdns, urls, ports, zones and their groups", () => {
  it.scopedLive(
    "are made as they are wanted, left alone the second time, and changed where they differ",
    () =>
      Effect.gen(function* () {
        const { domain, writes } = yield* open
        const device = Option.getOrThrow(
          yield* Stream.runHead(domain.objects("/devices/devicerecords").listBrief())
        )
        const eth = Option.getOrThrow(
          yield* Stream.runHead(
            domain.objects(`/devices/devicerecords/${device.id}/physicalinterfaces`).listBrief()
          )
        )
        const wanted = Effect.gen(function* () {
          const url = yield* domain.urls.upsert({ name: "site", url: "https://site.example" })
          const port = yield* domain.ports.upsert({ name: "db", protocol: "tcp", port: "5432" })
          return [
            yield* domain.fqdns.upsert({ name: "f", value: "www.example.com", dnsResolution: "IPV4_ONLY" }),
            url,
            yield* domain.urlGroups.upsert({
              name: "sites",
              objects: [{ id: url.item.id, type: "Url" }],
              literals: [{ type: "Url", url: "www.example.com" }]
            }),
            port,
            yield* domain.portGroups.upsert({
              name: "dbs",
              objects: [{ id: port.item.id, type: "ProtocolPortObject" }]
            }),
            yield* domain.zones.upsert({
              name: "inside",
              interfaceMode: "ROUTED",
              interfaces: [{ id: eth.id ?? "", type: "PhysicalInterface" }]
            }),
            yield* domain.dynamicObjects.upsert({ name: "cloud", objectType: "IP" })
          ]
        })
        const first = yield* wanted
        expect(first.map(({ change }) => change)).toEqual(first.map(() => "created"))
        expect(first.map(({ item }) => item.type)).toEqual([
          "FQDN",
          "Url",
          "UrlGroup",
          "ProtocolPortObject",
          "PortObjectGroup",
          "SecurityZone",
          "DynamicObject"
        ])
        const before = writes()
        expect(before).toHaveLength(7)
        expect((yield* wanted).map(({ change }) => change)).toEqual(first.map(() => "unchanged"))
        expect(writes()).toEqual(before)
        const changed = yield* domain.ports.upsert({ name: "DB", protocol: "TCP", port: "5432-5433" })
        expect(changed).toMatchObject({ change: "updated", item: { name: "db", port: "5432-5433" } })
        const groups = yield* Stream.runCollect(domain.portGroups.list({ filter: "nameOrValue:dbs" }))
        expect([...groups]).toMatchObject([{ name: "dbs", objects: [{ name: "db" }] }])
        const refused = yield* Effect.flip(
          domain.fqdns.create({ name: "bad", value: "no name", dnsResolution: "IPV4_ONLY" })
        )
        expect(refused).toMatchObject({ _tag: "InvalidInput", field: "value" })
      })
  )

  it.scopedLive("NAT rules and static routes go through objects(path), by a key in place of a name", () =>
    Effect.gen(function* () {
      const { domain, writes } = yield* open
      const host = Option.getOrThrow(yield* domain.hosts.find("host-001"))
      const device = Option.getOrThrow(
        yield* Stream.runHead(domain.objects("/devices/devicerecords").listBrief())
      )
      const policy = yield* domain
        .objects("/policy/ftdnatpolicies")
        .create({ name: "n", type: "FTDNatPolicy" })
      const routes = domain.objects(`/devices/devicerecords/${device.id}/routing/ipv4staticroutes`)
      const rules = domain.objects(`/policy/ftdnatpolicies/${policy.id}/autonatrules`)
      const reference = { id: host.id, type: "Host" }
      const both = Effect.all([
        routes.upsert(
          {
            type: "IPv4StaticRoute",
            interfaceName: "inside",
            selectedNetworks: [reference],
            gateway: { literal: { type: "Host", value: "192.0.2.254" } },
            metricValue: 1
          },
          { key: ({ interfaceName, selectedNetworks }) => ({ interfaceName, selectedNetworks }) }
        ),
        rules.upsert(
          {
            type: "FTDAutoNatRule",
            natType: "STATIC",
            originalNetwork: reference,
            translatedNetwork: reference
          },
          { key: ({ originalNetwork }) => originalNetwork }
        )
      ])
      expect((yield* both).map(({ change }) => change)).toEqual(["created", "created"])
      expect((yield* both).map(({ change }) => change)).toEqual(["unchanged", "unchanged"])
      expect(writes()).toEqual([
        "createFTDNatPolicy",
        "createMultipleIPv4StaticRouteModel",
        "createMultipleFTDAutoNatRule"
      ])
      const [rule] = [...(yield* Stream.runCollect(rules.list()))]
      expect(rule).toMatchObject({ type: "FTDAutoNatRule", metadata: { section: "AUTO" } })
      expect(rule).not.toHaveProperty("name")
    })
  )
})

describe("the mappings of a dynamic object", () => {
  const prepared = Effect.gen(function* () {
    const opened = yield* open
    const { dynamicObjects } = opened.domain
    const { id } = yield* dynamicObjects.create({ name: "cloud", objectType: "IP" })
    const all = Effect.map(Stream.runCollect(dynamicObjects.listMappings(id)), (there) => [...there])
    return { ...opened, dynamicObjects, id, all }
  })

  it.scopedLive("are added and removed a thousand at a time, and listed page by page", () =>
    Effect.gen(function* () {
      const { all, dynamicObjects, id, sandbox, writes } = yield* prepared
      const many = Array.from({ length: 1500 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
      yield* dynamicObjects.addMappings(id, [...many, "198.51.100.0/24", "10.0.0.0"])
      expect(yield* all).toEqual([...many, "198.51.100.0/24"])
      yield* dynamicObjects.removeMappings(id, many)
      expect(yield* all).toEqual(["198.51.100.0/24"])
      expect(writes().slice(1)).toEqual(Array(4).fill("updateDynamicObjectMappings"))
      const actions = sandbox.ledger.requests.flatMap(({ path }) => /action=(\w+)/.exec(path)?.[1] ?? [])
      expect(actions).toEqual(["add", "add", "remove", "remove"])
    })
  )

  it.scopedLive("that are no addresses, and an id that is none, are refused before anything is sent", () =>
    Effect.gen(function* () {
      const { dynamicObjects, id, sandbox } = yield* prepared
      const before = sandbox.ledger.requests.length
      for (const [given, mapping] of [
        [id, "not an address"],
        [id, "10.0.0.1-10.0.0.9"],
        ["", "10.0.0.1"],
        ["..", "10.0.0.1"]
      ] as const) {
        const error = yield* Effect.flip(dynamicObjects.addMappings(given, ["10.0.0.1", mapping]))
        expect(error._tag).toBe("InvalidInput")
      }
      expect(sandbox.ledger.requests).toHaveLength(before)
    })
  )

  it.scopedLive("whose answer is lost are looked for, and never sent twice", () =>
    Effect.gen(function* () {
      const { all, dynamicObjects, id, sandbox, writes } = yield* prepared
      const quick = Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1))
      yield* sandbox.fail({ method: "PUT", path: /mappings/, how: Sandbox.Fault.loseAnswer })
      yield* quick(dynamicObjects.addMappings(id, ["10.0.0.1"]))
      expect(yield* all).toEqual(["10.0.0.1"])
      expect(writes()).toHaveLength(2)
      yield* sandbox.fail({ method: "PUT", path: /mappings/, how: Sandbox.Fault.reset })
      const error = yield* Effect.flip(quick(dynamicObjects.addMappings(id, ["10.0.0.2"])))
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Absent" })
    })
  )

  it.scopedLive("that the device answers as done and does not keep are NotKept", () =>
    Effect.gen(function* () {
      const { dynamicObjects, id, sandbox } = yield* prepared
      yield* sandbox.fail({
        method: "PUT",
        path: /mappings/,
        how: Sandbox.Fault.status(200, { body: { id, type: "DynamicObjectMappings" } })
      })
      const error = yield* Effect.flip(dynamicObjects.addMappings(id, ["10.0.0.1"]))
      expect(error).toMatchObject({ _tag: "NotKept", id, fields: ["mappings"] })
    })
  )

  it.scopedLive("have a promise form", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ objects: 0 })
      const there = yield* Effect.promise(() =>
        Fmc.use(sandbox.fmc, async (fmc) => {
          const { dynamicObjects } = await fmc.domain("Global")
          const { id } = await dynamicObjects.create({ name: "cloud", objectType: "IP" })
          await dynamicObjects.addMappings(id, ["10.0.0.1", "10.0.0.2"])
          await dynamicObjects.removeMappings(id, ["10.0.0.1"])
          const all: Array<string> = []
          for await (const mapping of dynamicObjects.listMappings(id)) all.push(mapping)
          return all
        })
      )
      expect(there).toEqual(["10.0.0.2"])
    })
  )
})
