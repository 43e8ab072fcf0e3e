// What the devices of a random run have: before, after, and by whom.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { own } from "../../../support/recordedRun.ts"
import type * as VirtualSandbox from "../../../support/virtualSandbox.ts"
import { type Clients, device, literal, nameOf, policies, policyOf } from "./script.ts"

/** What there is, by what it is called: `hosts m-hosts-a0`. Ids stand for nothing, but what they refer to. */
export type State = ReadonlyMap<string, string>

/** What a list has now: `path` is below the domain of the FMC, or below the API of the FDM. */
type ListOf = (device: "fmc" | "fdm", path: string) => ReadonlyArray<Item>

export interface Observer {
  /** What somebody changes the devices with, beside a run. */
  readonly clients: Clients
  readonly listOf: ListOf
}

export const opened = (sandbox: VirtualSandbox.VirtualSandbox) =>
  Effect.gen(function* () {
    const fmc = yield* Fmc.make(sandbox.beside.fmc)
    const fdm = yield* Fdm.make(sandbox.beside.fdm)
    const domain = yield* fmc.domain("Global")
    const bases = { fmc: yield* domain.rest.at("/x"), fdm: yield* fdm.rest.at("/x") }
    const tokens = { fmc: yield* fmc.session.token, fdm: yield* fdm.session.token }
    return {
      clients: { domain, fdm },
      listOf: (device, path) =>
        sandbox.listOf(device, Redacted.value(tokens[device].access), bases[device].slice(0, -2) + path)
    } satisfies Observer
  })

export const lanes = ["a", "b"] as const
export const rule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })

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

/** What the devices have now. `called` learns the names of ids. */
export const look = ({ listOf }: Observer, called: Map<string, string>): State => {
  const state = new Map<string, string>()
  const all = (device: "fmc" | "fdm", path: string) =>
    listOf(device, `${path}?limit=1000${device === "fmc" ? "&expanded=true" : ""}`)
  const hosts = all("fmc", "/object/hosts")
  const networks = all("fdm", "/object/networks")
  const there = new Set([...hosts, ...networks].map(({ id }) => id))
  const shown = (item: Item): string => {
    const { description, literals, metadata: _, objects, ...rest } = item
    const members = Array.isArray(objects)
      ? // What it refers to is spelled by that one itself.
        objects
          .map(({ id, name }) =>
            `${there.has(id) ? "" : "broken "}${name}`.toLowerCase().replace(/(-(other|new))+$/, "")
          )
          .sort()
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
  put("groups", all("fmc", "/object/networkgroups"))
  put("fdmGroups", all("fdm", "/object/networkgroups"))
  const dynamic = all("fmc", "/object/dynamicobjects")
  put("dynamic", dynamic)
  for (const { id, name } of dynamic) {
    const mappings = all("fmc", `/object/dynamicobjects/${id}/mappings`).map(({ mapping }) => mapping)
    state.set(`mappings ${String(name).toLowerCase()}`, JSON.stringify(mappings.sort()))
  }
  for (const { id, name } of hosts.filter(isOwn)) {
    const values = all("fmc", `/object/hosts/${id}/overrides`).map(({ value }) => value)
    if (values.length > 0) state.set(`overrides ${String(name).toLowerCase()}`, JSON.stringify(values))
  }
  const above = all("fmc", policies)
  put("policies", above)
  for (const { id, name } of above.filter(isOwn)) {
    const of = String(name).toLowerCase()
    const rules = all("fmc", `${policies}/${id}/accessrules`)
    put(
      "rules",
      rules.map((one) => ({ ...one, name: `${of}/${one.name}` }))
    )
    state.set(`order ${of}`, JSON.stringify(rules.map((one) => String(one.name).toLowerCase())))
  }
  return state
}

const isOwn = ({ name }: Item) => /^m-/i.test(String(name))

/** What is not the same in both. */
export const differencesOf = (one: State, other: State): ReadonlyArray<string> =>
  [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key))

/** What the changes of a report are about, as a state calls it: by what it is called before and after it is renamed. */
export const keysOf = (
  { action, device, name = "", path }: Workflow.ChangeReport,
  called: ReadonlyMap<string, string>,
  isOfWhatLiesBelow = false
): ReadonlyArray<string> => {
  if (action === "deploy") return []
  const [, list = "", id = "", below] = /\/(?:object|policy)\/(\w+)(?:\/([^/]+)\/(\w+))?$/.exec(path) ?? []
  const all = spellingsOf(name.toLowerCase()).flatMap((own) =>
    spellingsOf(called.get(id) ?? "").map((above) => keysAt(device, list, below, own, above))
  )
  return all.flatMap((keys) => (isOfWhatLiesBelow ? keys.slice(1) : keys))
}

const renamed = "-new"
const spellingsOf = (name: string): ReadonlyArray<string> => {
  const own = name.endsWith(renamed) ? name.slice(0, -renamed.length) : name
  return [own, `${own}${renamed}`]
}

/** What stands first is the object itself. */
const keysAt = (device: string, list: string, below: string | undefined, own: string, above: string) => {
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
