import { nameKey } from "../../client/fields/FieldEquality.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"

/**
 * `ReadList` is a list as it was read, with what the undo itself has changed since. One of thousands is found without a
 * look at the others: an undo asks so for each of them.
 */
export interface ReadList {
  /** `readAt` is in milliseconds. */
  readonly readAt: number
  readonly items: () => ReadonlyArray<Fields>
  readonly withId: (id: string) => Fields | undefined
  readonly named: (name: string) => ReadonlyArray<Fields>
  /** `replace` takes out what has an id, and puts what it has become, if anything, at the end of the list. */
  readonly replace: (id: string, item: Fields | undefined) => void
}

/** `make` takes what was read, and when. */
export const make = (read: ReadonlyArray<Fields>, readAt: number): ReadList => {
  const items = new Set(read)
  const byId = groups(read, ({ id }) => id)
  const byName = groups(read, keyOfName)
  return {
    readAt,
    items: () => [...items],
    withId: (id) => byId.of(id)[0],
    named: (name) => byName.of(nameKey(name)),
    replace: (id, item) => {
      for (const one of byId.of(id)) for (const each of [items, byId, byName]) each.delete(one)
      if (item !== undefined) for (const each of [items, byId, byName]) each.add(item)
    }
  }
}

const keyOfName = ({ name }: Fields): string | undefined =>
  typeof name === "string" ? nameKey(name) : undefined

/** `groups` are items by what they have in common. */
const groups = (read: ReadonlyArray<Fields>, keyOf: (item: Fields) => unknown) => {
  const all = new Map<unknown, Set<Fields>>()
  const add = (item: Fields) => {
    const key = keyOf(item)
    const known = all.get(key)
    if (known === undefined) all.set(key, new Set([item]))
    else known.add(item)
  }
  for (const item of read) add(item)
  return {
    of: (key: string): ReadonlyArray<Fields> => [...(all.get(key) ?? [])],
    add,
    delete: (item: Fields) => void all.get(keyOf(item))?.delete(item)
  }
}
