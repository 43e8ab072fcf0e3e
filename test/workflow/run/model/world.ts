// What the devices of a random run have: before, after, and by whom.
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Pages, type Rest } from "sallyport/plugin"
import type * as Sandbox from "sallyport/sandbox"
import { own } from "../../../support/recordedRun.ts"
import { type Clients, type Domain, device, literal, nameOf, policies, policyOf } from "./script.ts"

/** What there is, by what it is called: `hosts m-hosts-a0`. Ids stand for nothing, but what they refer to. */
export type State = ReadonlyMap<string, string>

/** What somebody looks at the devices with, and changes them beside a run. */
export const opened = (sandbox: Pick<Sandbox.Sandbox, "fmc" | "fdm">) =>
  Effect.gen(function* () {
    const fmc = yield* Fmc.make(sandbox.fmc)
    const fdm = yield* Fdm.make(sandbox.fdm)
    return { domain: yield* fmc.domain("Global"), fdm } satisfies Clients
  })

const lanes = ["a", "b"] as const
const rule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })

/** Puts there what random scripts change; `chosen` says what of it. */
export const prepare = ({ domain, fdm }: Clients, chosen: ReadonlyArray<boolean>) =>
  Effect.forEach(
    lanes.flatMap((lane, at) => (chosen[at] ? [lane] : [])),
    (lane) =>
      Effect.gen(function* () {
        const { dynamicObjects, hosts, networkGroups } = domain
        const host = yield* hosts.create({
          name: nameOf("hosts", lane, 0),
          value: "192.0.2.1",
          overridable: true
        })
        yield* hosts.overrides.set(host.id ?? "", device, { value: "203.0.113.1" })
        const objects = [{ id: host.id ?? "", type: "Host", name: host.name ?? "" }]
        yield* networkGroups.create({ name: nameOf("groups", lane, 0), objects, literals: [literal(1)] })
        const dynamic = yield* dynamicObjects.create({ name: nameOf("dynamic", lane, 0), objectType: "IP" })
        yield* dynamicObjects.addMappings(dynamic.id ?? "", ["198.51.100.1", "198.51.100.2"])
        const policy = yield* domain
          .objects(policies)
          .create({ name: policyOf(lane), type: "AccessPolicy", defaultAction: { action: "BLOCK" } })
        yield* domain
          .objects(`${policies}/${policy.id}/accessrules`)
          .createAll(["x", nameOf("rules", lane, 0), "y"].map(rule))
        const network = { name: nameOf("networks", lane, 0), subType: "HOST" as const, value: "192.0.2.1" }
        const { id = "", name, type = "", version } = yield* fdm.networks.create(network)
        const member = { id, name, type, version } as never
        yield* fdm.networkGroups.create({ name: nameOf("fdmGroups", lane, 0), objects: [member] })
      }),
    { discard: true }
  )

type Item = Readonly<Record<string, unknown>>

const itemsOf = (rest: Rest.Rest, path: string, query: Rest.Query = {}) =>
  Effect.map(
    Stream.runCollect(Pages.list(rest, path, Schema.Unknown, query)),
    (items) => [...items] as Array<Item>
  )

/** What the devices have now. `called` learns the names of ids. */
export const look = ({ domain, fdm }: Clients, called: Map<string, string>): Effect.Effect<State, unknown> =>
  Effect.gen(function* () {
    const state = new Map<string, string>()
    const whole = { expanded: "true" }
    const hosts = yield* itemsOf(domain.rest, "/object/hosts", whole)
    const networks = yield* itemsOf(fdm.rest, "/object/networks")
    const there = new Set([...hosts, ...networks].map(({ id }) => id))
    const shown = (item: Item): string => {
      const { description, literals, metadata: _, objects, ...rest } = item
      const members = Array.isArray(objects)
        ? objects.map(({ id, name }) => (there.has(id) ? name : `broken ${name}`)).sort()
        : []
      const values = Array.isArray(literals) ? literals.map(({ value }) => value).sort() : []
      const note = typeof description === "string" ? description.trim() : ""
      return JSON.stringify(own({ ...rest, note, members, values, overrides: undefined }))
    }
    const put = (list: string, items: ReadonlyArray<Item>) => {
      for (const item of items) {
        const name = String(item.name)
        called.set(String(item.id), name.toLowerCase())
        if (/^(m-|x$|y$)/i.test(name.split("/").at(-1) ?? name))
          state.set(`${list} ${name.toLowerCase()}`, shown(item))
      }
    }
    put("hosts", hosts)
    put("networks", networks)
    put("groups", yield* itemsOf(domain.rest, "/object/networkgroups", whole))
    put("fdmGroups", yield* itemsOf(fdm.rest, "/object/networkgroups"))
    const dynamic = yield* itemsOf(domain.rest, "/object/dynamicobjects", whole)
    put("dynamic", dynamic)
    for (const { id, name } of dynamic) {
      const all = yield* itemsOf(domain.rest, `/object/dynamicobjects/${id}/mappings`)
      state.set(
        `mappings ${String(name).toLowerCase()}`,
        JSON.stringify(all.map(({ mapping }) => mapping).sort())
      )
    }
    for (const { id, name } of hosts.filter(({ name }) => /^m-/i.test(String(name)))) {
      const all = yield* itemsOf(domain.rest, `/object/hosts/${id}/overrides`)
      if (all.length > 0)
        state.set(`overrides ${String(name).toLowerCase()}`, JSON.stringify(all.map(({ value }) => value)))
    }
    const all = yield* itemsOf(domain.rest, policies, whole)
    put("policies", all)
    for (const { id, name } of all.filter(({ name }) => /^m-/i.test(String(name)))) {
      const of = String(name).toLowerCase()
      const rules = yield* itemsOf(domain.rest, `${policies}/${id}/accessrules`, whole)
      put(
        "rules",
        rules.map((one) => ({ ...one, name: `${of}/${one.name}` }))
      )
      state.set(`order ${of}`, JSON.stringify(rules.map((one) => String(one.name).toLowerCase())))
    }
    return state
  })

/** What is not the same in both. */
export const differencesOf = (one: State, other: State): ReadonlyArray<string> =>
  [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key))

/** What the changes of a report are about, as a state calls it. */
export const keysOf = (
  { device, name = "", path }: Workflow.ChangeReport,
  called: ReadonlyMap<string, string>
): ReadonlyArray<string> => {
  const own = name.toLowerCase()
  const [, list = "", id, below] = /\/(?:object|policy)\/(\w+)(?:\/([^/]+)\/(\w+))?$/.exec(path) ?? []
  const above = called.get(id ?? "") ?? ""
  if (device === "sandbox-fdm") return [`${list === "networks" ? "networks" : "fdmGroups"} ${own}`]
  if (below === "accessrules") return [`rules ${above}/${own}`, `order ${above}`]
  if (below === "mappings") return [`mappings ${above}`]
  if (below === "overrides") return [`overrides ${above}`]
  // With an object goes what is below it.
  if (list === "hosts") return [`hosts ${own}`, `overrides ${own}`]
  if (list === "dynamicobjects") return [`dynamic ${own}`, `mappings ${own}`]
  if (list === "accesspolicies") return [`policies ${own}`, `order ${own}`, `below ${own}`]
  return [`groups ${own}`]
}

const drifts = ["change", "remove", "create", "addMember", "addRule", "addMapping"] as const

export const drift = fc.record({
  how: fc.constantFrom(...drifts),
  list: fc.constantFrom("hosts", "groups", "dynamic", "networks"),
  lane: fc.constantFrom(...lanes),
  at: fc.integer({ min: 0, max: 1 })
})
export type Drift = typeof drift extends fc.Arbitrary<infer A> ? A : never

/** Changes something beside a run, as another script would. What cannot be is not. */
export const drifted = (clients: Clients, one: Drift): Effect.Effect<void> =>
  Effect.ignore(doDrift(clients, one))

const doDrift = ({ domain, fdm }: Clients, { at, how, lane, list }: Drift): Effect.Effect<unknown, unknown> =>
  Effect.gen(function* () {
    const lists = {
      hosts: domain.hosts,
      groups: domain.networkGroups,
      dynamic: domain.dynamicObjects,
      networks: fdm.networks
    }
    const all = lists[list as keyof typeof lists] as unknown as Domain["hosts"]
    const name = nameOf(list, lane, at)
    const there = Option.getOrUndefined(yield* all.find(name))
    const found = <A>(
      of: { readonly find: (name: string) => Effect.Effect<Option.Option<A>, unknown> },
      of2: string
    ) => Effect.flatten(of.find(nameOf(of2, lane, at)))
    switch (how) {
      case "change":
        return there && (yield* all.update({ ...there, description: "somebody" }))
      case "remove":
        return there && (yield* all.remove(there.id))
      case "create":
        return (
          there ??
          (yield* all.create({
            name,
            value: "192.0.2.99",
            ...{
              subType: list === "networks" ? "HOST" : undefined,
              literals: list === "groups" ? [literal(99)] : undefined,
              objectType: list === "dynamic" ? "IP" : undefined
            }
          } as never))
        )
      case "addMember": {
        const group = yield* found(domain.networkGroups, "groups")
        return yield* domain.networkGroups.addMembers(group.id, { literals: [literal(77)] })
      }
      case "addMapping": {
        const object = yield* found(domain.dynamicObjects, "dynamic")
        return yield* domain.dynamicObjects.addMappings(object.id, ["198.51.100.77"])
      }
      default: {
        const policy = yield* Effect.flatten(domain.objects(policies).find(policyOf(lane)))
        return yield* domain.objects(`${policies}/${policy.id}/accessrules`).create(rule("m-somebody"))
      }
    }
  })
