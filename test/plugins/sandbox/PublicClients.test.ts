// What public clients do, as the wire sees it: their spelling, their order, what they read of the answers. Plain HTTPS.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { bearer, fdmToken } from "./client.ts"
import { signedIn as fdmSignedIn } from "./fdm.ts"
import { signedIn } from "./signedIn.ts"

/** An operation of `fmc.json`, as FMCAnsible reads it. */
interface Described {
  readonly operationId: string
  readonly parameters?: ReadonlyArray<{
    readonly $ref?: string
    readonly in?: string
    readonly schema?: { readonly $ref: string }
  }>
  readonly responses: Readonly<Record<string, { readonly schema?: { readonly $ref: string } }>>
}

it.scoped(
  "fmcapi: looks members up in networkaddresses, assigns a policy, and deploys by the time of now",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn({ objects: 3 })
      const version = yield* send("GET", "/api/fmc_platform/v1/info/serverversion")
      expect(version.json.items[0]).toMatchObject({
        serverVersion: expect.any(String),
        vdbVersion: expect.any(String)
      })
      const all = (yield* send("GET", "/object/networkaddresses?expanded=True&limit=1000")).json.items
      const host = all.find(({ name }: { name: string }) => name === "host-002")
      const group = {
        name: "web",
        type: "NetworkGroup",
        objects: [{ name: host.name, id: host.id, type: host.type }]
      }
      expect((yield* send("POST", "/object/networkgroups", group)).status).toBe(201)
      const zone = { type: "SecurityZone", name: "inside", interfaceMode: "ROUTED" }
      const inside = (yield* send("POST", "/object/securityzones", zone)).json
      const acp = { type: "AccessPolicy", name: "ACP", defaultAction: { action: "BLOCK" } }
      const policy = (yield* send("POST", "/policy/accesspolicies", acp)).json
      const rule = {
        name: "permit",
        type: "AccessRule",
        action: "ALLOW",
        enabled: true,
        sourceZones: { objects: [{ name: inside.name, id: inside.id, type: "SecurityZone" }] },
        sourceNetworks: { objects: [{ id: host.id, type: "Host", name: host.name }], literals: [] }
      }
      const rules = `/policy/accesspolicies/${policy.id}/accessrules`
      expect((yield* send("POST", `${rules}?section=mandatory`, rule)).status).toBe(201)
      const device = (yield* send("GET", "/devices/devicerecords?expanded=True&limit=1000")).json.items[0]
      expect(device.accessPolicy.id).not.toBe(policy.id)
      const targets = [{ id: device.id, type: device.type, name: device.name }]
      const assigned = {
        type: "PolicyAssignment",
        policy: { id: policy.id, name: "ACP", type: "AccessPolicy" },
        targets
      }
      expect((yield* send("POST", "/assignment/policyassignments", assigned)).status).toBe(201)
      const deployable = (yield* send("GET", "/deployment/deployabledevices?expanded=True&limit=1000")).json
        .items
      const request = {
        type: "DeploymentRequest",
        forceDeploy: true,
        ignoreWarning: true,
        version: String(Date.now()),
        deviceList: deployable.map((one: { device: { id: string } }) => one.device.id)
      }
      expect(yield* send("POST", "/deployment/deploymentrequests", request)).toMatchObject({ status: 202 })
      const left = yield* send("GET", "/deployment/deployabledevices?expanded=True&limit=1000")
      expect(left.json).not.toHaveProperty("items")
    })
)

it.scoped(
  "fireREST: reads by pages with True, finds a policy by its name, and creates in bulk with True",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn({ objects: 120 })
      const first = (yield* send("GET", "/object/hosts?limit=50&expanded=True&offset=0")).json
      const names = new Set<string>(first.items.map(({ value }: { value: string }) => value))
      for (let page = 1; page < first.paging.pages; page++) {
        const next = yield* send("GET", `/object/hosts?limit=50&expanded=True&offset=${page * 50}`)
        for (const { value } of next.json.items) names.add(value)
      }
      expect(names.size).toBe(120)
      yield* send("POST", "/policy/accesspolicies", {
        name: "ACP",
        type: "accesspolicy",
        defaultAction: { action: "TRUST" }
      })
      const [policy] = (yield* send("GET", "/policy/accesspolicies?name=ACP&expanded=True")).json.items
      expect(policy).toMatchObject({ name: "ACP", defaultAction: { action: "TRUST" } })
      const rules = ["a", "b"].map((name) => ({ name, type: "accessrule", action: "ALLOW" }))
      const made = yield* send(
        "POST",
        `/policy/accesspolicies/${policy.id}/accessrules?bulk=True&section=default`,
        rules
      )
      expect(made.json.items).toHaveLength(2)
      const ids = made.json.items.map(({ id }: { id: string }) => id).join(",")
      const gone = yield* send(
        "DELETE",
        `/policy/accesspolicies/${policy.id}/accessrules?bulk=True&filter=ids:${ids}`
      )
      expect(gone.status).toBe(200)
    })
)

it.scoped(
  "FMCAnsible: learns its operations from fmc.json, and upserts by what a duplicate is answered with",
  () =>
    Effect.gen(function* () {
      const { base, send } = yield* signedIn({ objects: 15 })
      const { definitions, parameters, paths } = (yield* send("GET", "/api/api-explorer/fmc.json")).json
      const operations = new Map<string, { method: string; url: string; model: string; isList: boolean }>()
      for (const [url, item] of Object.entries<Readonly<Record<string, Described>>>(paths)) {
        for (const [method, spec] of Object.entries(item)) {
          const given = spec.parameters ?? []
          for (const one of given) {
            const named = one.$ref === undefined ? one : parameters[one.$ref.split("/").at(-1) ?? ""]
            if (named.in !== "body")
              expect(named).toMatchObject({ type: expect.any(String), required: expect.any(Boolean) })
          }
          const body = given.find((one) => one.in === "body")
          const answer = spec.responses[200]?.schema?.$ref
          const model =
            String(body?.schema?.$ref ?? answer ?? "")
              .split("/")
              .at(-1) ?? ""
          if (model !== "") expect(definitions).toHaveProperty(model)
          const isList = "items" in (definitions[String(answer).split("/").at(-1) ?? ""]?.properties ?? {})
          operations.set(String(spec.operationId), {
            method,
            url,
            model: model.replace("ListContainer", ""),
            isList
          })
        }
      }
      const of = (name: string) => operations.get(name) ?? { method: "", url: "", model: "", isList: false }
      expect(of("getAllNetworkObject")).toMatchObject({ method: "get", model: "NetworkObject", isList: true })
      expect(of("createMultipleNetworkObject")).toMatchObject({ method: "post", model: "NetworkObject" })
      const call = (name: string, id = "", query = "", body?: unknown) => {
        const { method, url } = of(name)
        const domain = base.split("/").at(-1) ?? ""
        return send(
          method.toUpperCase(),
          `${url.replace("{domainUUID}", domain).replace("{objectId}", id)}${query}`,
          body
        )
      }
      const wanted = { name: "net-012", value: "10.99.0.0/16", type: "networkobject" }
      const twice = yield* call("createMultipleNetworkObject", "", "", wanted)
      expect(twice).toMatchObject({ status: 400 })
      expect(twice.text).toContain("already exists")
      let found: { id: string } | undefined
      for (let offset = 0; found === undefined && offset < 50; offset += 10) {
        const page = yield* call("getAllNetworkObject", "", `?limit=10&offset=${offset}&expanded=True`)
        found = page.json.items?.find(({ name }: { name: string }) => name === wanted.name)
      }
      const updated = yield* call("updateNetworkObject", found?.id, "", { ...wanted, id: found?.id })
      expect(updated).toMatchObject({ status: 200, json: { value: "10.99.0.0/16", type: "Network" } })
      expect((yield* call("deleteNetworkObject", found?.id)).status).toBe(200)
      expect((yield* call("getNetworkObject", found?.id)).status).toBe(404)
    })
)

it.scoped(
  "terraform's providers: create, read back what they sent, take a 404 for gone, and delete in bulk",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn({ objects: 0 })
      const resources: ReadonlyArray<readonly [path: string, body: object]> = [
        ["/object/hosts", { name: "h", type: "Host", value: "10.1.1.1", overridable: true }],
        ["/object/fqdns", { name: "f", type: "FQDN", value: "a.example", dnsResolution: "IPV4_AND_IPV6" }],
        ["/object/urls", { name: "u", type: "Url", url: "https://a.example" }],
        [
          "/object/protocolportobjects",
          { name: "p", type: "ProtocolPortObject", protocol: "TCP", port: "8443" }
        ],
        ["/object/icmpv4objects", { name: "i", type: "ICMPV4Object", icmpType: "8", code: 0 }],
        ["/object/vlantags", { name: "v", type: "VlanTag", data: { startTag: 10, endTag: 11 } }],
        ["/object/interfacegroups", { name: "ig", type: "InterfaceGroup", interfaceMode: "ROUTED" }],
        ["/object/dynamicobjects", { name: "d", type: "DynamicObject", objectType: "IP" }],
        ["/policy/prefilterpolicies", { name: "pre", type: "PrefilterPolicy", description: "own" }],
        [
          "/policy/ftds2svpns",
          { name: "vpn", type: "FTDS2SVpn", topologyType: "POINT_TO_POINT", ikeV2Enabled: true }
        ]
      ]
      for (const [path, body] of resources) {
        const { json, status } = yield* send("POST", path, body)
        expect({ path, status }).toEqual({ path, status: 201 })
        expect((yield* send("GET", `${path}/${json.id}`)).json).toMatchObject(body)
        expect(
          (yield* send("PUT", `${path}/${json.id}`, { ...body, id: json.id, name: "renamed" })).status
        ).toBe(200)
        expect((yield* send("DELETE", `${path}/${json.id}`)).status).toBe(200)
        expect((yield* send("GET", `${path}/${json.id}`)).status).toBe(404)
      }
      const hosts = ["a", "b"].map((name, at) => ({ name, value: `10.0.0.${at}` }))
      const { items } = (yield* send("POST", "/object/hosts?bulk=true", hosts)).json
      const filter = encodeURIComponent(`ids:${items.map(({ id }: { id: string }) => id).join(",")}`)
      expect((yield* send("DELETE", `/object/hosts?bulk=true&filter=${filter}`)).status).toBe(200)
      const policies = yield* send("GET", "/policy/intrusionpolicies?limit=1000&expanded=true")
      expect(policies.json.items.map(({ name }: { name: string }) => name)).toContain(
        "Balanced Security and Connectivity"
      )
    })
)

it.scoped(
  "a NAT exporter and a router of static routes: rules without names below their policy and device",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn({ objects: 1 })
      const [host] = (yield* send("GET", "/object/hosts")).json.items
      const [device] = (yield* send("GET", "/devices/devicerecords")).json.items
      const policy = (yield* send("POST", "/policy/ftdnatpolicies", { name: "NAT", type: "FTDNatPolicy" }))
        .json
      const manual = {
        type: "ftdmanualnatrule",
        natType: "STATIC",
        originalSource: host,
        translatedSource: host
      }
      const path = `/policy/ftdnatpolicies/${policy.id}/manualnatrules`
      yield* send("POST", `${path}?section=after_auto`, manual)
      const [rule] = (yield* send("GET", `${path}?expanded=True`)).json.items
      expect(rule).toMatchObject({ type: "FTDManualNatRule", metadata: { section: "AFTER_AUTO" } })
      const routes = `/devices/devicerecords/${device.id}/routing/ipv4staticroutes`
      const gateway = { literal: { type: "Host", value: "10.0.0.1" } }
      const route = {
        type: "IPv4StaticRoute",
        interfaceName: "outside",
        metricValue: 1,
        gateway,
        selectedNetworks: [host]
      }
      yield* send("POST", routes, route)
      const [listed] = (yield* send("GET", `${routes}?expanded=true`)).json.items
      expect(listed).toMatchObject({ gateway, selectedNetworks: [{ name: host.name }] })
      expect(listed).not.toHaveProperty("name")
      const groups = yield* send("POST", "/devicegroups/devicegrouprecords", {
        name: "zoom",
        type: "DeviceGroup",
        members: [{ id: device.id, type: "Device", name: device.name }]
      })
      expect(groups.json.members).toMatchObject([{ name: device.name }])
      expect((yield* send("GET", "/deviceclusters/ftddevicecluster")).status).toBe(200)
    })
)

it.scoped(
  "terraform's provider: prefilter rules in their order, NAT rules by section, removed in bulk, any word as a type",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn({ objects: 1 })
      const [host] = (yield* send("GET", "/object/hosts")).json.items
      const [port] = (yield* send("GET", "/object/protocolportobjects")).json.items
      const policy = { name: "pre", type: "PrefilterPolicy", defaultAction: { action: "BLOCK_TUNNELS" } }
      const pre = (yield* send("POST", "/policy/prefilterpolicies", policy)).json
      expect(pre.defaultAction).toMatchObject({ id: expect.any(String), action: "BLOCK_TUNNELS" })
      const rules = `/policy/prefilterpolicies/${pre.id}/prefilterrules`
      const rule = (name: string) => ({
        name,
        type: "PrefilterRule",
        ruleType: "PREFILTER",
        action: "FASTPATH",
        sourceNetworks: { literals: [{ type: "AnyNonEmptyString", value: "10.1.1.0/24" }] },
        destinationPorts: { objects: [{ type: "AnyNonEmptyString", id: port.id }] }
      })
      const made = yield* send("POST", `${rules}?bulk=true`, [rule("a"), rule("b")])
      expect(made.json.items[0]).toMatchObject({
        enabled: true,
        sourceNetworks: { literals: [{ type: "Network", value: "10.1.1.0/24" }] },
        destinationPorts: { objects: [{ id: port.id, type: "ProtocolPortObject", name: port.name }] }
      })
      yield* send("POST", `${rules}?insertBefore=2`, rule("c"))
      yield* send("POST", `${rules}?insertAfter=1`, rule("d"))
      const named = ({ items = [] }: { items?: ReadonlyArray<{ name: string }> }) =>
        items.map(({ name }) => name)
      expect(named((yield* send("GET", rules)).json)).toEqual(["a", "d", "c", "b"])
      expect((yield* send("POST", `${rules}?insertBefore=9`, rule("e"))).status).toBe(400)
      expect((yield* send("GET", `${rules}?ruleType=TUNNEL`)).json).not.toHaveProperty("items")
      const off = made.json.items.map((one: object) => ({ ...one, enabled: false }))
      const changed = yield* send("PUT", `${rules}?bulk=true`, off)
      expect(changed.json.items).toMatchObject([{ enabled: false }, { enabled: false }])
      const ids = ({ items }: { items: ReadonlyArray<{ id: string }> }) =>
        encodeURIComponent(`ids:${items.map(({ id }) => `${id},`).join("")}`)
      expect((yield* send("DELETE", `${rules}?bulk=true&filter=${ids(made.json)}`)).status).toBe(200)
      expect(named((yield* send("GET", rules)).json)).toEqual(["d", "c"])

      const nat = (yield* send("POST", "/policy/ftdnatpolicies", { name: "NAT", type: "FTDNatPolicy" })).json
      const below = `/policy/ftdnatpolicies/${nat.id}`
      const manual = (description: string) => ({
        type: "FTDManualNatRule",
        natType: "STATIC",
        originalSource: host,
        description
      })
      const auto = {
        type: "FTDAutoNatRule",
        natType: "STATIC",
        originalNetwork: host,
        translatedNetwork: host
      }
      yield* send("POST", `${below}/manualnatrules?bulk=true&section=after_auto`, [manual("last")])
      yield* send("POST", `${below}/autonatrules?bulk=true`, [auto])
      yield* send("POST", `${below}/manualnatrules?bulk=true&section=before_auto`, [manual("1"), manual("3")])
      yield* send("POST", `${below}/manualnatrules?section=before_auto&targetIndex=2`, manual("2"))
      const all = (yield* send("GET", `${below}/manualnatrules?expanded=true`)).json
      const described = all.items.map(({ description }: { description: string }) => description)
      expect(described).toEqual(["1", "2", "3", "last"])
      const [first] = all.items
      expect(first.links.parent).toMatch(new RegExp(`${below}/natrules$`))
      yield* send("PUT", `${below}/manualnatrules/${first.id}?targetIndex=3`, first)
      const moved = (yield* send("GET", `${below}/natrules?expanded=true`)).json.items
      expect(moved.map((one: typeof first) => one.description ?? one.type)).toEqual([
        "2",
        "3",
        "1",
        "last",
        "FTDAutoNatRule"
      ])
      const removed = yield* send("DELETE", `${below}/manualnatrules?bulk=true&filter=${ids(all)}`)
      expect(removed.status).toBe(200)
      expect((yield* send("GET", `${below}/natrules`)).json.paging.count).toBe(1)
    })
)

it.scoped("fmcapi: subinterfaces, the routes of a virtual router, a VPN's peers and its settings", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ rules: 1 })
    const [device] = (yield* send("GET", "/devices/devicerecords")).json.items
    const inDevice = `/devices/devicerecords/${device.id}`
    const sub = { type: "SubInterface", name: "GigabitEthernet0/1", ifname: "dmz", MTU: 1500 }
    for (const vlanId of [100, 200]) {
      // Each has the name of the interface that it is of.
      const made = yield* send("POST", `${inDevice}/subinterfaces`, { ...sub, vlanId, subIntfId: vlanId })
      expect(made).toMatchObject({ status: 201, json: { ...sub, vlanId, id: expect.any(String) } })
    }
    const [listed] = (yield* send("GET", `${inDevice}/subinterfaces?expanded=true&limit=25`)).json.items
    const renamed = { ...listed, ifname: "lab" }
    expect((yield* send("PUT", `${inDevice}/subinterfaces/${listed.id}`, renamed)).json.ifname).toBe("lab")
    expect((yield* send("DELETE", `${inDevice}/subinterfaces/${listed.id}`)).status).toBe(200)
    const routers = `${inDevice}/routing/virtualrouters`
    const router = (yield* send("POST", routers, { name: "red", type: "VirtualRouter" })).json
    const route = { type: "IPv4StaticRoute", interfaceName: "dmz", metricValue: 1 }
    const made = yield* send("POST", `${routers}/${router.id}/ipv4staticroutes`, route)
    expect(made).toMatchObject({ status: 201, json: route })
    expect((yield* send("GET", `${routers}/${router.id}/staticroutes`)).json.items).toHaveLength(1)
    expect((yield* send("GET", `${routers}/none/staticroutes`)).status).toBe(404)
    const vpn = (yield* send("POST", "/policy/ftds2svpns", { name: "vpn", type: "FTDS2SVpn" })).json
    const peer = { peerType: "PEER", type: "EndPoint", connectionType: "BIDIRECTIONAL" }
    const peers = yield* send("POST", `/policy/ftds2svpns/${vpn.id}/endpoints?bulk=true`, [peer, peer])
    expect(peers.json.items).toHaveLength(2)
    const [policy] = (yield* send("GET", "/policy/accesspolicies")).json.items
    for (const path of [
      `/policy/ftds2svpns/${vpn.id}/ikesettings`,
      `/policy/accesspolicies/${policy.id}/inheritancesettings`
    ]) {
      const [setting] = (yield* send("GET", path)).json.items
      const wanted = { ...setting, basePolicy: { id: policy.id, type: "AccessPolicy" } }
      expect((yield* send("PUT", `${path}/${setting.id}`, wanted)).json).toEqual(wanted)
      expect((yield* send("GET", `${path}?expanded=true`)).json.items).toEqual([wanted])
    }
    const acp = {
      name: "ACP",
      type: "AccessPolicy",
      defaultAction: { action: "BLOCK" },
      prefilterPolicySetting: { id: "none", type: "PrefilterPolicy" }
    }
    expect((yield* send("POST", "/policy/accesspolicies", acp)).status).toBe(400)
  })
)

it.scoped("a connector of cloud addresses, and a reporter of hit counts", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ rules: 2 })
    const made = yield* send("POST", "/object/dynamicobjects?bulk=true", [
      { name: "cloud", type: "DynamicObject", objectType: "IP" }
    ])
    const mappings = `/object/dynamicobjects/${made.json.items[0].id}/mappings`
    const body = {
      mappings: ["10.0.0.1", "10.1.0.0/16"],
      type: "DynamicObjectMappings",
      id: made.json.items[0].id
    }
    expect((yield* send("PUT", `${mappings}?action=add`, body)).status).toBe(200)
    expect((yield* send("GET", `${mappings}?limit=1000`)).json.items).toHaveLength(2)
    const [policy] = (yield* send("GET", "/policy/accesspolicies")).json.items
    const [device] = (yield* send("GET", "/devices/devicerecords")).json.items
    const filter = encodeURIComponent(`"deviceId:${device.id}"`)
    const counts = `/policy/accesspolicies/${policy.id}/operational/hitcounts?filter=${filter}&expanded=true&limit=1000`
    const { items } = (yield* send("GET", counts)).json
    expect(items[0]).toMatchObject({ rule: { id: expect.any(String) }, hitCount: expect.any(Number) })
  })
)

it.scoped(
  "FTDAnsible: asks for the build, upserts by a duplicate's 422, and takes invalidUuid for absence",
  () =>
    Effect.gen(function* () {
      const { send, client, token } = yield* fdmSignedIn()
      const { basePath, paths } = (yield* client.send("GET", "/apispec/ngfw.json", bearer(token))).json
      expect(paths["/object/networks"].post.operationId).toBe("addNetworkObject")
      expect(basePath).toBe("/api/fdm/v6")
      const system = yield* send("GET", "/operational/systeminfo/default")
      expect(system.json.databaseInfo.buildVersion >= "6.4.0").toBe(true)
      const wanted = {
        name: "web",
        subType: "NETWORK",
        value: "166.1.1.0/255.255.255.0",
        type: "networkobject"
      }
      expect((yield* send("POST", "/object/networks", wanted)).status).toBe(200)
      const twice = yield* send("POST", "/object/networks", wanted)
      expect(twice).toMatchObject({ status: 422 })
      expect(twice.text).toContain("Validation failed due to a duplicate name")
      const [there] = (yield* send("GET", "/object/networks?filter=name:web&limit=10&offset=0")).json.items
      const changed = { ...wanted, value: "10.0.0.0/8", id: there.id, version: there.version }
      expect((yield* send("PUT", `/object/networks/${there.id}`, changed)).status).toBe(200)
      expect((yield* send("DELETE", `/object/networks/${there.id}`)).status).toBe(204)
      const gone = yield* send("DELETE", `/object/networks/${there.id}`)
      expect(gone.status).toBe(422)
      expect(gone.text).toContain("Validation failed due to an invalid UUID")
    })
)

it.scoped(
  "Cisco's sample playbooks for FTD: first boot, ports, a rule, a route, a backup by its archiveName",
  () =>
    Effect.gen(function* () {
      const { send } = yield* fdmSignedIn()
      expect((yield* send("GET", "/devices/default/action/provision/default")).json).toMatchObject({
        id: "default"
      })
      const port = { name: "PostgreSQL port", port: 5432, type: "tcpportobject" }
      const made = (yield* send("POST", "/object/tcpports", port)).json
      expect(made).toMatchObject({ name: "PostgreSQL port", port: "5432" })
      const [policy] = (yield* send("GET", "/policy/accesspolicies")).json.items
      const rule = { name: "db", type: "accessrule", ruleAction: "PERMIT", destinationPorts: [made] }
      expect((yield* send("POST", `/policy/accesspolicies/${policy.id}/accessrules?at=0`, rule)).status).toBe(
        200
      )
      const [container] = (yield* send("GET", "/devices/default/routing")).json.items
      expect(
        (yield* send("GET", `/devices/default/routing/${container.id}/staticrouteentries`)).json.items
      ).toEqual([])
      yield* send("POST", "/action/backup", { type: "backupimmediate", name: "sample" })
      const [archive] = (yield* send("GET", "/managedentity/archivedbackups")).json.items
      const file = yield* send("GET", `/action/downloadbackup/${archive.archiveName}`)
      expect(file.bytes).toHaveLength(archive.fileSize)
      yield* send("POST", "/operational/deploy")
      const [job] = (yield* send("GET", "/operational/deploy")).json.items
      expect((yield* send("GET", `/operational/deploy/${job.id}`)).json.state).toBe("DEPLOYED")
    })
)

it.scoped("Cisco's samples of NAT, TLS and licences: containers by name, what there is one of, jobs", () =>
  Effect.gen(function* () {
    const { send } = yield* fdmSignedIn()
    const one = (path: string) => Effect.map(send("GET", path), ({ json }) => json.items[0])
    const inside = yield* one("/devices/default/interfaces?filter=fts~GigabitEthernet0/1")
    const any = yield* one("/object/networks?filter=fts~any-ipv4&limit=10&offset=0")
    const container = yield* one("/policy/manualnatpolicies?filter=fts~NGFW-Before-Auto-NAT-Policy")
    expect(container).toMatchObject({ afterAuto: false, type: "manualnatrulecontainer" })
    const rule = { name: "InsideOutside", natType: "DYNAMIC", type: "manualnatrule", enabled: true }
    const rules = `/policy/manualnatpolicies/${container.id}/manualnatrules`
    const wanted = {
      ...rule,
      sourceInterface: inside,
      originalSource: any,
      interfaceInTranslatedSource: true
    }
    expect(yield* send("POST", rules, wanted)).toMatchObject({ status: 200, json: rule })
    expect(yield* send("POST", rules, wanted)).toMatchObject({ status: 422 })
    yield* send("POST", `${rules}?at=0`, { ...wanted, name: "first" })
    expect((yield* send("GET", rules)).json.items.map(({ name }: typeof rule) => name)).toEqual([
      "first",
      "InsideOutside"
    ])
    const ips = yield* one("/policy/intrusionpolicies?filter=fts~Maximum%20Detection")
    const access = yield* one("/policy/accesspolicies")
    const tls = yield* one("/policy/sslpolicies?filter=fts~NGFW-Default-SSL-Policy")
    const defaultAction = { action: "PERMIT", intrusionPolicy: { id: ips.id, type: ips.type } }
    const enabled = { ...access, sslPolicy: tls, defaultAction }
    expect((yield* send("PUT", `/policy/accesspolicies/${access.id}`, enabled)).json.sslPolicy.id).toBe(
      tls.id
    )
    const licences = yield* send("GET", "/jobs/licenseregistrations?sort=-startDateTime&limit=1")
    expect(licences).toMatchObject({ status: 200, json: { items: [] } })
    yield* send("POST", "/operational/deploy")
    const job = yield* one("/jobs/deployments")
    expect(job).toMatchObject({ status: "SUCCESS", type: "jobhistorydeployment" })
    expect((yield* send("GET", `/jobs/${job.id}`)).json).toMatchObject({ id: job.id, status: "SUCCESS" })
    for (const name of ["b", "a"]) yield* send("POST", "/action/backup", { type: "backupimmediate", name })
    const archives = "/managedentity/archivedbackups"
    expect((yield* one(`${archives}?sort=name&limit=1`)).name).toBe("a")
    expect((yield* send("GET", `${archives}?filter=name:b`)).json.items).toHaveLength(1)
  })
)

it.scoped("a script with curl: logs in, reads everything with limit=0, revokes its token", () =>
  Effect.gen(function* () {
    const { client, sandbox, send, token } = yield* fdmSignedIn({ objects: 30 })
    expect((yield* send("GET", "/object/networks?limit=0")).json.items).toHaveLength(32)
    const revoke = { grant_type: "revoke_token", access_token: token, token_to_revoke: token }
    expect((yield* fdmToken(client, revoke)).json).toEqual({ status_code: 200, message: "OK" })
    expect((yield* send("GET", "/object/networks")).status).toBe(401)
    expect(sandbox.ledger.open).toBe(0)
  })
)
