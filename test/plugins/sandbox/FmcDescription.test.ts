import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Specs from "../../support/specs.ts"
import { signedIn } from "./signedIn.ts"

const fetched = Effect.gen(function* () {
  const signed = yield* signedIn({ rules: 1, devices: 2 })
  const { json, status, text } = yield* signed.send("GET", "/api/api-explorer/fmc.json")
  expect(status).toBe(200)
  const document: Specs.Swagger = json
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ path, verb: verb.toUpperCase(), ...operation }))
  )
  return { ...signed, document, json, text, operations }
})

it.scoped("an FMC describes itself to who is logged in, in the shape that FMCAnsible reads", () =>
  Effect.gen(function* () {
    const { client, json, operations, text } = yield* fetched
    expect((yield* client.send("GET", "/api/api-explorer/fmc.json")).status).toBe(401)
    expect(json).toMatchObject({ swagger: "2.0", info: {}, paths: {}, definitions: {} })
    expect(Object.keys(json.parameters)).toEqual(["domainUUID", "offset", "limit", "expanded"])
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(130)
    expect(ids).toEqual(
      expect.arrayContaining(["getAllHostObject", "createMultipleHostObject", "updateHostObject"])
    )
    const references = [...text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, name]) => name)
    expect(references.length).toBeGreaterThan(300)
    expect(Object.keys(json.definitions)).toEqual(expect.arrayContaining(references))
    for (const { operationId, parameters = [] } of operations) {
      expect({ operationId, path: parameters.some(({ $ref, in: place }) => $ref ?? place) }).toMatchObject({
        operationId,
        path: true
      })
    }
  })
)

it.scoped("it can do all that it describes, and the ledger names each request by its operation", () =>
  Effect.gen(function* () {
    const { base, operations, sandbox, send } = yield* fetched
    const [device] = (yield* send("GET", "/devices/devicerecords")).json.items
    const [policy] = (yield* send("GET", "/policy/accesspolicies")).json.items
    const nat = (yield* send("POST", "/policy/ftdnatpolicies", { name: "n" })).json
    const object = (yield* send("POST", "/object/dynamicobjects", { name: "d", objectType: "IP" })).json
    const domain = base.split("/").at(-1) ?? ""
    for (const { operationId, path, verb } of operations) {
      const holder = path.includes("/devicerecords/")
        ? device.id
        : path.includes("/ftdnat")
          ? nat.id
          : policy.id
      const url = path
        .replace("{domainUUID}", domain)
        .replace("{containerUUID}", holder)
        .replace("{objectId}/mappings", `${object.id}/mappings`)
        .replace("{objectId}", "none")
      const asked = /^(update|delete)Multiple/.test(operationId) ? "?bulk=true&filter=ids:none" : ""
      const answer = yield* send(verb, `${url}${asked}`, verb === "POST" || verb === "PUT" ? {} : undefined)
      const isUnknown = [405, 500].includes(answer.status) || answer.text.includes("The requested resource")
      expect({ operationId, status: answer.status, isUnknown }).toMatchObject({ isUnknown: false })
      expect(sandbox.ledger.requests.at(-1)?.operation).toBe(operationId)
    }
  })
)

// The document of a real device lies beside the project, not in it.
describe.skipIf(!Specs.areThere)("beside Cisco's own document (skipped without ../shared/specs)", () => {
  // From 7.4 on (read in public clients' code), and so in no document of an older version.
  const isNewer = (id: string) => /^deleteMultiple/.test(id)

  it.scoped("it has no operation, parameter or field that the document does not have", () =>
    Effect.gen(function* () {
      const { document, operations } = yield* fetched
      const real = Specs.fmc()
      const named = (of: Specs.Swagger, operation: Specs.Operation) =>
        Specs.parametersOf(of, operation).map((one) => `${one.in} ${one.name}`)
      for (const { operationId, parameters = [], path, verb } of operations) {
        const there = real.paths[path]?.[verb.toLowerCase()]
        if (there === undefined && isNewer(operationId)) continue
        expect({ path, verb, id: there?.operationId }).toEqual({ path, verb, id: operationId })
        const own = named(document, { operationId, parameters })
        expect({ path, verb, own }).toEqual({
          path,
          verb,
          own: expect.toSatisfy((all: ReadonlyArray<string>) =>
            all.every((one) => named(real, there ?? { operationId }).includes(one))
          )
        })
      }
    })
  )

  it.scoped("it answers each list that the document has, where what holds it exists", () =>
    Effect.gen(function* () {
      const { base, sandbox, send } = yield* signedIn({
        rules: 1,
        haPairs: [{ name: "edge", primary: "ftd-1", secondary: "ftd-2" }]
      })
      let count = 0
      const made = (path: string, body: object) => send("POST", path, { name: `own-${count++}`, ...body })
      const [device] = (yield* send("GET", "/devices/devicerecords")).json.items
      yield* made("/object/dynamicobjects", { objectType: "IP" })
      yield* made("/object/fqdns", { value: "a.example", dnsResolution: "IPV4_ONLY" })
      yield* made("/object/icmpv4objects", { icmpType: "8" })
      yield* made("/object/ranges", { value: "192.0.2.1-192.0.2.2" })
      yield* made("/object/urls", { url: "a.example" })
      yield* made("/object/vlantags", { data: { startTag: 1, endTag: 2 } })
      yield* made("/object/portobjectgroups", { objects: [] })
      yield* made("/object/networkgroups", { literals: [{ value: "192.0.2.1" }] })
      const plain = ["dnsservergroups", "icmpv6objects", "keychains", "timezoneobjects"]
      for (const path of [...plain, "urlgroups", "vlangrouptags"]) yield* made(`/object/${path}`, {})
      for (const path of ["ftdnatpolicies", "ftds2svpns", "networkanalysispolicies", "prefilterpolicies"])
        yield* made(`/policy/${path}`, {})
      yield* made(`/devices/devicerecords/${device.id}/routing/virtualrouters`, {})

      /** Puts the id of the first thing that is there into each place that holds a list. */
      const firsts = new Map<string, { readonly id: string } | undefined>()
      const filled = (path: string): Effect.Effect<string | undefined, unknown> =>
        Effect.gen(function* () {
          const [, before = "", after = ""] = /^(.*)\/\{\w+\}(.*?)$/.exec(path) ?? []
          if (before === "") return path
          const all = yield* filled(before)
          if (all === undefined) return undefined
          if (!firsts.has(all)) firsts.set(all, (yield* send("GET", all)).json.items?.[0])
          const first = firsts.get(all)
          return first === undefined ? undefined : `${all}/${first.id}${after}`
        })
      const domain = base.split("/").at(-1) ?? ""
      const below: Array<string> = []
      const lists = Object.entries(Specs.fmc().paths).filter(([path, { get }]) => get && !path.endsWith("}"))
      expect(lists.length).toBeGreaterThan(200)
      for (const [path, { get }] of lists) {
        const url = yield* filled(path.replace("{domainUUID}", domain))
        if (url === undefined) below.push(path.replace(/^.*\{domainUUID\}/, ""))
        else {
          const needed = Specs.parametersOf(Specs.fmc(), get ?? { operationId: "" })
            .filter((one) => one.in === "query" && one.required)
            .map(({ name }) => `&${name}=${name === "filter" ? `deviceId:${device.id}` : "x"}`)
          const answer = yield* send("GET", `${url}?limit=1${needed.join("")}`)
          expect({ path, status: answer.status }).toEqual({ path, status: 200 })
          expect(answer.json).toMatchObject({ links: {}, paging: { offset: 0, limit: 1 } })
          expect(sandbox.ledger.requests.at(-1)?.operation).toBe(get?.operationId)
          if (needed.length > 0)
            expect({ path, status: (yield* send("GET", url)).status }).toEqual({ path, status: 400 })
        }
      }
      // Nothing is ever in what holds these.
      expect(below).toEqual([
        "/object/anyconnectcustomattributes/{containerUUID}/overrides",
        "/object/ipv4addresspools/{containerUUID}/overrides",
        "/object/ipv6addresspools/{containerUUID}/overrides",
        "/object/ssoservers/{containerUUID}/overrides",
        "/policy/ravpns/{containerUUID}/addressassignmentsettings",
        "/policy/ravpns/{containerUUID}/certificatemapsettings",
        "/policy/ravpns/{containerUUID}/connectionprofiles",
        "/api/fmc_platform/v1/updates/upgradepackages/{containerUUID}/applicabledevices"
      ])
    })
  )

  it.scoped("each kind that it checks keeps the fields of the document's model, but for a few", () =>
    Effect.gen(function* () {
      const { document, operations } = yield* fetched
      const real = Specs.fmc()
      const written = operations.flatMap(({ parameters = [], verb }) =>
        verb === "POST" || verb === "PUT"
          ? parameters.flatMap(({ schema }) => schema?.$ref?.split("/").at(-1) ?? [])
          : []
      )
      const propertiesOf = (of: Specs.Swagger, model: string) =>
        Object.keys(of.definitions[model]?.properties ?? {})
      const common = ["id", "links", "metadata", "name", "type", "version"]
      // Of overrides others tell, and of a rule's place the query; the rest is for reading.
      const elsewhere = ["overridable", "overrideTargetId", "overrides", "section", "targetIndex"]
      const readOnly = ["commentHistoryList", "interfaceGroup", "newComments", "rules"]
      const dropped = [...new Set(written)].flatMap((model) => {
        const own = propertiesOf(document, model).filter((name) => !common.includes(name))
        // Of the others it keeps whatever it is sent.
        if (own.length === 0) return []
        const kept = [...own, ...common, ...elsewhere, ...readOnly]
        const left = propertiesOf(real, model).filter((name) => !kept.includes(name))
        return left.length === 0 ? [] : [{ model, left }]
      })
      // What a device does with these is no field of anything that is kept.
      expect(dropped).toEqual([
        { model: "DynamicObjectMappings", left: ["description"] },
        { model: "DeploymentRequest", left: ["selectedPoliciesforDevices", "description"] }
      ])
    })
  )

  it.scoped("what its lists show has no field that the document's model of it does not have", () =>
    Effect.gen(function* () {
      const { base, operations, send } = yield* fetched
      yield* send("POST", "/object/hosts", { name: "pending", value: "192.0.2.1" })
      yield* send("POST", "/object/dynamicobjects", { name: "d", objectType: "IP" })
      const real = Specs.fmc()
      // A list of ports has things of several models, and its own has what they share.
      const lists = operations.filter(
        ({ path, verb }) => verb === "GET" && !/Id\}|containerUUID|\/ports$/.test(path)
      )
      let shown = 0
      for (const { path } of lists) {
        const url = path.replace("{domainUUID}", base.split("/").at(-1) ?? "")
        const all = [
          ...((yield* send("GET", url)).json.items ?? []),
          ...((yield* send("GET", `${url}?expanded=true`)).json.items ?? [])
        ]
        const known = Specs.itemFieldsOf(real, path)
        shown += all.length
        const unknown = new Set(
          all.flatMap((item: object) => Object.keys(item)).filter((field) => !known.includes(field))
        )
        expect({ path, unknown: [...unknown] }).toEqual({ path, unknown: [] })
      }
      expect(shown).toBeGreaterThan(100)
    })
  )

  it.scoped("its kinds have the fields and the required ones of the document", () =>
    Effect.gen(function* () {
      const { document } = yield* fetched
      const real = Specs.fmc()
      const kinds = Object.keys(document.definitions).filter(
        (name) => `${name}ListContainer` in document.definitions
      )
      expect(kinds.length).toBeGreaterThan(25)
      const differences = kinds.flatMap((name) => {
        const [own, there] = [document.definitions[name], real.definitions[name]]
        const unknown = Object.keys(own?.properties ?? {}).filter(
          (field) => !(field in (there?.properties ?? {}))
        )
        const missing = (there?.required ?? []).filter(
          (field) => field in (own?.properties ?? {}) && !own?.required?.includes(field)
        )
        return unknown.length + missing.length > 0 ? [{ name, unknown, missing }] : []
      })
      expect(differences).toEqual([])
    })
  )
})
