import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Change, Collection, PathSegment, ReadBack, type SessionError } from "sallyport/plugin"
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

  const change = (isWanted: boolean) => (id: string, members: Members) =>
    Effect.gen(function* () {
      const at = yield* PathSegment.join(path, { id })
      const group = yield* groups.get(id)
      const there = { objects: byKey(group.objects), literals: byKey(group.literals) }
      const objects = [...byKey(members.objects).values()].filter(
        (one) => there.objects.has(keyOf(one)) !== isWanted
      )
      const literals = [...byKey(members.literals).values()]
        .filter((one) => there.literals.has(keyOf(one)) !== isWanted)
        // As the FMC spells it, since it may not find it otherwise.
        .map((one) => (isWanted ? one : (there.literals.get(keyOf(one)) ?? one)))
      const missing = { objects: objects.map(({ id, type }) => ({ id, type })), literals }
      if (objects.length + literals.length === 0) return group
      const changed = { ...group, ...(isWanted ? withAll : withoutMembers)(group, missing) }
      if (!ServerVersion.isAtLeast(yield* domain.version, 7, 4)) {
        return yield* groups.update(changed)
      }
      return yield* Change.make(
        describe(group, changed, missing, isWanted),
        send(at, group, missing, isWanted ? "add" : "remove")
      )
    })

  const describe = (
    before: Item.NetworkGroup,
    after: Item.NetworkGroup,
    members: Required<Members>,
    isAddition: boolean
  ): Effect.Effect<Change.Change<Item.NetworkGroup>, SessionError> =>
    Effect.map(domain.rest.at(path), (list) => {
      const { id, name, type } = before
      return {
        targetName: domain.targetName,
        path: list,
        kind: type ?? kind.type,
        action: "update",
        objects: [{ name, id, before, after }],
        lookup: { members: true },
        planned: () => after,
        undo: () => [
          {
            method: "PUT",
            path: list,
            id,
            query: { action: isAddition ? "remove" : "add" },
            body: { id, name, type, ...members },
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
      const lacking = (group: Item.NetworkGroup) => [
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
          Option.liftPredicate((now: Item.NetworkGroup) => lacking(now).length === 0)
        )
      )
      const read = Schema.decodeUnknownOption(Item.NetworkGroup, { onExcessProperty: "preserve" })(answer)
      if (Option.isSome(read) && lacking(read.value).length === 0) return read.value
      // It may have answered in a short form.
      const item = yield* groups.get(id)
      const fields = lacking(item)
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
