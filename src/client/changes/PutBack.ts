import * as Groups from "../fields/Groups.ts"

/**
 * `Behind` says of objects, by their ids, behind which other one each stood in its list; `""` where it stood first. Of
 * several behind the same one, the first stood next to it.
 */
export type Behind = ReadonlyMap<string, string>

/**
 * `putBack` gives a list with what it lacks put where it stood; at its end, where nothing is left of that place. `idOf`
 * gives the id of what is there, and `shown` what is shown of it.
 */
export const putBack = <There, A>(
  there: ReadonlyArray<There>,
  lacking: ReadonlyMap<string, A>,
  behind: Behind,
  idOf: (one: There) => string | undefined,
  shown: (one: There) => ReadonlyArray<A>
): ReadonlyArray<A> => {
  const ids = new Set(there.map(idOf))
  const rest = new Map(lacking)
  const next = new Map<string, Array<string>>()
  for (const id of behind.keys()) {
    const place = lacking.has(id) ? placeOf(id, behind, (one) => ids.has(one) || lacking.has(one)) : undefined
    if (place === undefined) continue
    Groups.addTo(next, place, id)
  }
  const all: Array<A> = []
  const putBehind = (id: string) => {
    // Behind each stands what stood behind it, and so on: a list of thousands may be gone.
    const open = (next.get(id) ?? []).toReversed()
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const item = rest.get(one)
      if (item === undefined) continue
      rest.delete(one)
      all.push(item)
      for (const other of (next.get(one) ?? []).toReversed()) open.push(other)
    }
  }
  putBehind("")
  for (const one of there) {
    all.push(...shown(one))
    putBehind(idOf(one) ?? "")
  }
  return [...all, ...rest.values()]
}

/** `placeOf` is the nearest before it that is there: what stood between them may be gone for good. */
const placeOf = (id: string, behind: Behind, isThere: (id: string) => boolean): string | undefined => {
  const met = new Set([id])
  for (let place = behind.get(id); place !== undefined; place = behind.get(place)) {
    if (place === "" || (isThere(place) && !met.has(place))) return place
    if (met.has(place)) return undefined
    met.add(place)
  }
  return undefined
}
