import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import { cases } from "./Case.ts"

const accessRule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })
const host = (name: string, value = "198.51.100.9") => ({ name, value })

class NotThis extends Data.TaggedError("NotThis") {}

/** Cases whose scripts look at what they have done, catch what goes wrong, or change what others refer to. */
export const oddCases = cases({
  "a filtered list": {
    script: ({ domain: { hosts } }) =>
      Effect.gen(function* () {
        const named = (name: string) =>
          Effect.map(
            Stream.runCollect(hosts.list({ filter: `nameOrValue:${name}` })),
            (all) => [...all].length
          )
        const first = yield* named("web")
        if (first === 0) yield* hosts.create(host("web"))
        const second = yield* named("web")
        if (second === 1) yield* hosts.create(host("web-2"))
        return [first, second]
      })
  },
  "a refusal that the script catches": {
    script: ({ domain: { hosts } }) =>
      Effect.gen(function* () {
        const first = yield* Effect.either(hosts.create(host("host-001")))
        yield* hosts.create(host("a"))
        const second = yield* Effect.either(hosts.create(host("a")))
        yield* hosts.create(host("b"))
        // By now nothing would refuse the first.
        const { id } = Option.getOrThrow(yield* hosts.find("host-001"))
        yield* hosts.remove(id)
        return [first._tag, second._tag]
      })
  },
  "a bulk of which a row is refused": {
    script: ({ domain: { hosts } }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(hosts.createAll([host("a"), host("host-001"), host("b"), host("c")]))
        yield* hosts.create(host("d"))
        return "items" in error ? error.items.map(({ _tag }) => _tag) : error._tag
      })
  },
  "fdm a bulk of which a row is refused": {
    prepare: ({ fdm }) =>
      fdm.networks.create({
        name: "x",
        value: "198.51.100.9",
        subType: "HOST",
        type: "networkobject"
      } as never),
    script: ({ fdm: { networks } }) =>
      Effect.gen(function* () {
        const one = (name: string) => ({ ...host(name), subType: "HOST" as const, type: "networkobject" })
        const error = yield* Effect.flip(networks.createAll([one("a"), one("x"), one("b")]))
        yield* networks.create(one("d"))
        return "items" in error ? error.items.map(({ _tag }) => _tag) : error._tag
      })
  },
  "a group of what the run creates": {
    script: ({ domain: { hosts, networkGroups } }) =>
      Effect.gen(function* () {
        const [one, two] = yield* hosts.createAll([host("a"), host("b")])
        const objects = [one, two].flatMap((made) =>
          made === undefined ? [] : [{ id: made.id, type: "Host" }]
        )
        const group = yield* networkGroups.upsert({ name: "g", objects })
        const again = yield* networkGroups.upsert({ name: "g", objects: objects.slice(0, 1) })
        yield* hosts.remove(two?.id ?? "")
        return [group.change, again.change]
      })
  },
  "mappings there and back": {
    prepare: ({ domain }) =>
      Effect.flatMap(domain.dynamicObjects.create({ name: "set", objectType: "IP" }), ({ id }) =>
        domain.dynamicObjects.addMappings(id, ["192.0.2.1"])
      ),
    script: ({ domain: { dynamicObjects } }) =>
      Effect.gen(function* () {
        const { id } = Option.getOrThrow(yield* dynamicObjects.find("set"))
        yield* dynamicObjects.addMappings(id, ["192.0.2.1"])
        yield* dynamicObjects.removeMappings(id, ["192.0.2.1"])
        yield* dynamicObjects.addMappings(id, ["192.0.2.1", "192.0.2.9"])
        yield* dynamicObjects.removeMappings(id, ["192.0.2.9"])
        yield* dynamicObjects.addMappings(id, ["192.0.2.9"])
      })
  },
  "steps within steps, side by side": {
    script: ({ domain: { hosts } }) =>
      Effect.forEach(
        ["a", "b", "c"],
        (name) =>
          Workflow.step(
            name,
            Schema.Struct({ name: Schema.String }),
            Effect.gen(function* () {
              yield* Workflow.step("first", hosts.upsert(host(name)))
              const { item } = yield* Workflow.step("second", hosts.upsert(host(name, "198.51.100.10")))
              return { name: item.name }
            })
          ),
        { concurrency: 3 }
      )
  },
  "a step that fails and is tried again": {
    script: ({ domain: { hosts } }) => {
      const once = (times: number) =>
        Workflow.step(
          "tries",
          Schema.String,
          Effect.gen(function* () {
            const { change } = yield* hosts.upsert(host("a"))
            yield* hosts.upsert(host("b", `198.51.100.${times}`))
            return times === 1 ? yield* new NotThis() : change
          })
        )
      return Effect.catchTag(once(1), "NotThis", () => once(2))
    }
  },
  "a rule that is moved by its removal": {
    unread: ["AccessPolicy"],
    script: ({ domain }) =>
      Effect.gen(function* () {
        const path = "/policy/accesspolicies"
        const policies = domain.objects(path)
        const policy = yield* policies.create({
          name: "p",
          type: "AccessPolicy",
          defaultAction: { action: "BLOCK" }
        } as never)
        const rules = domain.objects(`${path}/${policy.id}/accessrules`)
        const rule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })
        const made = yield* rules.create(rule("r1") as never)
        yield* rules.create(rule("r2") as never)
        yield* rules.remove(made.id ?? "")
        yield* rules.create(rule("r1") as never)
        return yield* Effect.map(Stream.runCollect(rules.list()), (all) => [...all].map(({ name }) => name))
      })
  },
  "a policy that comes and goes": {
    unread: ["AccessPolicy"],
    script: ({ domain }) =>
      Effect.gen(function* () {
        const path = "/policy/accesspolicies"
        const policies = domain.objects(path)
        const wanted = { name: "p", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }
        const policy = yield* policies.upsert(wanted)
        const rules = domain.objects(`${path}/${policy.item.id}/accessrules`)
        yield* rules.upsert({ name: "r1", type: "AccessRule", action: "ALLOW", enabled: true })
        yield* domain
          .objects(`${path}/${policy.item.id}/accessrules`, { insertBefore: "1" })
          .create(accessRule("r0"))
        const names = [...(yield* Stream.runCollect(rules.list()))].map(({ name }) => name)
        yield* policies.remove(policy.item.id)
        return [policy.change, names, (yield* policies.upsert(wanted)).change]
      })
  },
  "many at once": {
    script: ({ domain: { hosts } }) =>
      Effect.gen(function* () {
        const all = Array.from({ length: 60 }, (_, at) => host(`m-${at}`))
        const first = yield* hosts.upsertAll(all)
        const second = yield* hosts.upsertAll(
          all.map((one) => ({ ...one, value: "198.51.100.10" })).slice(0, 4)
        )
        yield* hosts.removeAll(first.slice(10).map(({ item }) => item.id))
        return [first.length, second.map(({ change }) => change)]
      })
  },
  "many rules at once": {
    prepare: ({ domain }) =>
      Effect.gen(function* () {
        const policies = domain.objects("/policy/accesspolicies")
        const policy = yield* policies.create({
          name: "p",
          type: "AccessPolicy",
          defaultAction: { action: "BLOCK" }
        })
        const rules = domain.objects(`/policy/accesspolicies/${policy.id}/accessrules`)
        yield* rules.createAll(Array.from({ length: 8 }, (_, at) => accessRule(`r${at}`)))
      }),
    script: ({ domain }) =>
      Effect.gen(function* () {
        const policy = yield* Effect.flatten(domain.objects("/policy/accesspolicies").find("p"))
        const rules = domain.objects(`/policy/accesspolicies/${policy.id}/accessrules`)
        const all = [...(yield* Stream.runCollect(rules.list()))]
        const changed = yield* rules.upsertAll(
          all.slice(0, 6).map(({ name = "" }) => ({ ...accessRule(name), action: "BLOCK" }))
        )
        yield* rules.createAll(Array.from({ length: 5 }, (_, at) => accessRule(`new${at}`)))
        yield* rules.removeAll(all.slice(1, 6).map(({ id = "" }) => id))
        return changed.map(({ change }) => change)
      })
  },
  "the first ones of lists, one by one": {
    prepare: ({ domain: { dynamicObjects, hosts }, fdm }) =>
      Effect.gen(function* () {
        yield* hosts.createAll(["w-1", "w-2", "w-3", "w-4"].map((name) => host(name)))
        const { id } = yield* dynamicObjects.create({ name: "set", objectType: "IP" })
        yield* dynamicObjects.addMappings(id, ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
        for (const name of ["n1", "n2"]) yield* fdm.networks.create({ ...host(name), subType: "HOST" })
      }),
    script: ({ domain: { dynamicObjects, hosts }, fdm }) =>
      Effect.gen(function* () {
        const first = [...(yield* Stream.runCollect(Stream.take(hosts.list(), 2)))]
        yield* Effect.forEach(first, ({ id = "" }) => hosts.remove(id), { concurrency: 2 })
        const selected = [...(yield* Stream.runCollect(hosts.list({ filter: "nameOrValue:w-" })))]
        for (const one of selected.slice(0, 2)) yield* hosts.update({ ...one, name: `old ${one.name}` })
        for (const { id } of selected.slice(1, 3)) yield* hosts.remove(id)
        const set = yield* Effect.flatten(dynamicObjects.find("set"))
        const mappings = [...(yield* Stream.runCollect(dynamicObjects.listMappings(set.id)))]
        for (const one of mappings.slice(0, 2)) yield* dynamicObjects.removeMappings(set.id, [one])
        const sorted = [...(yield* Stream.runCollect(fdm.networks.list({ sort: "-name" })))]
        yield* fdm.networks.removeAll(sorted.filter(({ name }) => /^n\d/.test(name)).map(({ id = "" }) => id))
        return [first, selected, sorted].map((all) => all.map(({ name }) => name))
      })
  },
  "spelled otherwise": {
    script: ({ domain: { hosts, networkGroups } }) =>
      Effect.gen(function* () {
        const one = yield* hosts.upsert(host("HOST-001", "198.51.100.9"))
        const two = yield* hosts.upsert(host("Web"))
        const three = yield* hosts.upsert(host("WEB", "198.51.100.10"))
        const four = yield* networkGroups.upsert({
          name: "g",
          literals: [{ type: "Host", value: "192.0.2.1" }]
        })
        const five = yield* networkGroups.upsert({
          name: "G",
          literals: [{ type: "Host", value: "192.0.2.1" }]
        })
        return [one, two, three, four, five].map(({ change }) => change)
      })
  }
})
