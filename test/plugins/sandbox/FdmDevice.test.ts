import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { bearer, fdmLogin, start } from "./client.ts"
import { network, signedIn } from "./fdm.ts"

it.scoped("the supported versions are listed without a token, unsorted", () =>
  Effect.gen(function* () {
    const usual = yield* start()
    const listed = yield* usual.client.send("GET", "/api/versions")
    expect(listed.json.supportedVersions).toEqual(["v6", "latest", "v5", "v4", "v1", "v2", "v3"])
    const old = yield* start({ apiVersions: ["v3"], listsVersions: false })
    expect((yield* old.client.send("GET", "/api/versions")).status).toBe(404)
    const token = (version: string) => old.client.send("POST", `/api/fdm/${version}/fdm/token`, { body: {} })
    expect((yield* token("v3")).status).toBe(400)
    const wrong = yield* token("latest")
    expect(wrong).toMatchObject({
      status: 404,
      json: { code: 404, description: "The server has not found anything matching the request URI" }
    })
  })
)

it.scoped("system information describes the device", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const { status, json } = yield* send("GET", "/operational/systeminfo/default")
    expect(status).toBe(200)
    expect(json).toMatchObject({
      softwareVersion: "7.4.2-172",
      platformModel: expect.any(String),
      serialNumber: expect.any(String),
      databaseInfo: { softwareVersion: "7.4.2-172", buildVersion: "7.4.2", schemaVersion: "172" },
      type: "SystemInformation"
    })
  })
)

it.scoped("a list has pages of ten whose neighbours are lists of absolute URLs, empty at the ends", () =>
  Effect.gen(function* () {
    const { sandbox, send } = yield* signedIn({ objects: 13 })
    const first = yield* send("GET", "/object/networks?sort=name")
    expect(first.json.items).toHaveLength(10)
    expect(first.json.paging).toMatchObject({ prev: [], limit: 10, offset: 0, count: 15, pages: 2 })
    const next = new URL(first.json.paging.next[0])
    expect(next.origin).toBe(sandbox.url)
    expect(next.searchParams.get("sort")).toBe("name")
    const second = yield* send("GET", `${next.pathname.replace("/api/fdm/v6", "")}${next.search}`)
    expect(second.json.items).toHaveLength(5)
    expect(second.json.paging.next).toEqual([])
    expect(second.json.paging.prev[0]).toContain("offset=0")
    const none = yield* send("GET", "/object/networks?filter=name:nothing")
    expect(none.json).toMatchObject({ items: [], paging: { count: 0, next: [], prev: [] } })
    expect((yield* send("GET", "/object/networks?limit=9000")).json.items).toHaveLength(15)
    expect((yield* send("GET", "/object/networks?limit=many")).status).toBe(422)
  })
)

it.scoped("filters find by name and value, sort goes both ways", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const names = (path: string) =>
      Effect.map(send("GET", path), ({ json }) => json.items.map(({ name }: { name: string }) => name))
    expect(yield* names("/object/networks?filter=name:net-007")).toEqual(["net-007"])
    expect(yield* names("/object/networks?filter=name~any;subType:NETWORK")).toEqual(["any-ipv4", "any-ipv6"])
    expect(yield* names("/object/networks?filter=value::%3A/0")).toEqual(["any-ipv6"])
    expect(yield* names("/object/networks?sort=-name&limit=1")).toEqual(["net-030"])
    expect((yield* send("GET", "/object/networks?filter=colour:red")).status).toBe(422)
  })
)

it.scoped("an object is created, read, updated with its version and deleted", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const created = yield* send("POST", "/object/networks", network("lab"))
    expect(created.status).toBe(200)
    expect(created.json).toMatchObject({ ...network("lab"), isSystemDefined: false })
    const path = `/object/networks/${created.json.id}`
    expect(created.json.links.self).toContain(`/api/fdm/v6${path}`)
    expect((yield* send("GET", path)).json).toEqual(created.json)
    const updated = yield* send("PUT", path, { ...created.json, value: "198.51.100.7", subType: "HOST" })
    expect(updated).toMatchObject({ status: 200, json: { value: "198.51.100.7" } })
    expect(updated.json.version).not.toBe(created.json.version)
    const stale = yield* send("PUT", path, created.json)
    expect(stale.status).toBe(422)
    expect(stale.json.error.messages[0].location).toBe("version")
    expect(yield* send("DELETE", path)).toMatchObject({ status: 204, text: "" })
    expect((yield* send("GET", path)).status).toBe(404)
  })
)

it.scoped("duplicates and values that do not fit are 422 in the device's envelope", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    yield* send("POST", "/object/networks", network("lab"))
    const twice = yield* send("POST", "/object/networks", network("LAB"))
    expect(twice.status).toBe(422)
    expect(twice.json.error).toMatchObject({
      severity: "ERROR",
      key: "Validation",
      messages: [{ code: "duplicateName", location: "name" }]
    })
    const refused = [
      network("x", "10.0.0.0"),
      network("x", "10.0.0.0/8", "HOST"),
      network("x", "10.0.0.0/8", "toString"),
      network(""),
      { ...network("x"), type: "network" },
      "{",
      []
    ]
    for (const body of refused) {
      expect((yield* send("POST", "/object/networks", body)).status).toBe(422)
    }
  })
)

it.scoped("what is system defined cannot be changed", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const { json } = yield* send("GET", "/object/networks?filter=name:any-ipv4")
    const path = `/object/networks/${json.items[0].id}`
    expect((yield* send("DELETE", path)).status).toBe(422)
    expect((yield* send("PUT", path, json.items[0])).status).toBe(422)
  })
)

it.scoped(
  "without a token everything else is 401, with one an unknown path 404 and an unknown verb 405",
  () =>
    Effect.gen(function* () {
      const { client, send } = yield* signedIn()
      for (const path of ["/object/networks", "/operational/systeminfo/default", "/unheard-of"]) {
        const refused = yield* client.send("GET", `/api/fdm/latest${path}`)
        expect(refused.status).toBe(401)
        expect(refused.json.error.severity).toBe("ERROR")
        expect((yield* client.send("GET", `/api/fdm/latest${path}`, bearer("rubbish"))).status).toBe(401)
      }
      expect((yield* send("GET", "/unheard-of")).status).toBe(404)
      expect((yield* send("DELETE", "/object/networks")).status).toBe(405)
    })
)

it.scoped("a sandbox without FDM answers 404", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start({ fdm: false })
    expect((yield* fdmLogin(client, sandbox)).status).toBe(404)
    expect((yield* client.send("GET", "/api/versions")).status).toBe(404)
  })
)
