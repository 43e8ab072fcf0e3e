// The undo of what is not the verb of a kind of objects: members, mappings, overrides, rules and their order.
//
// Invariants: what the run has changed is as it was before, but for the ids of what is created anew; rules stand where
// they stood.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Pages, type Rest } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { own, recorded, undone } from "../../support/recordedRun.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

/** What is there before, and a script that changes it. */
interface Special {
  readonly lists: ReadonlyArray<string>
  readonly prepare: (domain: Domain) => Effect.Effect<string, unknown>
  readonly script: (domain: Domain, id: string) => Effect.Effect<unknown, unknown>
}

const literal = (value: string) => ({ type: "Host", value })
const device = { id: "device-1", type: "Device" as const }
const overridable = (domain: Domain) =>
  Effect.map(domain.hosts.create({ name: "o-1", value: "192.0.2.1", overridable: true }), ({ id }) => id)
const overridden = (domain: Domain) =>
  Effect.tap(overridable(domain), (id) => domain.hosts.overrides.set(id, device, { value: "192.0.2.2" }))
const group = ({ networkGroups }: Domain) =>
  Effect.map(
    networkGroups.create({ name: "g-1", literals: ["192.0.2.1", "192.0.2.2"].map(literal) }),
    ({ id }) => id
  )
const mapped = ({ dynamicObjects }: Domain) =>
  Effect.tap(
    Effect.map(dynamicObjects.create({ name: "d-1", objectType: "IP" }), ({ id }) => id),
    (id) => dynamicObjects.addMappings(id, ["192.0.2.1", "192.0.2.2"])
  )
const rule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })
const policies = "/policy/accesspolicies"
const policy = (domain: Domain) =>
  Effect.gen(function* () {
    const { id = "" } = yield* domain
      .objects(policies)
      .create({ name: "P", defaultAction: { action: "BLOCK" } })
    const post = (query: Rest.Query, ...names: ReadonlyArray<string>) =>
      domain.rest.request("POST", `${policies}/${id}/accessrules`, {
        query: { ...query, bulk: true },
        body: names.map(rule)
      })
    yield* domain.objects(`${policies}/${id}/categories`).create({ name: "C", type: "AccessPolicyCategory" })
    yield* post({ section: "mandatory" }, "m-1", "m-2", "m-3")
    yield* post({ category: "C" }, "c-1")
    yield* post({ section: "default" }, "d-1", "d-2")
    return id
  })
const rulesOf = (domain: Domain, id: string) => domain.objects(`${policies}/${id}/accessrules`)
const listed = (domain: Domain, id: string) =>
  Effect.map(Stream.runCollect(rulesOf(domain, id).list()), (all) =>
    [...all].map((one) => ({ ...one, id: String(one.id) }))
  )

const specials: Readonly<Record<string, Special>> = {
  "networkGroups.addMembers": {
    lists: ["/object/networkgroups"],
    prepare: group,
    script: ({ networkGroups }, id) =>
      networkGroups.addMembers(id, { literals: ["192.0.2.2", "192.0.2.3", "192.0.2.4"].map(literal) })
  },
  "networkGroups.removeMembers": {
    lists: ["/object/networkgroups"],
    prepare: group,
    script: ({ networkGroups }, id) => networkGroups.removeMembers(id, { literals: [literal("192.0.2.2")] })
  },
  "dynamicObjects.addMappings": {
    lists: ["/object/dynamicobjects", "/object/dynamicobjects/{id}/mappings"],
    prepare: mapped,
    script: ({ dynamicObjects }, id) => dynamicObjects.addMappings(id, ["192.0.2.2", "198.51.100.0/24"])
  },
  "dynamicObjects.removeMappings": {
    lists: ["/object/dynamicobjects/{id}/mappings"],
    prepare: mapped,
    script: ({ dynamicObjects }, id) => dynamicObjects.removeMappings(id, ["192.0.2.2", "198.51.100.0/24"])
  },
  "dynamicObjects.addMappings, more than one request takes": {
    lists: ["/object/dynamicobjects/{id}/mappings"],
    prepare: mapped,
    script: ({ dynamicObjects }, id) =>
      dynamicObjects.addMappings(
        id,
        Array.from({ length: 1100 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
      )
  },
  "overrides.set, of none": {
    lists: ["/object/hosts", "/object/hosts/{id}/overrides"],
    prepare: overridable,
    script: ({ hosts }, id) => hosts.overrides.set(id, device, { value: "192.0.2.3" })
  },
  "overrides.set, of one": {
    lists: ["/object/hosts", "/object/hosts/{id}/overrides"],
    prepare: overridden,
    script: ({ hosts }, id) => hosts.overrides.set(id, device, { value: "192.0.2.3" })
  },
  "overrides.remove": {
    lists: ["/object/hosts", "/object/hosts/{id}/overrides"],
    prepare: overridden,
    script: ({ hosts }, id) => hosts.overrides.remove(id, device.id)
  },
  "rules, removed one by one": {
    lists: ["/policy/accesspolicies/{id}/accessrules"],
    prepare: policy,
    script: (domain, id) =>
      Effect.gen(function* () {
        const all = yield* listed(domain, id)
        for (const at of [0, 3, 2, 5]) yield* rulesOf(domain, id).remove(all[at]?.id ?? "")
      })
  },
  "rules, removed together": {
    lists: ["/policy/accesspolicies/{id}/accessrules"],
    prepare: policy,
    script: (domain, id) =>
      Effect.flatMap(listed(domain, id), (all) =>
        rulesOf(domain, id).removeAll(all.filter((_, at) => at !== 2).map(({ id }) => id))
      )
  },
  "rules, all of them": {
    lists: ["/policy/accesspolicies/{id}/accessrules"],
    prepare: policy,
    script: (domain, id) =>
      Effect.flatMap(listed(domain, id), (all) => rulesOf(domain, id).removeAll(all.map(({ id }) => id)))
  },
  "rules, changed": {
    lists: ["/policy/accesspolicies/{id}/accessrules"],
    prepare: policy,
    script: (domain, id) =>
      rulesOf(domain, id).upsertAll(["m-1", "new", "d-2"].map((name) => ({ ...rule(name), action: "BLOCK" })))
  }
}

describe.each(["7.4.2 (build 172)", "7.2.0 (build 82)"])("an FMC %s", (serverVersion) => {
  it.scopedLive.each(Object.entries(specials))("takes back %s", ([, { lists, prepare, script }]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ serverVersion })
      const fmc = yield* Fmc.make(sandbox.fmc)
      const domain = yield* fmc.domain("Global")
      const id = yield* prepare(domain)
      // In their order, as the rules of a policy have one.
      const state = Effect.forEach(lists, (list) =>
        Effect.map(
          Stream.runCollect(
            Pages.list(domain.rest, list.replace("{id}", id), Schema.Unknown, { expanded: true })
          ),
          (items) => [...items].map(withPlace)
        )
      )
      const before = yield* state
      const changes = yield* recorded(script(domain, id))
      expect(changes.map(({ outcome }) => outcome)).toEqual(changes.map(() => "done"))
      expect(yield* state).not.toEqual(before)
      const { result } = yield* undone(changes, { "sandbox-fmc": domain })
      expect(result.map(({ result }) => result).filter(({ how }) => how !== "undone")).toEqual([])
      const sorted = (one: unknown) =>
        JSON.stringify(one, (_, value) =>
          Array.isArray(value) && value.every((each) => !("place" in Object(each)))
            ? value.map((each) => JSON.stringify(each)).sort()
            : value
        )
      expect(sorted(yield* state)).toEqual(sorted(before))
    })
  )
})

const withPlace = (item: unknown) => {
  const { metadata } = item as { readonly metadata?: Readonly<Record<string, unknown>> }
  const { category, ruleIndex, section } = metadata ?? {}
  return ruleIndex === undefined
    ? own(item)
    : { ...(own(item) as object), place: [section, category, ruleIndex] }
}

describe("an FDM", () => {
  it.scopedLive(
    "takes back what was changed of its interfaces and rules, and tells which rule has lost its place",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const fdm = yield* Fdm.make(sandbox.fdm)
        const [policy] = yield* Stream.runCollect(fdm.objects("/policy/accesspolicies").list())
        const path = `/policy/accesspolicies/${policy?.id}/accessrules`
        const rules = fdm.objects(path)
        const rule = (name: string) => ({ name, type: "accessrule", ruleAction: "PERMIT" })
        yield* rules.createAll(["one", "two", "three"].map(rule))
        const state = Effect.forEach([path, "/devices/default/interfaces"], (list) =>
          Effect.map(Stream.runCollect(Pages.list(fdm.rest, list, Schema.Unknown)), (items) =>
            [...items].map(own)
          )
        )
        const before = yield* state
        const changes = yield* recorded(
          Effect.gen(function* () {
            const [first] = yield* Stream.runCollect(fdm.interfaces.list())
            if (first !== undefined) yield* fdm.interfaces.update({ ...first, description: "changed" })
            yield* rules.upsert({ ...rule("two"), ruleAction: "DENY" })
            yield* rules.create(rule("four"))
            yield* Effect.flatMap(Effect.flatten(rules.find("three")), ({ id }) => rules.remove(id))
          })
        )
        expect(yield* state).not.toEqual(before)
        const { result } = yield* undone(changes, { "sandbox-fdm": fdm })
        expect(result.map(({ result }) => result.how)).toEqual(["undone", "undone", "undone", "undone"])
        expect(result[0]?.result.why).toContain('"three" has lost its place in the order of the rules')
        // The number is the device's to give.
        expect(result[0]?.result.why).toContain("but the device did not keep ruleId")
        const named = (all: unknown) =>
          JSON.stringify(all, (field, value) => (field === "ruleId" ? undefined : value))
        expect(named(yield* state)).toBe(named(before))
      })
  )
})
