import type { Fields } from "../../client/Change.ts"
import { keyOfMembers } from "../../client/Difference.ts"
import type { ObjectState, States } from "./ObjectState.ts"

/**
 * `memberState` says whether the members that a change puts into an object's lists, or takes out, are there: `other`
 * where some are as before and some as after.
 */
export const memberState = (states: States, there: Fields | undefined): ObjectState => {
  if (there === undefined) return "other"
  const verdicts = new Set(
    changedMembers(states).map((one) => (isThere(one, there) ? one.ifThere : other(one)))
  )
  const [first = "same", ...rest] = verdicts
  return rest.length > 0 ? "other" : first
}

/**
 * `stillAfter` gives the lists of a body without the members that somebody has put back already, or taken out: of what
 * an undo sends, the rest.
 */
export const stillAfter = (body: Fields, states: States, there: Fields): Fields => {
  const undone = changedMembers(states).filter(
    (one) => (isThere(one, there) ? one.ifThere : other(one)) === "before"
  )
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => {
      const gone = undone.filter((one) => one.field === field)
      return [field, Array.isArray(value) ? value.filter((one) => !gone.some(isOf(one))) : value]
    })
  )
}

interface ChangedMember {
  readonly field: string
  readonly member: unknown
  /** `ifThere` is the state in which the object is if it has the member. */
  readonly ifThere: "before" | "after"
}

const other = ({ ifThere }: ChangedMember): "before" | "after" => (ifThere === "after" ? "before" : "after")

const changedMembers = ({ after = {}, before = {} }: States): ReadonlyArray<ChangedMember> =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field) => {
    const [had, has] = [listOf(before, field), listOf(after, field)]
    return [
      ...missing(has, had).map((member) => ({ field, member, ifThere: "after" as const })),
      ...missing(had, has).map((member) => ({ field, member, ifThere: "before" as const }))
    ]
  })

/** `missing` are those of one list that the other one lacks. */
const missing = (all: ReadonlyArray<unknown>, others: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
  const there = new Set(others.map(keyOf))
  return all.filter((one) => !there.has(keyOf(one)))
}

const isThere = ({ field, member }: ChangedMember, there: Fields): boolean =>
  listOf(there, field).some((one) => keyOf(one) === keyOf(member))

const isOf =
  (given: unknown) =>
  ({ member }: ChangedMember): boolean =>
    keyOf(member) === keyOf(given)

const listOf = (fields: Fields, field: string): ReadonlyArray<unknown> => {
  const list = fields[field]
  return Array.isArray(list) ? list : []
}

/** `keyOf` knows a member by its id or its value; a plain one, such as an address, by what it says. */
const keyOf = (member: unknown): string => {
  const one = typeof member === "string" ? { value: member } : member
  return keyOfMembers([one])?.(one) ?? JSON.stringify(one)
}
