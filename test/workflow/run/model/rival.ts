// What somebody else does to the devices of a random run: before it, in the middle of it, and in the middle of its undo.
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import { type Clients, type Domain, literal, nameOf, policies } from "./script.ts"
import { lanes, type Observer, rule } from "./world.ts"

const verbs = ["change", "change", "remove", "rename", "recreate", "create", "add"] as const

export const act = fc.record({
  how: fc.constantFrom(...verbs),
  /** Which of all that there is, or is not there yet. */
  which: fc.nat(63)
})
export type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

/** Does it as another script would. What cannot be done is not. */
export const carryOut = (own: Observer, one: Act): Effect.Effect<void> =>
  Effect.ignore(Effect.suspend(() => attempt(own, one)))
interface Item extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly name: string
}

const lists = ["hosts", "groups", "dynamic", "networks"] as const
type List = (typeof lists)[number]

/** All of them have these verbs; what they take differs, and is given whole. */
const collectionOf = ({ domain, fdm }: Clients, list: List) =>
  ({
    hosts: domain.hosts,
    groups: domain.networkGroups,
    dynamic: domain.dynamicObjects,
    networks: fdm.networks
  })[list] as unknown as Domain["hosts"]

const attempt = (own: Observer, { how, which }: Act): Effect.Effect<unknown, unknown> => {
  const { clients, listOf } = own
  const { domain } = clients
  const present = (device: "fmc" | "fdm", path: string) =>
    listOf(device, `${path}?limit=1000${device === "fmc" ? "&expanded=true" : ""}`).filter(({ name }) =>
      String(name).startsWith("m-")
    ) as unknown as ReadonlyArray<Item>
  const all = {
    hosts: present("fmc", "/object/hosts"),
    groups: present("fmc", "/object/networkgroups"),
    dynamic: present("fmc", "/object/dynamicobjects"),
    networks: present("fdm", "/object/networks")
  }
  const chosen = <A>(from: ReadonlyArray<A>): A | undefined => from[which % from.length]
  const fresh = (list: List, name: string) =>
    ({
      name,
      value: "192.0.2.99",
      subType: list === "networks" ? "HOST" : undefined,
      literals: list === "groups" ? [literal(99)] : undefined,
      objectType: list === "dynamic" ? "IP" : undefined
    }) as never

  if (how === "create") {
    const names = lists.flatMap((list) =>
      lanes.flatMap((lane) => [0, 1].map((at) => ({ list, name: nameOf(list, lane, at) })))
    )
    const absent = chosen(names.filter(({ list, name }) => !all[list].some((one) => one.name === name)))
    return absent === undefined
      ? Effect.void
      : collectionOf(clients, absent.list).create(fresh(absent.list, absent.name))
  }
  if (how === "add") {
    // Something more in what there is.
    const adding = [
      ...all.groups.map(({ id }) => domain.networkGroups.addMembers(id, { literals: [literal(77)] })),
      ...all.dynamic.map(({ id }) => domain.dynamicObjects.addMappings(id, ["198.51.100.77"])),
      ...present("fmc", policies).map(({ id }) =>
        domain.objects(`${policies}/${id}/accessrules`).create(rule("m-somebody"))
      )
    ]
    return chosen<Effect.Effect<unknown, unknown>>(adding) ?? Effect.void
  }
  const there = chosen(lists.flatMap((list) => all[list].map((item) => ({ list, item }))))
  if (there === undefined) return Effect.void
  const { item, list } = there
  const collection = collectionOf(clients, list)
  switch (how) {
    case "change":
      return collection.update({
        ...item,
        ...("value" in item ? { value: "192.0.2.98" } : { description: "somebody" })
      } as never)
    case "rename":
      return collection.update({ ...item, name: `${item.name}-other` } as never)
    case "remove":
      return collection.remove(item.id)
    default:
      return Effect.zipRight(collection.remove(item.id), collection.create(fresh(list, item.name)))
  }
}
