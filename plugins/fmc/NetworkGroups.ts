import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Change, Collection, PathSegment, ReadBack, type SessionError } from "sallyport/plugin"
import { listsBelow } from "./domain/ListsBelow.ts"
import * as ServerVersion from "./domain/ServerVersion.ts"
import * as Item from "./Item.ts"
import * as Objects from "./Objects.ts"

/** `Members` are what goes into a group: objects by id and type, and values by themselves. */
export interface Members {
  /** `objects` are known by their ids. */
  readonly objects?: ReadonlyArray<{ readonly id: string; readonly type: string }> | undefined
  /** `literals` are known by their values: `{ type: "Host", value: "192.0.2.1" }`. */
  readonly literals?: ReadonlyArray<{ readonly type: string; readonly value: string }> | undefined
}

/** `NetworkGroups` are network groups, and their members. */
export interface NetworkGroups extends Objects.Objects<Item.NetworkGroup, Item.WantedNetworkGroup> {
  /**
   * `addMembers` adds what is not in the group yet, and nothing is written where all of it is. From FMC 7.4 on the FMC
   * itself adds, in one step, so that several scripts may add to one group at once and none loses what another has
   * added. Before that the whole group is read and written: then let one script at a time do it.
   *
   * @example
   * yield* branch.networkGroups.addMembers(group.id, { literals: [{ type: "Host", value: "192.0.2.1" }] })
   */
  readonly addMembers: (
    id: string,
    members: Members
  ) => Effect.Effect<Item.NetworkGroup, Collection.WriteError>
  /**
   * `removeMembers` removes what is in the group, in the same way. Whether an FMC keeps a group without members is
   * unknown.
   */
  readonly removeMembers: (
    id: string,
    members: Members
  ) => Effect.Effect<Item.NetworkGroup, Collection.WriteError>
}

export const make = (domain: Objects.ObjectsContext): NetworkGroups => {
  const path = "/object/networkgroups"
  const kind = { path, type: "NetworkGroup", schema: Item.NetworkGroup, filtersByName: true }
  const groups = Objects.make<Item.NetworkGroup, typeof Item.NetworkGroup.Encoded, Item.WantedNetworkGroup>(
    domain,
    kind
  )

  const change = (isAddition: boolean) => (id: string, members: Members) =>
    Effect.gen(function* () {
      const at = yield* PathSegment.join(path, { id })
      const group = yield* groups.get(id)
      const missing = isAddition ? lacking(group, members) : held(group, members)
      if (isNothing(missing)) {
        return yield* Change.make(describe(group, missing, isAddition), Effect.succeed(group))
      }
      if (!ServerVersion.isAtLeast(yield* domain.version, 7, 4)) {
        return yield* groups.update(changed(group, missing, isAddition))
      }
      return yield* Change.make(
        describe(group, missing, isAddition),
        send(at, group, missing, isAddition ? "add" : "remove")
      )
    })

  const describe = (
    read: Item.NetworkGroup,
    members: Required<Members>,
    isAddition: boolean
  ): Effect.Effect<Change.Change<Item.NetworkGroup>, SessionError> =>
    Effect.gen(function* () {
      const { targetName } = domain
      const [list, alsoIn] = yield* Effect.all([domain.rest.at(path), listsBelow(domain, path)])
      const place = { targetName, path: list, alsoIn }
      // The FMC adds to what it has by then.
      const before = yield* Change.latest(place, read)
      const missing = isAddition ? lacking(before, members) : held(before, members)
      const after = changed(before, missing, isAddition)
      const { id, name, type } = before
      return {
        ...place,
        kind: type ?? kind.type,
        action: "update",
        objects: isNothing(missing) ? [] : [{ name, id, before, after }],
        lookup: { members: true },
        planned: () => after,
        undo: () => [
          {
            method: "PUT",
            path: list,
            id,
            query: { action: isAddition ? "remove" : "add" },
            body: { id, name, type, ...missing },
            // Whatever else has come into it meanwhile stays.
            expect: { name }
          }
        ]
      }
    })

  /** `send` lets the FMC itself add or remove, and reads back what its answer does not show. */
  const send = (
    at: string,
    { id, name, type }: Item.NetworkGroup,
    members: Required<Members>,
    action: "add" | "remove"
  ) =>
    Effect.gen(function* () {
      const unapplied = (group: Item.NetworkGroup) => [
        ...(isApplied(members.objects ?? [], group.objects, action === "add") ? [] : ["objects"]),
        ...(isApplied(members.literals ?? [], group.literals, action === "add") ? [] : ["literals"])
      ]
      const answer = yield* ReadBack.readBack(
        domain.rest.send("PUT", at, Schema.Unknown, {
          query: { action },
          body: { id, name, type, ...members }
        }),
        Effect.map(
          groups.get(id),
          Option.liftPredicate((now: Item.NetworkGroup) => unapplied(now).length === 0)
        )
      )
      const read = Schema.decodeUnknownOption(Item.NetworkGroup, { onExcessProperty: "preserve" })(answer)
      if (Option.isSome(read) && unapplied(read.value).length === 0) return read.value
      // It may have answered in a short form.
      const item = yield* groups.get(id)
      const fields = unapplied(item)
      if (fields.length === 0) return item
      const operation = `PUT ${path}?action=${action}`
      return yield* Effect.fail(
        new Collection.NotKept({
          targetName: domain.targetName,
          operation,
          objectName: name,
          id,
          fields,
          item
        })
      )
    })

  return { ...groups, addMembers: change(true), removeMembers: change(false) }
}

type Member = { readonly id: string } | { readonly value: string; readonly type?: string }

/** `keyOf` knows objects by their ids, literals by their values in any spelling. */
const keyOf = (member: Member): string =>
  "id" in member ? member.id : Collection.valueKey("value", member.value, member.type)

const byKey = <A extends Member>(members: ReadonlyArray<A> = []): ReadonlyMap<string, A> =>
  new Map(members.map((one) => [keyOf(one), one]))

/**
 * `isApplied` says whether all of them are there now, or none is; one that came back with another type is not what was
 * added.
 */
const isApplied = (
  changed: ReadonlyArray<Member>,
  current: ReadonlyArray<Member> | undefined,
  isWanted: boolean
): boolean => {
  const there = byKey(current)
  return changed.every((one) => {
    const found = there.get(keyOf(one))
    return isWanted ? found !== undefined && Collection.containsAll([one], [found]) : found === undefined
  })
}

/** `lacking` are those of the members that are not in the group. */
const lacking = (group: Item.NetworkGroup, members: Members): Required<Members> => {
  const there = { objects: byKey(group.objects), literals: byKey(group.literals) }
  return {
    objects: [...byKey(members.objects).values()]
      .filter((one) => !there.objects.has(keyOf(one)))
      .map(({ id, type }) => ({ id, type })),
    literals: [...byKey(members.literals).values()].filter((one) => !there.literals.has(keyOf(one)))
  }
}

/** `held` are those of the members that are in the group, as the FMC spells them: it may not find them otherwise. */
const held = (group: Item.NetworkGroup, members: Members): Required<Members> => {
  const there = { objects: byKey(group.objects), literals: byKey(group.literals) }
  return {
    objects: [...byKey(members.objects).values()]
      .filter((one) => there.objects.has(keyOf(one)))
      .map(({ id, type }) => ({ id, type })),
    literals: [...byKey(members.literals).keys()].flatMap((key) => there.literals.get(key) ?? [])
  }
}

const isNothing = ({ literals = [], objects = [] }: Members): boolean =>
  objects.length + literals.length === 0

const changed = (
  group: Item.NetworkGroup,
  members: Required<Members>,
  isAddition: boolean
): Item.NetworkGroup => ({ ...group, ...(isAddition ? withAll : withoutMembers)(group, members) })

const withAll = ({ literals = [], objects = [] }: Item.NetworkGroup, more: Required<Members>) => ({
  objects: [...objects, ...(more.objects ?? [])],
  literals: [...literals, ...(more.literals ?? [])]
})

const withoutMembers = ({ literals = [], objects = [] }: Item.NetworkGroup, less: Required<Members>) => {
  const gone = { objects: byKey(less.objects), literals: byKey(less.literals) }
  return {
    objects: objects.filter((one) => !gone.objects.has(keyOf(one))),
    literals: literals.filter((one) => !gone.literals.has(keyOf(one)))
  }
}
