import { differs } from "./Difference.ts"
import * as Groups from "./Groups.ts"
import * as WhereKey from "./WhereKey.ts"

/** `AlikeIndex` gives those of a list from whose key a wanted one does not differ, without a look at all the others. */
export type AlikeIndex<A> = (wanted: unknown) => ReadonlyArray<A>

/** `make` takes a list and what each of it is known by, such as its name or some of its fields. */
export const make = <A>(list: ReadonlyArray<A>, keyOf: (one: A) => unknown): AlikeIndex<A> => {
  const all = list.map((one) => ({ one, key: keyOf(one) }))
  const byShape = new Map<string, Map<string, typeof all>>()
  const groupedBy = (paths: ReadonlyArray<WhereKey.Path>) => {
    const groups = new Map<string, typeof all>()
    for (const one of all) Groups.addTo(groups, WhereKey.keyOf(paths, { wanted: one.key }), one)
    return groups
  }
  return (wanted) => {
    // A key may be a text alone.
    const paths = WhereKey.pathsOf({ wanted })
    const shape = JSON.stringify(paths)
    const groups = byShape.get(shape) ?? groupedBy(paths)
    byShape.set(shape, groups)
    const alike = groups.get(WhereKey.keyOf(paths, { wanted })) ?? []
    return alike.filter(({ key }) => !differs(wanted, key)).map(({ one }) => one)
  }
}
