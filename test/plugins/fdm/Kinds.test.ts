// The kinds that an FDM has by name, over real sockets: their types and fields are those of Cisco's document.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { opened } from "./opened.ts"

it.scopedLive("ports, URLs, zones and their groups are made as wanted, and left alone the second time", () =>
  Effect.gen(function* () {
    const { fdm, writes } = yield* opened({ objects: 1 })
    const [eth] = [...(yield* Stream.runCollect(fdm.interfaces.list()))]
    const wanted = Effect.gen(function* () {
      const port = yield* fdm.udpPorts.upsert({ name: "a log", port: "5514" })
      const url = yield* fdm.urls.upsert({ name: "site", url: "https://site.example" })
      return [
        port,
        yield* fdm.portGroups.upsert({ name: "logs", objects: [{ id: port.item.id, type: port.item.type }] }),
        url,
        yield* fdm.urlGroups.upsert({ name: "sites", objects: [{ id: url.item.id, type: url.item.type }] }),
        yield* fdm.zones.upsert({
          name: "dmz",
          mode: "ROUTED",
          interfaces: [{ id: eth?.id ?? "", type: "physicalinterface" }]
        })
      ]
    })
    const first = yield* wanted
    expect(first.map(({ change }) => change)).toEqual(first.map(() => "created"))
    expect(first.map(({ item }) => item.type)).toEqual([
      "udpportobject",
      "portobjectgroup",
      "urlobject",
      "urlobjectgroup",
      "securityzone"
    ])
    expect((yield* wanted).map(({ change }) => change)).toEqual(first.map(() => "unchanged"))
    expect(writes()).toHaveLength(5)
  })
)

it.scopedLive("interfaces are read, one without a name too, and updated as a whole", () =>
  Effect.gen(function* () {
    const { fdm } = yield* opened()
    const all = [...(yield* Stream.runCollect(fdm.interfaces.list()))]
    expect(all.map(({ name }) => name)).toEqual(["outside", "inside", ""])
    const changed = yield* fdm.interfaces.upsert({ name: "inside", mtu: 9000 })
    expect(changed).toMatchObject({
      change: "updated",
      item: { mtu: 9000, hardwareName: "GigabitEthernet0/1", enabled: true }
    })
    const [, , unused] = all
    const named = yield* fdm.interfaces.update({
      ...unused,
      id: unused?.id ?? "",
      name: "dmz",
      type: "physicalinterface"
    })
    expect(named).toMatchObject({ name: "dmz" })
    expect(Option.isSome(yield* fdm.interfaces.find("dmz"))).toBe(true)
  })
)

it.scopedLive("rules of the access policy and static routes go through objects(path)", () =>
  Effect.gen(function* () {
    const { fdm, writes } = yield* opened({ objects: 1 })
    const host = yield* fdm.networks.create({ name: "gateway", subType: "HOST", value: "192.0.2.1" })
    const net = Option.getOrThrow(yield* fdm.networks.find("net-001"))
    const eth = Option.getOrThrow(yield* fdm.interfaces.find("outside"))
    const reference = ({ id, type }: { readonly id: string; readonly type: string }) => ({ id, type })
    const both = Effect.all([
      fdm.objects("/policy/accesspolicies/default/accessrules").upsert({
        name: "to the net",
        type: "accessrule",
        ruleAction: "PERMIT",
        destinationNetworks: [reference(net)]
      }),
      fdm.objects("/devices/default/routing/default/staticrouteentries").upsert(
        {
          type: "staticrouteentry",
          iface: reference(eth),
          networks: [reference(net)],
          gateway: reference(host),
          ipType: "IPv4"
        },
        { key: ({ networks }) => networks }
      )
    ])
    expect((yield* both).map(({ change }) => change)).toEqual(["created", "created"])
    expect((yield* both).map(({ change }) => change)).toEqual(["unchanged", "unchanged"])
    expect(writes()).toHaveLength(3)
  })
)
