import { keyOfMembers } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { ObjectState, States } from "./ObjectState.ts"

/**
 * `memberState` says whether the members that a change puts into an object's lists, or takes out, are there: `other`
 * where some are as before and some as after.
 */
export const memberState = (states: States, there: Fields | undefined): ObjectState => {
  if (there === undefined) return "other"
  const verdicts = new Set<"before" | "after">()
  for (const field of fieldsOf(states)) {
    const { added, removed } = changeOf(states, field)
    const found = keysOf(there, field)
    for (const key of added) verdicts.add(found.has(key) ? "after" : "before")
    for (const key of removed) verdicts.add(found.has(key) ? "before" : "after")
  }
  const [first = "same", ...rest] = verdicts
  return rest.length > 0 ? "other" : first
}

/**
 * `stillAfter` gives the lists of a body without the members that somebody has put back already, or taken out: of what
 * an undo sends, the rest.
 */
export const stillAfter = (body: Fields, states: States, there: Fields): Fields =>
  Object.fromEntries(
    Object.entries(body).map(([field, value]) => {
      if (!Array.isArray(value)) return [field, value]
      const { added, removed } = changeOf(states, field)
      const found = keysOf(there, field)
      const isUndone = (key: string) => (found.has(key) ? removed.has(key) : added.has(key))
      return [field, value.filter((one) => !isUndone(keyOf(one)))]
    })
  )

const fieldsOf = ({ after = {}, before = {} }: States): ReadonlySet<string> =>
  new Set([...Object.keys(before), ...Object.keys(after)])

/** `changeOf` is what a change puts into a list, and what it takes out, by their keys. */
const changeOf = ({ after = {}, before = {} }: States, field: string) => {
  const [had, has] = [keysOf(before, field), keysOf(after, field)]
  return {
    added: new Set([...has].filter((key) => !had.has(key))),
    removed: new Set([...had].filter((key) => !has.has(key)))
  }
}

const keysOf = (fields: Fields, field: string): ReadonlySet<string> => {
  const list = fields[field]
  return new Set(Array.isArray(list) ? list.map(keyOf) : [])
}

/** `keyOf` knows a member by its id or its value; a plain one, such as an address, by what it says. */
const keyOf = (member: unknown): string => {
  const one = typeof member === "string" ? { value: member } : member
  return keyOfMembers([one])?.(one) ?? JSON.stringify(one)
}
