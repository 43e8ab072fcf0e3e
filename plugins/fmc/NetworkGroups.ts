import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Collection from "sallyport/Collection"
import * as Outcome from "sallyport/Outcome"
import * as PathSegment from "sallyport/PathSegment"
import * as Item from "./Item.ts"
import * as Objects from "./Objects.ts"
import * as ServerVersion from "./ServerVersion.ts"

/** What goes into a group: objects by id and type, and values by themselves. */
export interface Members {
  readonly objects?: ReadonlyArray<{ readonly id: string; readonly type: string }> | undefined
  readonly literals?: ReadonlyArray<{ readonly type: string; readonly value: string }> | undefined
}

/** Network groups, and their members. */
export interface NetworkGroups extends Objects.Objects<Item.NetworkGroup, Item.WantedNetworkGroup> {
  /**
   * Adds what is not in the group yet, and nothing is written where all of it is. From FMC 7.4 on the FMC itself adds, in
   * one step, so that several scripts may add to one group at once and none loses what another has added. Before that the
   * whole group is read and written: then let one script at a time do it.
   */
  readonly addMembers: (
    id: string,
    members: Members
  ) => Effect.Effect<Item.NetworkGroup, Collection.WriteError>
  /** Removes what is in the group, in the same way. Whether an FMC keeps a group without members is unknown. */
  readonly removeMembers: (
    id: string,
    members: Members
  ) => Effect.Effect<Item.NetworkGroup, Collection.WriteError>
}

export const make = (domain: Objects.Domain): NetworkGroups => {
  const path = "/object/networkgroups"
  const kind = { path, type: "NetworkGroup", schema: Item.NetworkGroup, filtersByName: true }
  const groups = Objects.make<Item.NetworkGroup, typeof Item.NetworkGroup.Encoded, Item.WantedNetworkGroup>(
    domain,
    kind
  )

  const change = (isWanted: boolean) => (id: string, members: Members) =>
    Effect.gen(function* () {
      const at = yield* PathSegment.below(path, { id })
      const group = yield* groups.get(id)
      const objects = distinct(members.objects).filter((one) => holds(group.objects, one) !== isWanted)
      const literals = distinct(members.literals)
        .filter((one) => holds(group.literals, one) !== isWanted)
        // As the FMC spells it, since it may not find it otherwise.
        .map((one) => (isWanted ? one : (group.literals?.find((each) => isSame(one, each)) ?? one)))
      const missing = { objects: objects.map(({ id, type }) => ({ id, type })), literals }
      if (objects.length + literals.length === 0) return group
      if (!ServerVersion.isAtLeast(yield* domain.version, 7, 4)) {
        return yield* groups.update({ ...group, ...(isWanted ? withAll : without)(group, missing) })
      }
      const { name, type } = group
      const lacking = (now: Item.NetworkGroup) => [
        ...(objects.every((one) => holds(now.objects, one) === isWanted) ? [] : ["objects"]),
        ...(literals.every((one) => holds(now.literals, one) === isWanted) ? [] : ["literals"])
      ]
      const action = isWanted ? "add" : "remove"
      const answer = yield* Outcome.readBack(
        domain.rest.send("PUT", at, Schema.Unknown, {
          query: { action },
          body: { id, name, type, ...missing }
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
        new Collection.NotKept({ target: domain.target, operation, objectName: name, id, fields, item })
      )
    })

  return { ...groups, addMembers: change(true), removeMembers: change(false) }
}

type Member = Readonly<Record<string, unknown>> | { readonly id: string } | { readonly value: string }

/** Objects by their ids, literals by value and type, in any spelling. */
const isSame = (one: Member, other: Member): boolean => Collection.meets([one], [other])

const holds = (members: ReadonlyArray<Member> = [], member: Member): boolean =>
  members.some((one) => isSame(member, one))

const distinct = <A extends Member>(members: ReadonlyArray<A> = []): ReadonlyArray<A> =>
  members.filter((one, at) => members.findIndex((other) => isSame(one, other)) === at)

const withAll = ({ literals = [], objects = [] }: Item.NetworkGroup, more: Required<Members>) => ({
  objects: [...objects, ...(more.objects ?? [])],
  literals: [...literals, ...(more.literals ?? [])]
})

const without = ({ literals = [], objects = [] }: Item.NetworkGroup, less: Required<Members>) => ({
  objects: objects.filter((one) => !holds(less.objects, one)),
  literals: literals.filter((one) => !holds(less.literals, one))
})
