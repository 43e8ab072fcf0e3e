import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Change, Collection, PathSegment, ReadBack, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { listsBelow } from "../domain/ListsBelow.ts"
import * as ServerVersion from "../domain/ServerVersion.ts"
import * as KindItem from "../objects/KindItem.ts"
import * as Objects from "../objects/Objects.ts"
import * as GroupMembers from "./GroupMembers.ts"
import { type MemberAction, opposite } from "./MemberAction.ts"

/** `NetworkGroups` are network groups, and their members. */
export interface NetworkGroups extends Objects.Objects<KindItem.NetworkGroup, KindItem.WantedNetworkGroup> {
  /**
   * `addMembers` adds what is not in the group yet, and nothing is written where all of it is. From FMC 7.4 on the FMC
   * itself adds, in one step, so that several scripts may add to one group at once and none loses what another has
   * added (Cisco's documentation of its FMC modules for Ansible, updateNetworkGroup; that 7.4 is the first is assumed).
   * Before that the whole group is read and written: then let one script at a time do it.
   *
   * @example
   * yield* branch.networkGroups.addMembers(group.id, { literals: [{ type: "Host", value: "192.0.2.1" }] })
   */
  readonly addMembers: (
    id: string,
    members: GroupMembers.Members
  ) => Effect.Effect<KindItem.NetworkGroup, Collection.WriteError>
  /**
   * `removeMembers` removes what is in the group, in the same way. Whether an FMC keeps a group without members is
   * unknown.
   */
  readonly removeMembers: (
    id: string,
    members: GroupMembers.Members
  ) => Effect.Effect<KindItem.NetworkGroup, Collection.WriteError>
}

export const make = (domain: DomainContext): NetworkGroups => {
  const path = "/object/networkgroups"
  const kind = { path, type: "NetworkGroup", schema: KindItem.NetworkGroup, filtersByName: true }
  const groups = Objects.make<
    KindItem.NetworkGroup,
    typeof KindItem.NetworkGroup.Encoded,
    KindItem.WantedNetworkGroup
  >(domain, kind)

  const change = (action: MemberAction) => (id: string, members: GroupMembers.Members) =>
    Effect.gen(function* () {
      const at = yield* PathSegment.join(path, { id })
      yield* GroupMembers.check(members)
      const group = yield* groups.get(id)
      const left = GroupMembers.leftToDo(group, members, action)
      if (GroupMembers.isNothing(left)) {
        return yield* Change.make(describe(group, left, action), Effect.succeed(group))
      }
      if (!ServerVersion.isAtLeast(yield* domain.version, 7, 4)) {
        return yield* groups.update(GroupMembers.changed(group, left, action))
      }
      return yield* Change.make(describe(group, left, action), send(at, group, left, action))
    })

  const describe = (
    read: KindItem.NetworkGroup,
    members: GroupMembers.MemberLists,
    action: MemberAction
  ): Effect.Effect<Change.Change<KindItem.NetworkGroup>, SessionError> =>
    Effect.gen(function* () {
      const { targetName } = domain
      const [list, alsoIn] = yield* Effect.all([domain.rest.at(path), listsBelow(domain, path)])
      // Without it a list shows no members.
      const query = { expanded: "true" }
      const place = { targetName, path: list, query, alsoIn }
      // The FMC adds to what it has by then.
      const before = yield* Change.latest(place, read)
      const left = GroupMembers.leftToDo(before, members, action)
      const after = GroupMembers.changed(before, left, action)
      const { id, name, type } = before
      return {
        ...place,
        kind: type ?? kind.type,
        action: "update",
        objects: GroupMembers.isNothing(left) ? [] : [{ name, id, before, after }],
        lookup: { members: true },
        planned: () => after,
        undo: () => [
          {
            method: "PUT",
            path: list,
            id,
            query: { action: opposite[action] },
            body: { id, name, type, ...left },
            // Whatever else has come into it meanwhile stays.
            expect: { name }
          }
        ]
      }
    })

  /** `send` lets the FMC itself add or remove, and reads back what its answer does not show. */
  const send = (
    at: string,
    { id, name, type }: KindItem.NetworkGroup,
    members: GroupMembers.MemberLists,
    action: MemberAction
  ) =>
    Effect.gen(function* () {
      const unapplied = (now: KindItem.NetworkGroup) => GroupMembers.unapplied(now, members, action)
      const answer = yield* ReadBack.readBack(
        domain.rest.send("PUT", at, Schema.Unknown, {
          query: { action },
          body: { id, name, type, ...members }
        }),
        Effect.map(
          groups.get(id),
          Option.liftPredicate((now: KindItem.NetworkGroup) => unapplied(now).length === 0)
        )
      )
      const read = Schema.decodeUnknownOption(KindItem.NetworkGroup, { onExcessProperty: "preserve" })(answer)
      if (Option.isSome(read) && unapplied(read.value).length === 0) return read.value
      // It may have answered in a short form.
      const item = yield* groups.get(id)
      const fields = unapplied(item)
      if (fields.length === 0) return item
      const operation = `PUT ${path}?action=${action}`
      return yield* new Collection.NotKept({
        targetName: domain.targetName,
        operation,
        objectName: name,
        id,
        fields,
        item
      })
    })

  return { ...groups, addMembers: change("add"), removeMembers: change("remove") }
}
