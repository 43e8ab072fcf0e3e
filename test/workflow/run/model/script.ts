// Random scripts: what a workflow does to an FMC and an FDM, in steps, some of it side by side.
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import type * as Fdm from "sallyport/fdm"
import type * as Fmc from "sallyport/fmc"

export type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

export interface Clients {
  readonly domain: Domain
  readonly fdm: Fdm.Fdm
}

/** Any collection, by what all of them have. */
interface AnyCollection {
  readonly list: () => Stream.Stream<Item, unknown>
  readonly find: (name: string) => Effect.Effect<Option.Option<Item>, unknown>
  readonly create: (wanted: object) => Effect.Effect<Item, unknown>
  readonly createAll: (wanted: ReadonlyArray<object>) => Effect.Effect<ReadonlyArray<Item>, unknown>
  readonly update: (item: object) => Effect.Effect<Item, unknown>
  readonly upsert: (wanted: object) => Effect.Effect<Made, unknown>
  readonly upsertAll: (wanted: ReadonlyArray<object>) => Effect.Effect<ReadonlyArray<Made>, unknown>
  readonly remove: (id: string) => Effect.Effect<void, unknown>
  readonly removeAll: (ids: ReadonlyArray<string>) => Effect.Effect<void, unknown>
}
type Item = Readonly<Record<string, unknown>> & { readonly id?: string; readonly name?: string }
type Made = { readonly change: string; readonly item: Item }

/** The lists in which all verbs of a collection are tried, on both kinds of devices. */
const lists = ["hosts", "groups", "dynamic", "policies", "rules", "networks", "fdmGroups"] as const
type List = (typeof lists)[number]

const verbs = [
  "create",
  "createAll",
  "update",
  "upsert",
  "upsertAll",
  "remove",
  "removeAll",
  "replace",
  "rename",
  "respell"
] as const
const specials = [
  "addMembers",
  "removeMembers",
  "addMappings",
  "removeMappings",
  "override",
  "noOverride",
  "deploy"
] as const

const facts = {
  /** Side by side run those of different lanes, which have nothing to do with each other. */
  lane: fc.constantFrom("a" as const, "b" as const),
  at: fc.integer({ min: 0, max: 1 }),
  value: fc.integer({ min: 1, max: 4 }),
  note: fc.constantFrom(undefined, "one", "other"),
  /** Whether what is done to all is done to more than a device is asked for one by one. */
  isMany: fc.boolean()
}

const common = fc.record({
  list: fc.constantFrom<List>("hosts", "hosts", ...lists),
  verb: fc.constantFrom(...verbs),
  ...facts
})
const special = fc.record({
  list: fc.constant("special" as const),
  verb: fc.constantFrom(...specials),
  ...facts
})
const command = fc.oneof({ arbitrary: common, weight: 3 }, { arbitrary: special, weight: 1 })
type Command = typeof command extends fc.Arbitrary<infer A> ? A : never

export const step = fc.record({
  isNamed: fc.boolean(),
  isSideBySide: fc.boolean(),
  commands: fc.array(command, { minLength: 1, maxLength: 3 })
})
export type Step = typeof step extends fc.Arbitrary<infer A> ? A : never

const host = (value: number) => `192.0.2.${value}`
export const literal = (value: number) => ({ type: "Host", value: host(value) })
export const policies = "/policy/accesspolicies"
export const device = { id: "device-1", type: "Device" as const }
export const nameOf = (list: string, lane: string, at: number) => `m-${list}-${lane}${at}`.toLowerCase()
/** The policy of a lane, in which its rules are. */
export const policyOf = (lane: string) => nameOf("policies", lane, 0)

/** What is put into a list. */
const wanted = (
  { domain, fdm }: Clients,
  list: List,
  { at, lane, note, value }: Omit<Command, "list" | "verb">
) => {
  const noted = note === undefined ? {} : { description: note }
  const reference = (of: AnyCollection, name: string) =>
    Effect.map(of.find(name), (found) =>
      Option.toArray(found).map(({ id, name, type, version }) => ({
        id,
        name,
        type,
        ...(version ? { version } : {})
      }))
    )
  switch (list) {
    case "hosts":
      return Effect.succeed({ value: host(value), overridable: true, ...noted })
    case "groups":
      return Effect.map(
        value < 3
          ? reference(domain.hosts as never, nameOf("hosts", lane, value - 1))
          : value === 3 && at === 0
            ? reference(domain.networkGroups as never, nameOf("groups", lane, 1))
            : Effect.succeed([]),
        // A device leaves an empty list out.
        (objects) => ({
          objects,
          ...(value === 2 && objects.length > 0 ? {} : { literals: [literal(value)] }),
          ...noted
        })
      )
    case "dynamic":
      return Effect.succeed({ objectType: "IP", ...noted })
    case "policies":
      return Effect.succeed({
        type: "AccessPolicy",
        defaultAction: { type: "AccessPolicyDefaultAction", action: "BLOCK" },
        ...noted
      })
    case "rules":
      return Effect.map(reference(domain.hosts as never, nameOf("hosts", lane, value % 2)), (objects) => ({
        type: "AccessRule",
        action: value < 3 ? "ALLOW" : "BLOCK",
        enabled: value % 2 === 0,
        ...(value === 4 && objects.length > 0 && { sourceNetworks: { objects } })
      }))
    case "networks":
      return Effect.succeed({ subType: "HOST", value: host(value), ...noted })
    case "fdmGroups":
      return Effect.map(reference(fdm.networks as never, nameOf("networks", lane, value % 2)), (objects) => ({
        objects,
        ...noted
      }))
  }
}

const collection = ({ domain, fdm }: Clients, list: List, lane: string) => {
  const named = {
    hosts: domain.hosts,
    groups: domain.networkGroups,
    dynamic: domain.dynamicObjects,
    policies: domain.objects(policies),
    networks: fdm.networks,
    fdmGroups: fdm.networkGroups
  }
  if (list !== "rules") return Effect.succeed(named[list] as unknown as AnyCollection)
  return Effect.map(named.policies.find(policyOf(lane)), (policy) =>
    Option.isNone(policy)
      ? undefined
      : (domain.objects(`${policies}/${policy.value.id}/accessrules`) as unknown as AnyCollection)
  )
}

const act = (clients: Clients, one: Command): Effect.Effect<unknown, unknown> =>
  Effect.gen(function* () {
    if (one.list === "special") return yield* actSpecially(clients, one)
    const { at, isMany, lane, list, verb } = one
    const all = yield* collection(clients, list, lane)
    if (all === undefined) return "no policy"
    const name = nameOf(list, lane, at)
    const there = yield* all.find(name)
    const body = yield* wanted(clients, list, one)
    const names = [at, 1 - at, ...(isMany ? [2, 3, 4] : [])].map((at) => nameOf(list, lane, at))
    const rows = names.map((name) => ({ name, ...body }))
    const isOfAll = verb.endsWith("All")
    const present = isOfAll ? (yield* Effect.forEach(names, all.find)).flatMap(Option.toArray) : []
    switch (verb) {
      case "create":
        return Option.isSome(there) ? "there" : seen(yield* all.create({ name: name, ...body }))
      case "createAll":
        return present.length > 0 ? "there" : (yield* all.createAll(rows)).map(seen)
      case "update":
        return Option.isNone(there) ? "none" : seen(yield* all.update({ ...there.value, ...body }))
      case "respell":
        return Option.isNone(there)
          ? "none"
          : seen(yield* all.update({ ...there.value, name: name.toUpperCase() }))
      case "rename":
        return Option.isNone(there)
          ? "none"
          : seen(yield* all.update({ ...there.value, name: `${name}-new` }))
      case "upsert":
        return (yield* all.upsert({ name: name, ...body })).change
      case "upsertAll":
        return (yield* all.upsertAll(rows)).map(({ change }) => change)
      case "remove":
        return Option.isNone(there) ? "none" : yield* Effect.as(all.remove(there.value.id ?? ""), "removed")
      case "removeAll":
        return yield* Effect.as(all.removeAll(present.map(({ id = "" }) => id)), present.length)
      case "replace": {
        if (Option.isSome(there)) yield* all.remove(there.value.id ?? "")
        return seen(yield* all.create({ name: name, ...body }))
      }
    }
  })

const actSpecially = (
  { domain, fdm }: Clients,
  { at, lane, value, verb }: Omit<Command, "list" | "verb"> & { verb: string }
) =>
  Effect.gen(function* () {
    if (verb === "deploy")
      return yield* at === 0 ? Effect.as(domain.deploy(), verb) : Effect.as(fdm.deploy(), verb)
    const { dynamicObjects, hosts, networkGroups } = domain
    const idOf = (
      of: { readonly find: (name: string) => Effect.Effect<Option.Option<Item>, unknown> },
      list: string
    ) =>
      Effect.map(
        of.find(nameOf(list, lane, at)),
        Option.map(({ id = "" }) => id)
      )
    const host = yield* idOf(hosts as never, "hosts")
    const group = yield* idOf(networkGroups as never, "groups")
    const object = yield* idOf(dynamicObjects as never, "dynamic")
    const members = { literals: [literal(value), literal(value + 1)] }
    const mappings = [`198.51.100.${value}`, `198.51.100.${value + 1}`]
    switch (verb) {
      case "addMembers":
        if (Option.isSome(group)) yield* networkGroups.addMembers(group.value, members)
        break
      case "removeMembers":
        if (Option.isSome(group)) yield* networkGroups.removeMembers(group.value, members)
        break
      case "addMappings":
        if (Option.isSome(object)) yield* dynamicObjects.addMappings(object.value, mappings)
        break
      case "removeMappings":
        if (Option.isSome(object)) yield* dynamicObjects.removeMappings(object.value, mappings)
        break
      case "override":
        if (Option.isSome(host))
          yield* hosts.overrides.set(host.value, device, { value: `203.0.113.${value}` })
        break
      case "noOverride":
        if (Option.isSome(host)) yield* hosts.overrides.remove(host.value, device.id)
    }
    return verb
  })

/** What counts of an answer: ids differ, and an FMC writes a space for no description. */
const seen = ({ name, value }: Item) => [name, value === undefined ? undefined : String(value)]

/** Carries a script out. `between` runs before each step, by its number. */
export const carryOut = (
  clients: Clients,
  steps: ReadonlyArray<Step>,
  between: (at: number) => Effect.Effect<void, unknown> = () => Effect.void
): Effect.Effect<ReadonlyArray<unknown>, unknown> =>
  Effect.forEach(steps, ({ commands, isNamed, isSideBySide }, number) => {
    const inTurn = (own: ReadonlyArray<Command>) => Effect.forEach(own, (one) => act(clients, one))
    const lanes = (["a", "b"] as const).map((lane) => commands.filter((one) => one.lane === lane))
    // A deployment has to do with both: which of what is beside it is pending by then, is a matter of who is first.
    const isApart = commands.every(({ verb }) => verb !== "deploy")
    const part: Effect.Effect<ReadonlyArray<unknown>, unknown> = isSideBySide && isApart
      ? Effect.forEach(lanes, inTurn, { concurrency: 2 })
      : inTurn(commands)
    return Effect.zipRight(between(number), isNamed ? Workflow.step(`step ${number}`, part) : part)
  })
