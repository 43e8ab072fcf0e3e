import * as Redaction from "../transport/redaction/Redaction.ts"
import * as Names from "./Names.ts"

/** `Known` is what of a device filters ask for. */
export interface Known {
  readonly name: string
  readonly kind: string
  readonly tags: ReadonlyArray<string>
  readonly groups: ReadonlyArray<string>
}

const sorts = ["name", "tag", "kind", "group"] as const
type Sort = (typeof sorts)[number]

/** `Filter` is one word of a selection: `branch-*`, `tag:prod`, `kind:fdm`, `group:emea`, each also after `!`. */
interface Filter {
  readonly text: string
  readonly isNot: boolean
  readonly sort: Sort
  readonly wanted: string
  readonly matches: (device: Known) => boolean
}

/** `Selection` is the devices that filters mean, in the order of the inventory; none where something is wrong. */
export interface Selection<D> {
  readonly devices: ReadonlyArray<D>
  readonly faults: ReadonlyArray<string>
}

/**
 * `select` gives the devices that filters mean: those of any of the names, which also have any of the tags, are of any
 * of the kinds and in any of the groups that are given, and are none of those after a `!`. Without filters it is all of
 * them. A filter that matches no device at all is a slip, after a `!` too: it would leave in what was to stay out. A text
 * may hold several, with spaces or commas between.
 */
export const select = <D extends Known>(
  devices: ReadonlyArray<D>,
  given: ReadonlyArray<unknown>
): Selection<D> => {
  const parsed = given.flatMap(wordsOf).map(parse)
  const faults = parsed.filter((one) => typeof one === "string")
  const filters = parsed.filter((one) => typeof one !== "string")
  for (const filter of filters) {
    if (!devices.some(filter.matches)) faults.push(unmatched(filter, devices))
  }
  if (faults.length > 0) return { devices: [], faults }
  const selected = devices.filter((device) => isSelected(filters, device))
  if (selected.length > 0 || given.length === 0) return { devices: selected, faults }
  const words = filters.map(({ text }) => JSON.stringify(text)).join(", ")
  return {
    devices: [],
    faults: [
      `no device is left by ${words} together: filters of one sort widen each other, those of several sorts narrow each other, and ! takes away.`
    ]
  }
}

const wordsOf = (given: unknown): ReadonlyArray<unknown> =>
  typeof given === "string" && /[^\s,]/.test(given)
    ? given.split(/[\s,]+/).filter((word) => word !== "")
    : [given]

const isSelected = (filters: ReadonlyArray<Filter>, device: Known): boolean =>
  sorts.every((sort) => {
    const own = filters.filter((one) => one.sort === sort && !one.isNot)
    return own.length === 0 || own.some(({ matches }) => matches(device))
  }) && !filters.some(({ isNot, matches }) => isNot && matches(device))

const parse = (given: unknown): Filter | string => {
  if (typeof given !== "string" || !/[^\s,!]/.test(given))
    return "a filter is text such as branch-*, tag:prod, kind:fdm, group:emea, or one of these after a !."
  const text = Redaction.redact(given)
  const isNot = given.startsWith("!")
  const [, prefix = "name", wanted = ""] = /^(?:([^:]*):)?(.*)$/s.exec(given.slice(isNot ? 1 : 0)) ?? []
  const sort = sorts.find((one) => one === prefix)
  if (sort === undefined)
    return `${JSON.stringify(text)} is no filter: before a colon stands tag, kind, group or name.`
  const isWanted = matcherOf(wanted)
  return { text, isNot, sort, wanted, matches: (device) => valuesOf(sort, device).some(isWanted) }
}

/** `matcherOf` compares names with one that may have `*` in it, for any letters; upper and lower case are the same. */
const matcherOf = (wanted: string): ((name: string) => boolean) => {
  const parts = Names.sameNameAs(wanted).split("*")
  const [first = "", last = ""] = [parts[0], parts.at(-1)]
  return (given) => {
    const name = Names.sameNameAs(given)
    if (parts.length === 1) return name === first
    if (!name.startsWith(first) || !name.endsWith(last)) return false
    // Each part as early as it can be: no expression that could take long.
    let at = first.length
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return at <= name.length - last.length
  }
}

const valuesOf = (sort: Sort, { groups, kind, name, tags }: Known): ReadonlyArray<string> => {
  switch (sort) {
    case "name":
      return [name]
    case "kind":
      return [kind]
    case "tag":
      return tags
    case "group":
      return groups
  }
}

const unmatched = ({ sort, text, wanted }: Filter, devices: ReadonlyArray<Known>): string => {
  const all = [...new Set(devices.flatMap((device) => valuesOf(sort, device)))]
  return `${JSON.stringify(text)} matches no device; ${Names.suggestion(wanted, all)}`
}
