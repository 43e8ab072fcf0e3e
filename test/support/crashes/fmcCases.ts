import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import { type Clients, cases, type Domain } from "./Case.ts"

const host = (name: string, value = "198.51.100.9") => ({ name, value })
const shown = ({ name, value }: { readonly name?: unknown; readonly value?: unknown }) => ({ name, value })
const literal = (value: string) => ({ type: "Host", value })

const found = ({ hosts }: Domain, name: string) =>
  Effect.map(hosts.find(name), (one) => Option.getOrThrowWith(one, () => new Error(`no ${name}`)))

const idOf = (domain: Domain, name: string) => Effect.map(found(domain, name), ({ id }) => id)

const ids = (domain: Domain, ...names: ReadonlyArray<string>) =>
  Effect.forEach(names, (name) => idOf(domain, name))

const group = ({ domain }: Clients) =>
  Effect.map(domain.networkGroups.find("group"), (one) => Option.getOrThrow(one))

const withGroup = ({ domain }: Clients) =>
  domain.networkGroups.create({ name: "group", literals: [literal("192.0.2.1"), literal("192.0.2.2")] })

const members = (one: { readonly literals?: ReadonlyArray<{ readonly value: string }> | undefined }) =>
  (one.literals ?? []).map(({ value }) => value).sort()

const dynamic = ({ domain }: Clients) =>
  Effect.map(domain.dynamicObjects.find("set"), (one) => Option.getOrThrow(one).id)

const withMappings = ({ domain }: Clients) =>
  Effect.flatMap(domain.dynamicObjects.create({ name: "set", objectType: "IP" }), ({ id }) =>
    domain.dynamicObjects.addMappings(id, ["192.0.2.1", "192.0.2.2"])
  )

const mapped = (clients: Clients) =>
  Effect.flatMap(dynamic(clients), (id) =>
    Effect.map(Stream.runCollect(clients.domain.dynamicObjects.listMappings(id)), (all) => [...all].sort())
  )

const device = { id: "device-1", type: "Device" } as const
const overridden = ({ domain }: Clients) => domain.hosts.create({ ...host("o"), overridable: true })

const names = ({ hosts }: Domain) =>
  Effect.map(Stream.runCollect(hosts.list()), (all) => [...all].map(({ name }) => name).sort())

export const fmcCases = cases({
  create: { script: ({ domain }) => Effect.map(domain.hosts.create(host("a")), shown) },
  update: {
    script: ({ domain }) =>
      Effect.gen(function* () {
        const one = yield* found(domain, "host-001")
        return shown(yield* domain.hosts.update({ ...one, value: "203.0.113.1" }))
      })
  },
  remove: {
    script: ({ domain }) => Effect.flatMap(idOf(domain, "host-001"), domain.hosts.remove)
  },
  createAll: {
    script: ({ domain }) =>
      Effect.map(domain.hosts.createAll([host("a"), host("b"), host("c")]), (all) => all.map(shown))
  },
  removeAll: {
    script: ({ domain }) =>
      Effect.flatMap(ids(domain, "host-001", "host-002"), (all) => domain.hosts.removeAll(all))
  },
  removeAllByList: {
    script: ({ domain }) =>
      Effect.flatMap(ids(domain, "host-001", "host-002", "host-003", "host-004"), (all) =>
        domain.hosts.removeAll(all)
      )
  },
  upsert: {
    script: ({ domain: { hosts } }) =>
      Effect.map(
        Effect.all([
          hosts.upsert(host("a")),
          hosts.upsert(host("host-001")),
          hosts.upsert(host("a")),
          hosts.upsert(host("a", "198.51.100.10"))
        ]),
        (all) => all.map(({ change, item }) => [change, shown(item)])
      )
  },
  upsertAll: {
    prepare: ({ domain }) => domain.hosts.createAll([host("same"), host("other", "198.51.100.1")]),
    script: ({ domain }) =>
      Effect.map(
        domain.hosts.upsertAll([host("a"), host("same"), host("other"), host("b"), host("host-001")]),
        (all) => all.map(({ change, item }) => [change, shown(item)])
      )
  },
  addMembers: {
    prepare: withGroup,
    script: (clients) =>
      Effect.gen(function* () {
        const { id } = yield* group(clients)
        const { addMembers } = clients.domain.networkGroups
        const one = yield* addMembers(id, { literals: [literal("192.0.2.2"), literal("192.0.2.3")] })
        const two = yield* addMembers(id, { literals: [literal("192.0.2.4")] })
        return [members(one), members(two)]
      })
  },
  removeMembers: {
    prepare: withGroup,
    script: (clients) =>
      Effect.gen(function* () {
        const { id } = yield* group(clients)
        return members(
          yield* clients.domain.networkGroups.removeMembers(id, { literals: [literal("192.0.2.1")] })
        )
      })
  },
  "members of objects that the run creates": {
    prepare: withGroup,
    script: (clients) =>
      Effect.gen(function* () {
        const { id } = yield* group(clients)
        const made = yield* clients.domain.hosts.create(host("a"))
        const one = yield* clients.domain.networkGroups.addMembers(id, {
          objects: [{ id: made.id, type: "Host" }]
        })
        return (one.objects ?? []).length
      })
  },
  mappings: {
    prepare: withMappings,
    script: (clients) =>
      Effect.gen(function* () {
        const id = yield* dynamic(clients)
        const { addMappings, removeMappings } = clients.domain.dynamicObjects
        yield* addMappings(id, ["192.0.2.2", "192.0.2.3"])
        yield* removeMappings(id, ["192.0.2.1"])
        yield* addMappings(id, ["192.0.2.2"])
        return yield* mapped(clients)
      })
  },
  overrides: {
    prepare: overridden,
    script: ({ domain }) =>
      Effect.gen(function* () {
        const id = yield* idOf(domain, "o")
        const { remove, set } = domain.hosts.overrides
        const first = yield* set(id, device, { value: "10.1.0.1" })
        const same = yield* set(id, device, { value: "10.1.0.1" })
        const second = yield* set(id, device, { value: "10.1.0.2" })
        yield* remove(id, device.id)
        return [first, same, second].map(({ change, item }) => [change, item.value])
      })
  },
  deploy: {
    left: ["deployment"],
    script: ({ domain }) =>
      Effect.gen(function* () {
        yield* domain.hosts.create(host("a"))
        yield* Workflow.step("deploy", domain.deploy({ note: "test" }))
      })
  },
  "deploy twice": {
    left: ["deployment"],
    script: ({ domain }) =>
      Effect.gen(function* () {
        yield* domain.hosts.create(host("a"))
        yield* domain.deploy()
        yield* domain.hosts.create(host("b"))
        yield* domain.deploy()
      })
  },
  change: {
    script: ({ domain, fmc }) =>
      Effect.gen(function* () {
        const { id } = yield* found(domain, "host-001")
        const { rest } = domain
        const path = yield* rest.at("/object/hosts")
        const at = `/object/hosts/${id}`
        const Host = Schema.Struct({ id: Schema.String, name: Schema.String, value: Schema.String })
        const value = "203.0.113.5"
        return yield* Workflow.change("value", {
          on: fmc,
          path,
          before: Effect.map(rest.get(at, Host), (one) => ({ ...one, type: "Host" })),
          after: (before) => (before.value === value ? undefined : { ...before, value }),
          apply: (before) =>
            Effect.as(rest.send("PUT", at, Schema.Unknown, { body: { ...before, value } }), "set"),
          look: () =>
            Effect.map(rest.get(at, Host), (now) =>
              now.value === value ? Option.some("set") : Option.none()
            ),
          undo: (before) => [{ method: "PUT", path, id, body: before, expect: { value } }]
        })
      })
  },
  job: {
    left: ["upgrade"],
    script: ({ domain, fmc }) =>
      Effect.gen(function* () {
        const { rest } = domain
        const Host = Schema.Struct({ id: Schema.String })
        const state = yield* Workflow.job("upgrade", {
          on: fmc,
          path: yield* rest.at("/object/hosts"),
          what: Effect.succeed({ version: "7.6" }),
          submit: Effect.map(
            rest.send("POST", "/object/hosts", Host, { body: { type: "Host", ...host("job") } }),
            ({ id }) => id
          ),
          find: Effect.map(
            domain.hosts.find("job"),
            Option.map(({ id }) => id)
          ),
          poll: (id: string) => Effect.map(domain.hosts.get(id), ({ name }) => name),
          phase: (name) => (name === "job" ? "done" : "running"),
          cannot: "a version is not taken back"
        })
        yield* domain.hosts.create(host("a"))
        return state
      })
  },
  unplanned: {
    left: ["request"],
    isBlind: true,
    script: ({ domain }) =>
      Effect.gen(function* () {
        yield* domain.hosts.create(host("a"))
        yield* Workflow.unplanned(
          "by hand",
          domain.rest.request("POST", "/object/hosts", { body: { type: "Host", ...host("raw") } })
        )
        yield* domain.hosts.create(host("b"))
      })
  },
  step: {
    script: ({ domain }) =>
      Effect.gen(function* () {
        const names = Schema.Array(Schema.String)
        const first = yield* Workflow.step(
          "first",
          names,
          Effect.map(domain.hosts.createAll([host("a"), host("b")]), (all) => all.map(({ name }) => name))
        )
        const second = yield* Workflow.step("second", Effect.map(domain.hosts.create(host("c")), shown))
        return [first, second]
      })
  },
  "a policy with rules": {
    unread: ["AccessPolicy"],
    script: ({ domain }) =>
      Effect.gen(function* () {
        const path = "/policy/accesspolicies"
        const policy = yield* domain
          .objects(path)
          .upsert({ name: "copy", type: "AccessPolicy", defaultAction: { action: "BLOCK" } })
        const rules = domain.objects(`${path}/${policy.item.id}/accessrules`)
        const rule = (name: string, action = "ALLOW") => ({ name, type: "AccessRule", action, enabled: true })
        const all = yield* rules.upsertAll([rule("r1"), rule("r2"), rule("r3")])
        const one = yield* rules.upsert(rule("r2", "BLOCK"))
        return [policy.change, all.map(({ change }) => change), one.change]
      })
  },
  "side by side": {
    script: ({ domain }) =>
      Effect.forEach(
        ["a", "b", "c", "d", "e", "f"],
        (name) =>
          Effect.gen(function* () {
            const { change } = yield* domain.hosts.upsert(host(name))
            const { item } = yield* domain.hosts.upsert(host(name, "198.51.100.77"))
            return [change, shown(item)]
          }),
        { concurrency: 4 }
      )
  },
  "one object again and again": {
    script: ({ domain: { hosts }, domain }) =>
      Effect.gen(function* () {
        const made = yield* hosts.create(host("a"))
        const { id } = made
        yield* hosts.update({ ...made, value: "198.51.100.10" })
        yield* hosts.update({ ...made, value: "198.51.100.9" })
        yield* hosts.update({ ...made, value: "198.51.100.10" })
        yield* hosts.remove(id)
        const again = yield* hosts.create(host("a"))
        return [shown(again), yield* names(domain)]
      })
  },
  "a name that changes hands": {
    script: ({ domain: { hosts }, domain }) =>
      Effect.gen(function* () {
        const old = yield* found(domain, "host-001")
        yield* hosts.update({ ...old, name: "host-001-old" })
        yield* hosts.create(host("host-001"))
        yield* hosts.remove(old.id)
        return yield* names(domain)
      })
  },
  "what the script finds": {
    script: ({ domain: { hosts }, domain }) =>
      Effect.gen(function* () {
        const all = yield* Stream.runCollect(Stream.take(hosts.list(), 3))
        for (const one of all) yield* hosts.update({ ...one, name: `${one.name}-new` })
        const there = yield* names(domain)
        if (Option.isNone(yield* hosts.find("a"))) yield* hosts.create(host("a"))
        if (Option.isSome(yield* hosts.find("host-005")))
          yield* Effect.flatMap(idOf(domain, "host-005"), hosts.remove)
        return [there, yield* names(domain)]
      })
  }
})
