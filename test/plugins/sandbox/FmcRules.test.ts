import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Sandbox from "sallyport/sandbox"
import { signedIn } from "./signedIn.ts"

const policies = "/policy/accesspolicies"

const policy = (name: string, action = "BLOCK") => ({
  type: "AccessPolicy",
  name,
  defaultAction: { type: "AccessPolicyDefaultAction", action }
})

const rule = (name: string, fields: object = {}) => ({ type: "AccessRule", name, action: "ALLOW", ...fields })

/** A client, and a policy without rules. */
const prepared = (options?: Sandbox.Options) =>
  Effect.gen(function* () {
    const signed = yield* signedIn({ objects: 1, ...options })
    const { json } = yield* signed.send("POST", policies, policy("P"))
    const rules = `${policies}/${json.id}/accessrules`
    const add = (query: string, ...names: ReadonlyArray<string>) =>
      signed.send(
        "POST",
        `${rules}?bulk=true${query}`,
        names.map((name) => rule(name))
      )
    const names = Effect.map(signed.send("GET", rules), ({ json }) =>
      (json.items ?? []).map(({ name }: { name: string }) => name)
    )
    return { ...signed, id: json.id, rules, add, names }
  })

it.scoped("an access policy is created, read, updated and deleted with its rules", () =>
  Effect.gen(function* () {
    const { id, rules, send } = yield* prepared()
    const path = `${policies}/${id}`
    const read = yield* send("GET", path)
    expect(read.json).toMatchObject(policy("P"))
    expect((yield* send("PUT", path, { ...policy("Q", "TRUST"), id })).status).toBe(200)
    expect((yield* send("GET", path)).json).toMatchObject(policy("Q", "TRUST"))
    expect((yield* send("GET", `${policies}?name=Q`)).json.items).toMatchObject([
      { name: "Q", type: "AccessPolicy" }
    ])
    expect((yield* send("POST", policies, policy("q"))).status).toBe(400)
    expect((yield* send("POST", policies, { name: "none" })).status).toBe(400)
    expect((yield* send("POST", policies, policy("x", "ALLOW"))).status).toBe(400)
    const { json } = yield* send("GET", "/object/hosts")
    const host = json.items[0].id
    yield* send("POST", rules, rule("one", { sourceNetworks: { objects: [{ id: host }] } }))
    expect((yield* send("DELETE", `/object/hosts/${host}`)).status).toBe(400)
    expect((yield* send("DELETE", path)).status).toBe(200)
    expect((yield* send("GET", rules)).status).toBe(404)
    expect((yield* send("DELETE", `/object/hosts/${host}`)).status).toBe(200)
  })
)

it.scoped("a rule is created, read, updated and deleted, with the names that its objects have today", () =>
  Effect.gen(function* () {
    const { rules, send } = yield* prepared()
    const host = (yield* send("GET", "/object/hosts?expanded=true")).json.items[0]
    const ports = yield* send("GET", "/object/protocolportobjects?filter=nameOrValue:HTTPS")
    const https = ports.json.items[0]
    const made = yield* send(
      "POST",
      rules,
      rule("web", {
        sourceNetworks: {
          objects: [{ id: host.id, type: "Host" }],
          literals: [{ type: "Host", value: "::1" }]
        },
        destinationPorts: {
          objects: [{ id: https.id, type: "ProtocolPortObject" }],
          literals: [{ type: "PortLiteral", protocol: "6", port: "8443" }]
        },
        sourceZones: { objects: [{ id: "zone", name: "inside", type: "SecurityZone" }] },
        logEnd: true
      })
    )
    expect(made.status).toBe(201)
    yield* send("PUT", `/object/hosts/${host.id}`, { ...host, name: "renamed" })
    const path = `${rules}/${made.json.id}`
    const read = yield* send("GET", path)
    expect(read.json).toMatchObject({
      enabled: true,
      logBegin: false,
      logEnd: true,
      sourceNetworks: { objects: [{ name: "renamed" }], literals: [{ value: "::1" }] },
      destinationPorts: { objects: [{ name: "HTTPS" }], literals: [{ port: "8443" }] },
      sourceZones: { objects: [{ name: "inside" }] },
      metadata: { ruleIndex: 1, section: "Default", category: "--Undefined--", accessPolicy: { name: "P" } }
    })
    const used = yield* send("DELETE", `/object/hosts/${host.id}`)
    expect(used.json.error.messages[0].description).toContain("is used by AccessRule web")
    const put = yield* send("PUT", path, { ...read.json, sourceNetworks: {}, enabled: false })
    expect(put.json.enabled).toBe(false)
    expect(put.json).not.toHaveProperty("sourceNetworks")
    expect((yield* send("DELETE", `/object/hosts/${host.id}`)).status).toBe(200)
    expect((yield* send("DELETE", path)).json).toMatchObject({ name: "web", metadata: { ruleIndex: 1 } })
    expect((yield* send("GET", path)).status).toBe(404)
  })
)

it.scoped(
  "rules with unknown actions, wrong switches, references that do not exist and names that are taken are refused",
  () =>
    Effect.gen(function* () {
      const { rules, send } = yield* prepared()
      yield* send("POST", rules, rule("taken"))
      const refused = [
        rule("x", { action: "PERMIT" }),
        rule("x", { enabled: "yes" }),
        rule("x", { sourceNetworks: { objects: [{ id: "nothing", type: "Host" }] } }),
        rule("x", { destinationPorts: { objects: [{ id: "nothing", type: "ProtocolPortObject" }] } }),
        rule("x", { destinationNetworks: "any" }),
        rule("Taken")
      ]
      for (const body of refused) expect((yield* send("POST", rules, body)).status).toBe(400)
      // The names of one policy are free in another.
      const other = yield* send("POST", policies, policy("other"))
      expect((yield* send("POST", `${policies}/${other.json.id}/accessrules`, rule("taken"))).status).toBe(
        201
      )
    })
)

it.scoped("rules stand where section, category and index say", () =>
  Effect.gen(function* () {
    const { add, id, names, rules, send } = yield* prepared()
    yield* add("", "d1", "d2")
    yield* add("&section=mandatory", "m1", "m2")
    expect(yield* names).toEqual(["m1", "m2", "d1", "d2"])
    yield* add("&insertBefore=2", "before", "too")
    yield* add("&insertAfter=6", "after")
    expect(yield* names).toEqual(["m1", "before", "too", "m2", "d1", "d2", "after"])
    const category = yield* send("POST", `${policies}/${id}/categories?section=mandatory`, { name: "C" })
    expect(category.status).toBe(201)
    yield* add("&category=C", "c1", "c2")
    yield* add("&section=mandatory", "m3")
    yield* add("&category=C", "c3")
    const whole = yield* send("GET", `${rules}?expanded=true`)
    const placed = whole.json.items.map(
      ({ name, metadata }: { name: string; metadata: { [key: string]: unknown } }) =>
        `${metadata.ruleIndex} ${name} ${metadata.section} ${metadata.category}`
    )
    expect(placed).toEqual([
      "1 m1 Mandatory --Undefined--",
      "2 before Mandatory --Undefined--",
      "3 too Mandatory --Undefined--",
      "4 m2 Mandatory --Undefined--",
      "5 c1 Mandatory C",
      "6 c2 Mandatory C",
      "7 c3 Mandatory C",
      "8 m3 Mandatory --Undefined--",
      "9 d1 Default --Undefined--",
      "10 d2 Default --Undefined--",
      "11 after Default --Undefined--"
    ])
    const refused = [
      "&category=none",
      "&section=other",
      "&section=mandatory&category=C",
      "&insertBefore=12",
      "&insertBefore=0",
      "&insertBefore=x",
      "&section=default&insertBefore=2",
      "&section=mandatory&insertAfter=10"
    ]
    for (const query of refused) expect((yield* add(query, "x")).status).toBe(400)
    expect((yield* send("GET", `${policies}/${id}/categories`)).json.items).toMatchObject([{ name: "C" }])
  })
)

it.scoped("rules are created, updated and deleted in bulk, all of them or none, and keep their order", () =>
  Effect.gen(function* () {
    const { add, names, rules, send } = yield* prepared()
    const made = (yield* add("", "a", "b", "c")).json.items
    expect((yield* add("", "d", "a")).status).toBe(400)
    expect((yield* send("POST", rules, [rule("d")])).status).toBe(422)
    expect(yield* names).toEqual(["a", "b", "c"])
    const renamed = [
      { ...made[2], name: "C" },
      { ...made[0], enabled: false }
    ]
    const put = yield* send("PUT", `${rules}?bulk=true`, renamed)
    expect(put.json.items).toMatchObject([
      { name: "C", metadata: { ruleIndex: 3 } },
      { name: "a", enabled: false }
    ])
    expect(yield* names).toEqual(["a", "b", "C"])
    const unknown = [{ ...made[1], name: "B" }, rule("x", { id: "nothing" })]
    expect((yield* send("PUT", `${rules}?bulk=true`, unknown)).status).toBe(404)
    expect((yield* send("PUT", rules, renamed)).status).toBe(405)
    const remove = (...ids: ReadonlyArray<string>) =>
      send("DELETE", `${rules}?bulk=true&filter=ids:${ids.join(",")}`)
    expect((yield* remove(made[0].id, "nothing")).status).toBe(404)
    expect(yield* names).toEqual(["a", "b", "C"])
    expect((yield* remove(made[0].id, made[2].id)).json.items).toHaveLength(2)
    expect(yield* names).toEqual(["b"])
  })
)

it.scoped("the option rules makes a policy Edge whose rules come in pages", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ objects: 3, rules: 60 })
    const edge = (yield* send("GET", policies)).json.items[0]
    expect(edge.name).toBe("Edge")
    const rules = `${policies}/${edge.id}/accessrules`
    const page = yield* send("GET", `${rules}?expanded=true&offset=50`)
    expect(page.json.paging).toMatchObject({ count: 60, pages: 3 })
    expect(page.json.items[0]).toMatchObject({
      name: "rule-051",
      sourceNetworks: { objects: [{ name: "host-003", type: "Host" }] },
      metadata: { ruleIndex: 51, section: "Default" }
    })
    const first = yield* send("GET", `${rules}?limit=1`)
    expect(Object.keys(first.json.items[0]).sort()).toEqual(["id", "links", "name", "type"])
    expect(first.json.paging.next[0]).toContain(`${rules}?`)
  })
)
