import { differs } from "../../client/fields/Difference.ts"
import { nameKey, valueKey } from "../../client/fields/FieldEquality.ts"
import * as Groups from "../../client/fields/Groups.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import * as WhereKey from "../../client/fields/WhereKey.ts"
import type * as UndoUnit from "./UndoUnit.ts"

/** `Owners` gives the requests of an undo that are about one of a list, without a look at all the others. */
export type Owners = (item: Fields) => ReadonlyArray<UndoUnit.UndoUnit>

/** `make` takes those of one list, and keeps their order. */
export const make = (units: ReadonlyArray<UndoUnit.UndoUnit>): Owners => {
  const places = new Map(units.map((unit, at) => [unit, at]))
  const ways = new Map<
    string,
    { readonly of: Way["of"]; readonly all: Map<string, Array<UndoUnit.UndoUnit>> }
  >()
  for (const unit of units) {
    const { keys, name, of } = wayOf(unit)
    const { all } = ways.get(name) ?? { all: new Map<string, Array<UndoUnit.UndoUnit>>() }
    ways.set(name, { of, all })
    for (const key of keys) Groups.addTo(all, key, unit)
  }
  return (item) => {
    const found = [...ways.values()].flatMap(({ all, of }) => all.get(of(item) ?? "") ?? [])
    const own = [...new Set(found)].filter(({ change: { lookup } }) => isLike(lookup?.where, item))
    return own.sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0))
  }
}

/** `Way` is how requests know what they are about: by its id, its name, a value, or some fields. */
interface Way {
  readonly name: string
  /** `of` is the key of one of a list. */
  readonly of: (item: Fields) => string | undefined
  /** `keys` are those of what a request is about. */
  readonly keys: ReadonlyArray<string>
}

const wayOf = ({ change, request }: UndoUnit.UndoUnit): Way => {
  const { values, where } = change.lookup ?? {}
  if (values !== undefined) {
    const after = change.objects.flatMap(({ after = {} }) => after[values.field])
    return {
      name: `value ${values.from}`,
      of: (item) => keyOfValue(item[values.from]),
      keys: after.map(keyOfValue)
    }
  }
  if (where !== undefined) {
    const paths = WhereKey.pathsOf(where)
    const of = (item: Fields) => WhereKey.keyOf(paths, item)
    return { name: `where ${JSON.stringify(paths)}`, of, keys: [of(where)] }
  }
  const { find, id, method } = request
  if (id !== undefined && method !== "POST") return { name: "id", of: textOf("id"), keys: [id] }
  const keys = find === undefined || method === "POST" ? [] : [nameKey(find)]
  return { name: "name", of: keyOfName, keys }
}

const isLike = (where: Fields | undefined, item: Fields): boolean =>
  where === undefined || !differs(where, item, { secrets: false })

const textOf =
  (field: string) =>
  (item: Fields): string | undefined => {
    const value = item[field]
    return typeof value === "string" ? value : undefined
  }

const keyOfName = (item: Fields): string | undefined => {
  const name = textOf("name")(item)
  return name === undefined ? undefined : nameKey(name)
}

const keyOfValue = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : valueKey("", value)
