// Every request that our clients send, held against Cisco's documents, which lie beside the project and not in it. What
// no document has is named here, with where it comes from.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { runtime } from "../support/runtime.ts"
import * as Specs from "../support/specs.ts"

/** What of these requests no operation of the document allows: `METHOD path`, or that with the name of a parameter. */
const undocumented = (
  document: Specs.Swagger,
  requests: ReadonlyArray<Pick<Sandbox.RequestRecord, "method" | "path">>
): ReadonlyArray<string> => {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({
      verb: verb.toUpperCase(),
      path,
      fits: new RegExp(`^${document.basePath ?? ""}${path}$`.replace(/\{\w+\}/g, "[^/]+")),
      names: Specs.parametersOf(document, operation).flatMap(({ in: place, name }) =>
        place === "query" ? [name] : []
      )
    }))
  )
  const found = requests.flatMap(({ method, path: targetName }) => {
    const { pathname, searchParams } = new URL(
      targetName.replace(/^\/api\/fdm\/[^/]+/, document.basePath ?? "$&"),
      "https://d"
    )
    const known = operations.find(({ fits, verb }) => verb === method && fits.test(pathname))
    if (known === undefined) return [`${method} ${pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{}")}`]
    const unknown = [...searchParams.keys()].filter((name) => !known.names.includes(name))
    return unknown.map((name) => `${method} ${known.path} ?${name}`)
  })
  return [...new Set(found)].sort()
}

const domain = "/api/fmc_config/v1/domain/{domainUUID}"

/** Each kind once round: made, read, found, changed, made so twice, in bulk, and removed. */
const around = (objects: Fmc.Objects<Fmc.Entry, Fmc.WantedEntry>, wanted: { readonly name: string }) =>
  Effect.gen(function* () {
    const { id = "" } = yield* objects.create(wanted)
    const there = yield* objects.get(id)
    yield* objects.find(wanted.name)
    yield* objects.update({ ...there, id, description: "changed" })
    yield* objects.upsert(wanted)
    const more = yield* objects.createAll([
      { ...wanted, name: `${wanted.name}-1` },
      { ...wanted, name: `${wanted.name}-2` }
    ])
    yield* Stream.runDrain(objects.list())
    yield* Stream.runDrain(objects.listBrief())
    yield* objects.removeAll(more.map((one) => one.id ?? ""))
    yield* objects.remove(id)
  })

const everyFmcVerb = (fmc: Fmc.Fmc) =>
  Effect.gen(function* () {
    yield* fmc.serverVersion
    yield* Stream.runDrain(fmc.listDomains())
    const branch = yield* fmc.domain("Global")
    const address = { host: "192.0.2.1", net: "192.0.2.0/24", range: "192.0.2.1-192.0.2.9" }
    const any = (objects: unknown) => objects as Fmc.Objects<Fmc.Entry, Fmc.WantedEntry> // each is given what it takes
    const host = yield* branch.hosts.create({ name: "member", value: "192.0.2.7" })
    const port = yield* branch.ports.create({ name: "port", protocol: "TCP", port: "1" })
    yield* around(any(branch.hosts), { name: "h", value: address.host } as { name: string })
    yield* around(any(branch.networks), { name: "n", value: address.net } as { name: string })
    yield* around(any(branch.ranges), { name: "r", value: address.range } as { name: string })
    const fqdn = { name: "f", value: "a.example", dnsResolution: "IPV4_ONLY" }
    yield* around(any(branch.fqdns), fqdn)
    yield* around(any(branch.urls), { name: "u", url: "https://a.example" } as { name: string })
    const literals = [{ type: "Url", url: "a.example" }]
    yield* around(any(branch.urlGroups), { name: "ug", literals } as { name: string })
    yield* around(any(branch.ports), { name: "p", protocol: "TCP", port: "443" } as { name: string })
    const objects = [{ id: port.id, type: port.type }]
    yield* around(any(branch.portGroups), { name: "pg", objects } as { name: string })
    yield* around(any(branch.zones), { name: "z", interfaceMode: "ROUTED" } as { name: string })
    const group = yield* branch.networkGroups.create({
      name: "g",
      literals: [{ type: "Host", value: "10.0.0.1" }]
    })
    const member = { objects: [{ id: host.id, type: "Host" }] }
    yield* branch.networkGroups.addMembers(group.id, member)
    yield* branch.networkGroups.removeMembers(group.id, member)
    yield* around(any(branch.dynamicObjects), { name: "d", objectType: "IP" } as { name: string })
    const cloud = yield* branch.dynamicObjects.create({ name: "cloud", objectType: "IP" })
    yield* branch.dynamicObjects.addMappings(cloud.id, ["10.0.0.1"])
    yield* branch.dynamicObjects.removeMappings(cloud.id, ["10.0.0.1"])
    yield* Stream.runDrain(branch.dynamicObjects.listMappings(cloud.id))
    const [device] = [...(yield* Stream.runCollect(branch.listDeployableDevices()))]
    yield* Stream.runDrain(branch.listPendingChanges(device?.id ?? ""))
    const { tasks } = yield* branch.deploy({ note: "all of it" })
    yield* branch.deploy({ devices: ["ftd-1"] })
    yield* branch.deployment(tasks[0] ?? "")
    yield* Stream.runDrain(branch.listDeployments({ limit: 10 }))
    yield* Stream.runDrain(branch.listHaPairs())
    yield* branch.fmcHaStatus
    yield* Stream.runDrain(branch.listAuditRecords({ subSystem: "API", limit: 10 }))
  })

const everyFdmVerb = (fdm: Fdm.Fdm, password: Redacted.Redacted, username: string) =>
  Effect.gen(function* () {
    const host = yield* fdm.networks.create({ name: "host", subType: "HOST", value: "192.0.2.1" })
    yield* fdm.networks.upsert({ name: "host", subType: "HOST", value: "192.0.2.2" })
    const group = yield* fdm.networkGroups.create({ name: "g", objects: [{ id: host.id, type: host.type }] })
    yield* fdm.ports.create({ name: "p", port: "8443" })
    const udp = yield* fdm.udpPorts.create({ name: "u", port: "514" })
    yield* fdm.portGroups.create({ name: "pg", objects: [{ id: udp.id, type: udp.type }] })
    const url = yield* fdm.urls.create({ name: "url", url: "https://a.example" })
    yield* fdm.urlGroups.create({ name: "ug", objects: [{ id: url.id, type: url.type }] })
    yield* fdm.zones.upsert({ name: "z", mode: "ROUTED" })
    yield* fdm.interfaces.upsert({ name: "inside", mtu: 9000 })
    yield* Stream.runDrain(fdm.networks.list({ filter: "name:host", sort: "name", limit: 10 }))
    yield* fdm.networkGroups.remove(group.id)
    yield* Stream.runDrain(fdm.listPendingChanges())
    yield* fdm.deploy()
    yield* fdm.haStatus
    const sessions = [...(yield* Stream.runCollect(fdm.listActiveSessions()))]
    yield* fdm.provisioning
    const { id } = yield* fdm.upload("/action/uploaddiskfile", { name: "a.txt", bytes: new Uint8Array([1]) })
    yield* fdm.download(`/action/downloaddiskfile/${id}`)
    const archive = yield* fdm.backup({ name: "nightly" })
    yield* fdm.downloadBackup(archive)
    yield* Stream.runDrain(fdm.listBackups())
    const token = yield* fdm.customToken({ subject: "s", expiresIn: 60 })
    yield* fdm.revokeToken(token.access)
    yield* fdm.revokeSubject("s")
    yield* Stream.runDrain(fdm.users.list())
    yield* fdm.changePassword({ username, from: password, to: Redacted.make("another, longer one") })
    yield* fdm.endSession(sessions[0]?.id ?? "")
    const api = yield* Api.make(fdm)
    yield* api.call("SystemInformation", "getSystemInformation", { objId: "default" })
  })

// What is sent cannot differ by runtime: once is enough.
describe.skipIf(!Specs.areThere || runtime !== "node")(
  "what our clients send (skipped without ../shared/specs)",
  () => {
    it.scopedLive("to an FMC is in Cisco's document, but for what is named here", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({
          haPairs: [{ name: "edge", primary: "ftd-1", secondary: "ftd-2" }],
          fmcHa: "GOOD"
        })
        yield* Effect.scoped(Effect.flatMap(Fmc.make(sandbox.fmc), everyFmcVerb))
        const cloud = yield* CdFmc.make(sandbox.cdfmc)
        yield* Stream.runDrain((yield* cloud.domain("Global")).hosts.list())
        const sent = sandbox.ledger.requests.filter(
          ({ kind, protocol }) => kind === "call" && protocol === "fmc"
        )
        expect(sent.length).toBeGreaterThan(100)
        const inBulk = [
          "fqdns",
          "hosts",
          "networks",
          "portobjectgroups",
          "protocolportobjects",
          "ranges",
          "securityzones",
          "urlgroups",
          "urls"
        ]
        expect(undocumented(Specs.fmc(), sent)).toEqual(
          [
            // From 7.4 on (read in public clients' code); 405 sends them one by one.
            ...inBulk.map((kind) => `DELETE ${domain.replace("{domainUUID}", "{}")}/object/${kind}`),
            // From 7.4 on (read in public clients' code).
            `PUT ${domain}/object/networkgroups/{objectId} ?action`,
            // In no document at hand, so what comes back is looked through again.
            `GET /api/fmc_platform/v1/domain/{domainUUID}/audit/auditrecords ?subSystem`
          ].sort()
        )
      })
    )

    it.scopedLive("to an FDM is in Cisco's document", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ objects: 1 })
        yield* Effect.scoped(
          Effect.flatMap(Fdm.make(sandbox.fdm), (fdm) =>
            everyFdmVerb(fdm, sandbox.password, sandbox.username)
          )
        )
        const box = yield* Sandbox.make({ firstBoot: true })
        const fresh = yield* Fdm.make(box.fdm)
        yield* fresh.provision({
          currentPassword: box.password,
          newPassword: Redacted.make("another, longer one"),
          acceptEula: true
        })
        const sent = [...sandbox.ledger.requests, ...box.ledger.requests].filter(
          // Two that stand outside of the document, which describes one version: what there is to be read of it.
          ({ path }) => path !== "/api/versions" && path !== "/apispec/ngfw.json"
        )
        expect(sent.length).toBeGreaterThan(40)
        expect(undocumented(Specs.fdm(), sent)).toEqual([])
        expect(Option.isNone(yield* fresh.deploy())).toBe(true)
      })
    )
  }
)
