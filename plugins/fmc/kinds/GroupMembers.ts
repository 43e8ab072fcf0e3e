import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Collection, InputSchema, type InvalidInput, Lenient } from "sallyport/plugin"
import type { NetworkGroup } from "../objects/KindItem.ts"
import type { MemberAction } from "./MemberAction.ts"

/** `Members` are what goes into a group: objects by id and type, and values by themselves. */
export interface Members {
  /** `objects` are known by their ids. */
  readonly objects?: ReadonlyArray<ObjectMember> | undefined
  /** `literals` are known by their values: `{ type: "Host", value: "192.0.2.1" }`. */
  readonly literals?: ReadonlyArray<LiteralMember> | undefined
}

type ObjectMember = { readonly id: string; readonly type: string }

type LiteralMember = { readonly type: string; readonly value: string }

// An object that was read has more than is known of a member.
const List = <A, I>(member: Schema.Schema<A, I>, description: string) =>
  Schema.optional(Schema.Array(member).annotations({ description }))
const Shape = Schema.Struct({
  objects: List(
    Schema.Struct({ id: Schema.NonEmptyString, type: Schema.NonEmptyString }, Lenient.others),
    'a list of objects, each with its id and type: [{ id, type: "Host" }]'
  ),
  literals: List(
    Schema.Struct({ type: Schema.NonEmptyString, value: Schema.NonEmptyString }, Lenient.others),
    'a list of values, each with its type: [{ type: "Host", value: "192.0.2.1" }]'
  )
})
  .pipe(Schema.filter(({ literals, objects }) => literals !== undefined || objects !== undefined))
  .annotations({
    description:
      'an object with lists, as in { objects: [{ id, type }], literals: [{ type: "Host", value }] }'
  })

/** `check` refuses what are no members: nothing would be done with them, and without a word. */
export const check = (members: unknown): Effect.Effect<void, InvalidInput> =>
  InputSchema.check(Shape, members, "what goes into a group", "members")

/** `MemberLists` are members of which either list is there, and may be empty. */
export interface MemberLists {
  readonly objects: ReadonlyArray<ObjectMember>
  readonly literals: ReadonlyArray<LiteralMember>
}

/**
 * `leftToDo` are those of the members that a group lacks, if they are to be added; if they are to be removed, those that
 * it has, as the FMC spells them: it may not find them otherwise.
 */
export const leftToDo = (group: NetworkGroup, members: Members, action: MemberAction): MemberLists => {
  const there = { objects: byKey(group.objects), literals: byKey(group.literals) }
  const wanted = { objects: byKey(members.objects), literals: byKey(members.literals) }
  return {
    objects: [...wanted.objects.values()]
      .filter(({ id }) => there.objects.has(id) !== (action === "add"))
      .map(({ id, type }) => ({ id, type })),
    literals:
      action === "add"
        ? [...wanted.literals].flatMap(([key, one]) => (there.literals.has(key) ? [] : [one]))
        : [...wanted.literals.keys()].flatMap((key) => there.literals.get(key) ?? [])
  }
}

export const isNothing = ({ literals, objects }: MemberLists): boolean =>
  objects.length + literals.length === 0

/** `changed` is the group once they are added, or removed. */
export const changed = (group: NetworkGroup, members: MemberLists, action: MemberAction): NetworkGroup => {
  const { literals = [], objects = [] } = group
  if (action === "add") {
    return {
      ...group,
      objects: [...objects, ...members.objects],
      literals: [...literals, ...members.literals]
    }
  }
  const gone = { objects: byKey(members.objects), literals: byKey(members.literals) }
  return {
    ...group,
    objects: objects.filter((one) => !gone.objects.has(keyOf(one))),
    literals: literals.filter((one) => !gone.literals.has(keyOf(one)))
  }
}

/**
 * `unapplied` are the fields of a group in which a change is not seen: where one that was added is not there, or came
 * back with another type, or one that was removed is there.
 */
export const unapplied = (
  group: NetworkGroup,
  members: MemberLists,
  action: MemberAction
): ReadonlyArray<string> => [
  ...(isApplied(members.objects, group.objects, action) ? [] : ["objects"]),
  ...(isApplied(members.literals, group.literals, action) ? [] : ["literals"])
]

const isApplied = (
  members: ReadonlyArray<Member>,
  current: ReadonlyArray<Member> | undefined,
  action: MemberAction
): boolean => {
  const there = byKey(current)
  return members.every((one) => {
    const found = there.get(keyOf(one))
    return action === "add"
      ? found !== undefined && Collection.containsAll([one], [found])
      : found === undefined
  })
}

type Member = Pick<ObjectMember, "id"> | LiteralMember

/** `keyOf` knows objects by their ids, literals by their values in any spelling. */
const keyOf = (member: Member): string =>
  "id" in member ? member.id : Collection.valueKey("value", member.value, member.type)

const byKey = <A extends Member>(members: ReadonlyArray<A> = []): ReadonlyMap<string, A> =>
  new Map(members.map((one) => [keyOf(one), one]))
