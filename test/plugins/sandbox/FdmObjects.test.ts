import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { network, signedIn } from "./fdm.ts"

const group = (name: string, ...objects: ReadonlyArray<object>) => ({
  name,
  objects,
  type: "networkobjectgroup"
})

it.scoped("a group shows its members with their names and versions of now", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const lab = (yield* send("POST", "/object/networks", network("lab"))).json
    const made = yield* send("POST", "/object/networkgroups", group("labs", lab))
    const reference = { id: lab.id, type: "networkobject", version: lab.version, name: "lab" }
    expect(made).toMatchObject({ status: 200, json: { name: "labs", isSystemDefined: false } })
    expect(made.json.objects).toEqual([reference])
    const renamed = (yield* send("PUT", `/object/networks/${lab.id}`, { ...lab, name: "bench" })).json
    const path = `/object/networkgroups/${made.json.id}`
    const read = yield* send("GET", path)
    expect(read.json.objects).toEqual([{ ...reference, version: renamed.version, name: "bench" }])
    expect(read.json.version).toBe(made.json.version)
    const emptied = yield* send("PUT", path, { ...read.json, objects: [] })
    expect(emptied).toMatchObject({ status: 200, json: { objects: [] } })
    const stale = yield* send("PUT", path, read.json)
    expect(stale).toMatchObject({ status: 422, json: { error: { messages: [{ location: "version" }] } } })
  })
)

it.scoped("what a group holds cannot be deleted until the group lets go of it", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const lab = (yield* send("POST", "/object/networks", network("lab"))).json
    const labs = (yield* send("POST", "/object/networkgroups", group("labs", lab))).json
    const refused = yield* send("DELETE", `/object/networks/${lab.id}`)
    expect(refused.status).toBe(422)
    expect(refused.json.error.messages[0].description).toContain("labs")
    expect((yield* send("DELETE", `/object/networkgroups/${labs.id}`)).status).toBe(204)
    expect((yield* send("DELETE", `/object/networks/${lab.id}`)).status).toBe(204)
  })
)

it.scoped("members that do not exist, of another kind, or that hold the group itself are refused", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const inner = (yield* send("POST", "/object/networkgroups", group("inner"))).json
    const outer = (yield* send("POST", "/object/networkgroups", group("outer", inner))).json
    const port = (yield* send("GET", "/object/tcpports?filter=name:SSH")).json.items[0]
    const refused = [[{ id: "none", type: "networkobject" }], [{ ...inner, type: "networkobject" }], [port]]
    for (const objects of [...refused, [inner], [outer], "inner", [null]]) {
      const answer = yield* send("PUT", `/object/networkgroups/${inner.id}`, { ...inner, objects })
      expect(answer).toMatchObject({ status: 422, json: { error: { messages: [{ location: "objects" }] } } })
    }
  })
)

it.scoped("networks and their groups share their names, ports have their own", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    expect((yield* send("POST", "/object/networks", network("HTTP"))).status).toBe(200)
    expect((yield* send("POST", "/object/networkgroups", group("http"))).status).toBe(422)
    const port = { name: "http", port: "8080", type: "tcpportobject" }
    expect((yield* send("POST", "/object/tcpports", port)).status).toBe(422)
  })
)

it.scoped("a name of DNS keeps how it is resolved", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const site = network("site", "www.example.com", "FQDN")
    const made = yield* send("POST", "/object/networks", { ...site, dnsResolution: "IPV6_ONLY" })
    expect(made).toMatchObject({ status: 200, json: { subType: "FQDN", dnsResolution: "IPV6_ONLY" } })
    const other = { ...site, name: "other", dnsResolution: "IPV5_ONLY" }
    const refused = yield* send("POST", "/object/networks", other)
    expect(refused).toMatchObject({
      status: 422,
      json: { error: { messages: [{ location: "dnsResolution" }] } }
    })
  })
)

it.scoped("ports are numbers or ranges of them", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const make = (port: unknown) =>
      send("POST", "/object/tcpports", { name: `port-${port}`, port, type: "tcpportobject" })
    for (const port of ["1", "65535", "8000-8080"]) {
      expect(yield* make(port)).toMatchObject({ status: 200, json: { port, type: "tcpportobject" } })
    }
    expect((yield* make(443)).json.port).toBe("443")
    for (const port of ["0", "65536", "80-79", "80-81-82", "http", "", null]) {
      expect((yield* make(port)).status).toBe(422)
    }
    const ssh = (yield* send("GET", "/object/tcpports?filter=port:22")).json.items[0]
    expect((yield* send("DELETE", `/object/tcpports/${ssh.id}`)).status).toBe(422)
  })
)

it.scoped("an object is found only below its own kind", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const lab = (yield* send("POST", "/object/networks", network("lab"))).json
    expect((yield* send("GET", `/object/networks/${lab.id}`)).status).toBe(200)
    expect((yield* send("GET", `/object/networkgroups/${lab.id}`)).status).toBe(404)
  })
)

it.scoped(
  "what does not exist is a 404 to who reads it, and a 422 invalidUuid to who changes or deletes it",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn()
      for (const path of ["/object/networks", "/object/users"]) {
        expect((yield* send("GET", `${path}/none`)).status).toBe(404)
        const verbs = path === "/object/networks" ? ["PUT", "DELETE"] : ["PUT"]
        for (const verb of verbs) {
          const body = verb === "PUT" ? { id: "none" } : undefined
          const { json, status } = yield* send(verb, `${path}/none`, body)
          expect({ status, code: json.error.messages[0].code }).toEqual({ status: 422, code: "invalidUuid" })
          expect(json.error.messages[0].description).toBe("Validation failed due to an invalid UUID")
        }
      }
      const archives = "/managedentity/archivedbackups/none"
      expect((yield* send("DELETE", archives)).json.error.messages[0].code).toBe("invalidUuid")
    })
)

it.scoped("filters also exclude, compare, and search the whole text", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ objects: 3 })
    yield* send("POST", "/object/networks", { ...network("lab"), description: "Bench of the LABORATORY" })
    const names = (query: string) =>
      Effect.map(send("GET", `/object/networks?sort=name&${query}`), ({ json }) =>
        json.items.map(({ name }: { name: string }) => name)
      )
    expect(yield* names("filter=fts~laboratory")).toEqual(["lab"])
    expect(yield* names("filter=name!lab;name~-00")).toEqual(["net-001", "net-002", "net-003"])
    expect(yield* names("filter=name%3Enet-001")).toEqual(["net-002", "net-003"])
    expect(yield* names("filter=name%3Clab")).toEqual(["any-ipv4", "any-ipv6"])
    for (const query of ["filter=fts:lab", "filter=name", "filter=port:22", "sort=colour"]) {
      expect((yield* send("GET", `/object/networks?${query}`)).status).toBe(422)
    }
  })
)

it.scoped("a limit of 0 asks for everything at once", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ objects: 1200 })
    const { json } = yield* send("GET", "/object/networks?limit=0")
    expect(json.items).toHaveLength(1202)
    expect(json.paging).toMatchObject({ count: 1202, next: [], prev: [] })
    const none = yield* send("GET", "/object/networkgroups?limit=0")
    expect(none.json).toMatchObject({ items: [], paging: { count: 0 } })
  })
)
