import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SessionError } from "sallyport/AuthError"
import * as Outcome from "sallyport/Outcome"
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
  readonly addMembers: (id: string, members: Members) => Effect.Effect<Item.NetworkGroup, SessionError>
  /** Removes what is in the group, in the same way. Whether an FMC keeps a group without members is unknown. */
  readonly removeMembers: (id: string, members: Members) => Effect.Effect<Item.NetworkGroup, SessionError>
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
      const group = yield* groups.get(id)
      const objects = (members.objects ?? []).filter((one) => hasObject(group, one) !== isWanted)
      const literals = (members.literals ?? []).filter((one) => hasLiteral(group, one) !== isWanted)
      const missing = { objects: objects.map(({ id, type }) => ({ id, type })), literals }
      if (objects.length + literals.length === 0) return group
      if (!ServerVersion.isAtLeast(yield* domain.version, 7, 4)) {
        return yield* groups.update({ ...group, ...(isWanted ? withAll : without)(group, missing) })
      }
      const { name, type } = group
      return yield* Outcome.readBack(
        domain.rest.send("PUT", `${path}/${encodeURIComponent(id)}`, Item.NetworkGroup, {
          query: { action: isWanted ? "add" : "remove" },
          body: { id, name, type, ...missing }
        }),
        Effect.map(
          groups.get(id),
          Option.liftPredicate(
            (now: Item.NetworkGroup) =>
              objects.every((one) => hasObject(now, one) === isWanted) &&
              literals.every((one) => hasLiteral(now, one) === isWanted)
          )
        )
      )
    })

  return { ...groups, addMembers: change(true), removeMembers: change(false) }
}

const hasObject = ({ objects = [] }: Item.NetworkGroup, { id }: { readonly id: string }): boolean =>
  objects.some((one) => one.id === id)

const hasLiteral = ({ literals = [] }: Item.NetworkGroup, { value }: { readonly value: string }): boolean =>
  literals.some((one) => isSameValue(one.value, value))

// The same address written in another way is for the FMC to find out.
const isSameValue = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase()

const withAll = ({ literals = [], objects = [] }: Item.NetworkGroup, more: Required<Members>) => ({
  objects: [...objects, ...(more.objects ?? [])],
  literals: [...literals, ...(more.literals ?? [])]
})

const without = ({ literals = [], objects = [] }: Item.NetworkGroup, less: Required<Members>) => ({
  objects: objects.filter(({ id }) => !(less.objects ?? []).some((one) => one.id === id)),
  literals: literals.filter(
    ({ value }) => !(less.literals ?? []).some((one) => isSameValue(one.value, value))
  )
})
