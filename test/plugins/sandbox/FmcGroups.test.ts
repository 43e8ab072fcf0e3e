import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { signedIn } from "./signedIn.ts"

/** A client, and two hosts that groups can have. */
const prepared = (options = {}) =>
  Effect.gen(function* () {
    const signed = yield* signedIn({ objects: 0, ...options })
    const make = (name: string, value: string) =>
      Effect.map(signed.send("POST", "/object/hosts", { name, value }), ({ json }) => json)
    const [a, b] = [yield* make("a", "192.0.2.1"), yield* make("b", "192.0.2.2")]
    const group = (name: string, fields: object) =>
      signed.send("POST", "/object/networkgroups", { name, type: "NetworkGroup", ...fields })
    return { ...signed, a, b, group }
  })

const reference = ({ id, type }: { id: string; type: string }) => ({ id, type })

const literal = (value: string) => ({ type: "Host", value })

it.scoped("a group holds objects by their names of today, and literals", () =>
  Effect.gen(function* () {
    const { a, group, send } = yield* prepared()
    const made = yield* group("g", {
      objects: [reference(a)],
      literals: [literal("10.0.0.1"), { type: "Network", value: "10.1.0.0/16" }]
    })
    expect(made.status).toBe(201)
    yield* send("PUT", `/object/hosts/${a.id}`, { ...a, name: "renamed" })
    const read = yield* send("GET", `/object/networkgroups/${made.json.id}`)
    expect(read.json).toMatchObject({
      type: "NetworkGroup",
      objects: [{ id: a.id, type: "Host", name: "renamed" }],
      literals: [
        { type: "Host", value: "10.0.0.1" },
        { type: "Network", value: "10.1.0.0/16" }
      ]
    })
    const listed = yield* send("GET", "/object/networkgroups?expanded=true&filter=nameOrValue:10.1.")
    expect(listed.json.items).toEqual([read.json])
  })
)

it.scoped(
  "a plain update of a group replaces its members, action=add and action=remove change only those named",
  () =>
    Effect.gen(function* () {
      const { a, b, group, send } = yield* prepared()
      const { json } = yield* group("g", { objects: [reference(a)], literals: [literal("10.0.0.1")] })
      const put = (query: string, fields: object) =>
        send("PUT", `/object/networkgroups/${json.id}${query}`, { id: json.id, name: "g", ...fields })
      const members = (answer: {
        json: { objects?: Array<{ id: string }>; literals?: Array<{ value: string }> }
      }) => [
        ...(answer.json.objects ?? []).map(({ id }) => id),
        ...(answer.json.literals ?? []).map(({ value }) => value)
      ]
      // One that is there already is not there twice.
      const added = yield* put("?action=add", {
        objects: [reference(a), reference(b)],
        literals: [literal("10.0.0.1"), literal("10.0.0.2")]
      })
      expect(members(added)).toEqual([a.id, b.id, "10.0.0.1", "10.0.0.2"])
      const removed = yield* put("?action=remove", {
        objects: [reference(a)],
        literals: [literal("10.0.0.1")]
      })
      expect(members(removed)).toEqual([b.id, "10.0.0.2"])
      expect((yield* put("?action=replace", { objects: [] })).status).toBe(400)
      const replaced = yield* put("", { objects: [reference(a)] })
      expect(members(replaced)).toEqual([a.id])
    })
)

it.scoped("an FMC before 7.4 ignores the action and replaces the members", () =>
  Effect.gen(function* () {
    const { a, b, group, send } = yield* prepared({ serverVersion: "7.2.5 (build 208)" })
    const { json } = yield* group("g", { objects: [reference(a)] })
    const body = { id: json.id, name: "g", objects: [reference(b)] }
    const put = yield* send("PUT", `/object/networkgroups/${json.id}?action=add`, body)
    expect(put.json.objects).toMatchObject([{ id: b.id }])
  })
)

it.scoped(
  "a group refuses unknown members, wrong types, values that do not fit, and itself at any depth",
  () =>
    Effect.gen(function* () {
      const { a, group, send } = yield* prepared()
      const inner = yield* group("inner", { objects: [reference(a)] })
      const outer = yield* group("outer", { objects: [reference(inner.json)] })
      const refused = [
        { objects: [{ id: "nothing", type: "Host" }] },
        { objects: [{ id: a.id, type: "Network" }] },
        { objects: [reference(a), 7] },
        { objects: reference(a) },
        { literals: [literal("10.0.0.300")] },
        { literals: [{ type: "Network", value: "10.0.0.1" }] }
      ]
      for (const fields of refused) {
        const answer = yield* group("refused", fields)
        expect(answer).toMatchObject({ status: 400, json: { error: { category: "VALIDATION" } } })
      }
      for (const member of [inner.json, outer.json]) {
        const circle = { ...inner.json, objects: [reference(member)] }
        expect((yield* send("PUT", `/object/networkgroups/${inner.json.id}`, circle)).status).toBe(400)
      }
    })
)

it.scoped("what a group uses cannot be deleted, and unusedOnly leaves it out", () =>
  Effect.gen(function* () {
    const { a, b, group, send } = yield* prepared()
    const { json } = yield* group("g", { objects: [reference(a)] })
    const refused = yield* send("DELETE", `/object/hosts/${a.id}`)
    expect(refused.status).toBe(400)
    expect(refused.json.error.messages[0].description).toContain("is used by NetworkGroup g")
    const unused = yield* send("GET", "/object/hosts?filter=unusedOnly:true")
    expect(unused.json.items).toMatchObject([{ id: b.id }])
    expect((yield* send("DELETE", `/object/networkgroups/${json.id}`)).status).toBe(200)
    expect((yield* send("DELETE", `/object/hosts/${a.id}`)).status).toBe(200)
  })
)

it.scoped("a domain uses the objects of those above it, not of those below", () =>
  Effect.gen(function* () {
    const { a, base, send } = yield* prepared()
    const { json } = yield* send("GET", "/api/fmc_platform/v1/info/domain")
    const branch = base.replace(json.items[0].uuid, json.items[1].uuid)
    const below = yield* send("POST", `${branch}/object/networkgroups`, {
      name: "g",
      objects: [reference(a)]
    })
    expect(below.status).toBe(201)
    expect((yield* send("DELETE", `/object/hosts/${a.id}`)).status).toBe(400)
    const host = yield* send("POST", `${branch}/object/hosts`, { name: "h", value: "192.0.2.9" })
    const above = { name: "g", objects: [reference(host.json)] }
    expect((yield* send("POST", "/object/networkgroups", above)).status).toBe(400)
  })
)

it.scoped("ranges and ports are objects as well", () =>
  Effect.gen(function* () {
    const { send } = yield* prepared()
    const range = yield* send("POST", "/object/ranges", { name: "r", value: "10.0.0.1-10.0.0.9" })
    expect(range).toMatchObject({ status: 201, json: { type: "Range", value: "10.0.0.1-10.0.0.9" } })
    for (const value of ["10.0.0.9-10.0.0.1", "10.0.0.1", "10.0.0.1-::1", "10.0.0.1-10.0.0.2-10.0.0.3"]) {
      expect((yield* send("POST", "/object/ranges", { name: "x", value })).status).toBe(400)
    }
    // Networks and ports have spaces of names of their own.
    const port = { name: "r", type: "ProtocolPortObject", protocol: "TCP", port: "8000-8100" }
    expect(yield* send("POST", "/object/protocolportobjects", port)).toMatchObject({
      status: 201,
      json: port
    })
    for (const wrong of [{ port: "65536" }, { port: "9-1" }, { port: 80 }, { protocol: "GRE" }]) {
      const answer = yield* send("POST", "/object/protocolportobjects", { ...port, name: "x", ...wrong })
      expect(answer.status).toBe(400)
    }
    const found = yield* send("GET", "/object/protocolportobjects?filter=nameOrValue:443")
    expect(found.json.items).toMatchObject([{ name: "HTTPS" }])
  })
)
