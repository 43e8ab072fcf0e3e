import { differs } from "../../client/fields/Difference.ts"
import { nameKey } from "../../client/fields/FieldEquality.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import * as WhereKey from "../../client/fields/WhereKey.ts"

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
  /** `where` is the first that has these fields. */
  readonly where: (fields: Fields) => Fields | undefined
  /** `replace` takes one out, and puts what it has become, if anything, at the end of the list. */
  readonly replace: (former: Fields | undefined, item: Fields | undefined) => void
}

/** `make` takes what was read, and when. */
export const make = (read: ReadonlyArray<Fields>, readAt: number): ReadList => {
  const items = new Set(read)
  const byId = groups(read, ({ id }) => id)
  const byName = groups(read, keyOfName)
  const byFields = new Map<string, Groups>()
  const all = () => [items, byId, byName, ...byFields.values()]
  return {
    readAt,
    items: () => [...items],
    withId: (id) => byId.of(id)[0],
    named: (name) => byName.of(nameKey(name)),
    where: (fields) => {
      const paths = WhereKey.pathsOf(fields)
      const shape = JSON.stringify(paths)
      const known = byFields.get(shape) ?? groups(items, (item) => WhereKey.keyOf(paths, item))
      byFields.set(shape, known)
      return known.of(WhereKey.keyOf(paths, fields)).find((one) => !differs(fields, one, { secrets: false }))
    },
    replace: (former, item) => {
      if (former !== undefined) for (const each of all()) each.delete(former)
      if (item !== undefined) for (const each of all()) each.add(item)
    }
  }
}

const keyOfName = ({ name }: Fields): string | undefined =>
  typeof name === "string" ? nameKey(name) : undefined

type Groups = ReturnType<typeof groups>

/** `groups` are items by what they have in common. */
const groups = (read: Iterable<Fields>, keyOf: (item: Fields) => unknown) => {
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
