// What somebody else does to the devices of a random run: before it, in the middle of it, and in the middle of its undo.
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import { type Domain, device, literal, nameOf, policies } from "./script.ts"
import { lanes, type Observer, rule } from "./world.ts"

const verbs = ["change", "change", "remove", "rename", "recreate", "create", "add", "override"] as const

export const act = fc.record({
  how: fc.constantFrom(...verbs),
  /** Which of all that there is, or is not there yet. */
  which: fc.nat(63),
  /** What is written; 1 to 4 are what scripts write, too. */
  value: fc.integer({ min: 1, max: 5 })
})
export type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

/** Does it as another script would. What cannot be done is not. */
export const carryOut = (own: Observer, one: Act): Effect.Effect<void> =>
  Effect.ignore(Effect.suspend(() => attempt(own, one)))

interface Item extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly name: string
}

/** In which somebody creates; what they take differs. */
const lists = ["hosts", "groups", "dynamic", "networks", "policies"] as const
type List = (typeof lists)[number]

/** All of them have the verbs of a collection, and are given what is whole. */
type AnyCollection = Domain["hosts"]

const attempt = (own: Observer, { how, value, which }: Act): Effect.Effect<unknown, unknown> => {
  const { clients, listOf } = own
  const { domain, fdm } = clients
  const present = (device: "fmc" | "fdm", path: string) =>
    listOf(
      device,
      `${path}?limit=1000${device === "fmc" ? "&expanded=true" : ""}`
    ) as unknown as ReadonlyArray<Item>
  const ours = (device: "fmc" | "fdm", path: string) =>
    present(device, path).filter(({ name }) => /^m-/i.test(String(name)))
  const collections: Readonly<Record<List, AnyCollection>> = {
    hosts: domain.hosts,
    groups: domain.networkGroups as never,
    dynamic: domain.dynamicObjects as never,
    networks: fdm.networks as never,
    policies: domain.objects(policies) as never
  }
  const all: Readonly<Record<List, ReadonlyArray<Item>>> = {
    hosts: ours("fmc", "/object/hosts"),
    groups: ours("fmc", "/object/networkgroups"),
    dynamic: ours("fmc", "/object/dynamicobjects"),
    networks: ours("fdm", "/object/networks"),
    policies: ours("fmc", policies)
  }
  const rulesOf = ({ id }: Item) => `${policies}/${id}/accessrules`
  const there = [
    ...lists.flatMap((list) => all[list].map((item) => ({ list, item, of: collections[list] }))),
    ...ours("fdm", "/object/networkgroups").map((item) => ({
      list: "fdmGroups",
      item,
      of: fdm.networkGroups as never as AnyCollection
    })),
    ...all.policies.flatMap((policy) =>
      present("fmc", rulesOf(policy)).map((item) => ({
        list: "rules",
        item,
        of: domain.objects(rulesOf(policy)) as never as AnyCollection
      }))
    )
  ]
  const chosen = <A>(from: ReadonlyArray<A>): A | undefined => from[which % from.length]
  const address = `192.0.2.${value === 5 ? 99 : value}`
  const fresh = (list: string, name: string) =>
    ({
      name,
      ...({
        hosts: { value: address, overridable: true },
        groups: { literals: [literal(value === 5 ? 99 : value)] },
        dynamic: { objectType: "IP" },
        networks: { value: address, subType: "HOST" },
        policies: { type: "AccessPolicy", defaultAction: { action: "BLOCK" } },
        rules: rule(name),
        fdmGroups: { objects: [] }
      }[list] ?? {})
    }) as never

  switch (how) {
    case "create": {
      const names = lists.flatMap((list) =>
        lanes.flatMap((lane) => [0, 1].map((at) => ({ list, name: nameOf(list, lane, at) })))
      )
      const absent = chosen(names.filter(({ list, name }) => !all[list].some((one) => one.name === name)))
      return absent === undefined
        ? Effect.void
        : collections[absent.list].create(fresh(absent.list, absent.name))
    }
    case "add": {
      // Something more in what there is.
      const adding = [
        ...all.groups.map(({ id }) => domain.networkGroups.addMembers(id, { literals: [literal(77)] })),
        ...all.dynamic.map(({ id }) => domain.dynamicObjects.addMappings(id, ["198.51.100.77"])),
        ...all.policies.map((policy) => domain.objects(rulesOf(policy)).create(rule("m-somebody"))),
        ...there
          .filter(({ list }) => list === "rules")
          .map(({ item, of }) => of.update({ ...item, sourceNetworks: { literals: [literal(77)] } } as never))
      ]
      return chosen<Effect.Effect<unknown, unknown>>(adding) ?? Effect.void
    }
    case "override": {
      const host = chosen(all.hosts)
      if (host === undefined) return Effect.void
      return value === 5
        ? domain.hosts.overrides.remove(host.id, device.id)
        : domain.hosts.overrides.set(host.id, device, { value: `203.0.113.${value}` })
    }
    default: {
      const one = chosen(there)
      if (one === undefined) return Effect.void
      const { item, list, of } = one
      switch (how) {
        case "change":
          return of.update({
            ...item,
            ...("value" in item
              ? { value: value === 5 ? "192.0.2.98" : address }
              : list === "rules"
                ? { enabled: item.enabled !== true }
                : { description: value === 5 ? "somebody" : "one" })
          } as never)
        case "rename":
          return of.update({ ...item, name: `${item.name}-other` } as never)
        case "remove":
          return of.remove(item.id)
        default:
          return Effect.zipRight(of.remove(item.id), of.create(fresh(list, item.name)))
      }
    }
  }
}
