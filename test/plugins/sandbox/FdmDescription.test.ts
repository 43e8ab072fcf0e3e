import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Specs from "../../support/specs.ts"
import { bearer, fdmLogin, start } from "./client.ts"
import { network, signedIn } from "./fdm.ts"

interface Operation {
  readonly operationId: string
  readonly tags: ReadonlyArray<string>
}

const fetched = Effect.gen(function* () {
  const signed = yield* signedIn()
  const { json, text } = yield* signed.client.send("GET", "/apispec/ngfw.json", bearer(signed.token))
  const paths: Record<string, Record<string, Operation>> = json.paths
  const operations = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ path, verb: verb.toUpperCase(), ...operation }))
  )
  return { ...signed, json, text, operations }
})

it.scoped("the description is Swagger 2.0 at the newest version, and needs a token", () =>
  Effect.gen(function* () {
    const { client, json } = yield* fetched
    expect(json).toMatchObject({ swagger: "2.0", basePath: "/api/fdm/v6" })
    expect(json.paths["/fdm/token"].post).toMatchObject({ tags: ["Token"], operationId: "token" })
    expect((yield* client.send("GET", "/apispec/ngfw.json")).status).toBe(401)
  })
)

it.scoped("versions are compared as numbers", () =>
  Effect.gen(function* () {
    const { client, sandbox } = yield* start({ apiVersions: ["v9", "latest", "v10"] })
    const token = (yield* fdmLogin(client, sandbox)).json.access_token
    const { json } = yield* client.send("GET", "/apispec/ngfw.json", bearer(token))
    expect(json.basePath).toBe("/api/fdm/v10")
  })
)

it.scoped("every operation has a name of its own, and every reference leads to a definition", () =>
  Effect.gen(function* () {
    const { json, text, operations } = yield* fetched
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const references = [...text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, name]) => name)
    expect(references.length).toBeGreaterThan(100)
    expect(Object.keys(json.definitions)).toEqual(expect.arrayContaining(references))
    const tags = json.tags.map(({ name }: { name: string }) => name)
    expect(tags).toEqual(expect.arrayContaining(operations.flatMap((operation) => operation.tags)))
  })
)

it.scoped("the sandbox can do all that it describes", () =>
  Effect.gen(function* () {
    const { operations, send } = yield* fetched
    expect(operations.length).toBeGreaterThan(40)
    for (const { path, verb } of operations) {
      const answer = yield* send(
        verb,
        path.replace("{parentId}", "default").replace("{objId}", "none"),
        verb === "GET" ? undefined : {}
      )
      const missing = answer.status === 405 || (answer.status === 404 && answer.json.code === 404)
      expect({ path, verb, missing }).toEqual({ path, verb, missing: false })
    }
  })
)

it.scoped("only what reads one object declares a 404, and what writes declares a 422", () =>
  Effect.gen(function* () {
    const { json, operations } = yield* fetched
    for (const { path, verb } of operations.filter(({ path }) => path !== "/fdm/token")) {
      const { responses } = json.paths[path][verb.toLowerCase()]
      const declared = Object.keys(responses).filter((status) => Number(status) >= 400)
      const expected = verb !== "GET" ? ["422"] : path.endsWith("{objId}") ? ["404"] : []
      expect({ path, verb, declared }).toEqual({ path, verb, declared: expected })
    }
  })
)

it.scoped("what is sent has the properties that its definition names", () =>
  Effect.gen(function* () {
    const { json, operations, send } = yield* fetched
    const first = (path: string) => Effect.map(send("GET", path), ({ json }) => json.items[0])
    const eth = yield* first("/devices/default/interfaces")
    const net = yield* first("/object/networks?filter=name:net-001")
    const gateway = (yield* send("POST", "/object/networks", network("gateway", "192.0.2.1", "HOST"))).json
    yield* send("POST", "/object/networkgroups", { name: "empty", type: "networkobjectgroup" })
    yield* send("POST", "/object/portgroups", { name: "empty", type: "portobjectgroup" })
    yield* send("POST", "/object/urls", { name: "u", url: "https://a.example", type: "urlobject" })
    yield* send("POST", "/object/urlgroups", { name: "g", type: "urlobjectgroup" })
    const sub = { subIntfId: 7, mtu: 1500, enabled: true, monitorInterface: false, type: "subinterface" }
    yield* send("POST", "/devices/default/interfaces/default/subinterfaces", sub)
    const route = { iface: eth, networks: [net], gateway, ipType: "IPv4", type: "staticrouteentry" }
    yield* send("POST", "/devices/default/routing/default/staticrouteentries", route)
    yield* send("POST", "/policy/accesspolicies/default/accessrules", { name: "r", type: "accessrule" })
    yield* send("POST", "/action/backup", { type: "backupimmediate" })
    yield* send("POST", "/operational/deploy")
    yield* send("POST", "/object/networkgroups", { name: "later", type: "networkobjectgroup" })
    const lists = operations.filter(({ operationId }) => operationId.endsWith("List"))
    for (const { path, verb } of lists) {
      const [item] = (yield* send(verb, path.replace("{parentId}", "default"))).json.items ?? []
      // Of the others nothing is there.
      if (item === undefined) continue
      const model = json.paths[path].get.responses[200].schema.title.replace(/List$/, "")
      const { properties, required = [] } = json.definitions[model]
      expect(Object.keys(item), path).toEqual(expect.arrayContaining(required))
      const unknown = Object.keys(item).filter((name) => !(name in properties) && name !== "links")
      expect({ path, unknown }).toEqual({ path, unknown: [] })
    }
  })
)

it.scoped("a list that is only read is empty, and of one that is written what was sent is kept", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const { json, status } = yield* send("GET", "/object/realms?limit=5")
    expect([status, json]).toMatchObject([200, { items: [], paging: { count: 0, limit: 5, next: [] } }])
    expect((yield* send("GET", "/object/realms/none")).json.error.messages[0].code).toBe("objectNotFound")
    expect((yield* send("POST", "/object/realms", { name: "r", type: "realm" })).status).toBe(405)
    const server = { name: "10.0.4.5:514", type: "syslogserver", protocol: "UDP", host: "10.0.4.5" }
    const made = yield* send("POST", "/object/syslogalerts", { ...server, port: "514" })
    expect(made).toMatchObject({ status: 200, json: { ...server, port: "514" } })
    const { host: _, ...short } = server
    expect((yield* send("POST", "/object/syslogalerts", { ...short, name: "b" })).status).toBe(422)
    const at = `/object/syslogalerts/${made.json.id}`
    expect((yield* send("PUT", at, { ...made.json, port: "515" })).json).toMatchObject({ port: "515" })
    expect((yield* send("DELETE", at)).status).toBe(204)
    const [policy] = (yield* send("GET", "/policy/sslpolicies?filter=name:NGFW-Default-SSL-Policy")).json
      .items
    const changed = yield* send("PUT", `/policy/sslpolicies/${policy.id}`, {
      ...policy,
      internalCertificates: []
    })
    expect(changed).toMatchObject({ status: 200, json: { internalCertificates: [] } })
  })
)

it.scoped.skipIf(!Specs.areThere)(
  "each list that Cisco's document has is there (needs ../shared/specs)",
  () =>
    Effect.gen(function* () {
      const { sandbox, send } = yield* signedIn()
      const isList = (operation: Specs.Operation | undefined) =>
        operation?.responses?.["200"]?.schema?.properties?.items !== undefined
      const lists = Object.entries(Specs.fdm().paths).filter(([, { get }]) => isList(get))
      expect(lists.length).toBeGreaterThan(125)
      const missing: Array<string> = []
      for (const [path, { get }] of lists) {
        const { json, status } = yield* send("GET", `${path.replace("{parentId}", "default")}?limit=9999`)
        if (status === 200) expect(json).toMatchObject({ items: expect.any(Array), paging: { limit: 9999 } })
        else missing.push(path)
        expect(sandbox.ledger.requests.at(-1)?.operation).toBe(get?.operationId)
      }
      expect(missing).toEqual([])
    })
)
