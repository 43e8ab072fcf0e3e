import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SessionError } from "../../auth/AuthError.ts"
import * as Groups from "../../client/fields/Groups.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import { isNoList } from "../../client/objects/ObjectWrites.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import * as Advice from "./Advice.ts"
import * as Owners from "./Owners.ts"
import type { Place, Readings } from "./Readings.ts"
import { isAsLeft, isBare, settingsBelow } from "./SettingsBelow.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `Nesting` says which requests of an undo lie below what others of it remove. */
export interface Nesting {
  /** `above` are those that remove what a request lies below, the outermost first. */
  readonly above: (unit: UndoUnit.UndoUnit) => ReadonlyArray<UndoUnit.UndoUnit>
  readonly below: (parent: UndoUnit.UndoUnit) => ReadonlyArray<UndoUnit.UndoUnit>
}

/** `nest` finds what lies below what: the rules of a policy lie below its own path. */
export const nest = (units: ReadonlyArray<UndoUnit.UndoUnit>): Effect.Effect<Nesting> =>
  Effect.gen(function* () {
    const parents = new Map<string, UndoUnit.UndoUnit>()
    for (const unit of units) {
      const { id, method, path } = unit.request
      if (method !== "DELETE" || id === undefined || unit.change.lookup !== undefined) continue
      const at = yield* Effect.option(PathSegment.join(path, { id }))
      if (Option.isSome(at)) parents.set(at.value, unit)
    }
    const above = new Map(units.map((unit) => [unit, aboveOf(unit.change.path, parents)]))
    const below = new Map<UndoUnit.UndoUnit, Array<UndoUnit.UndoUnit>>()
    for (const [unit, all] of above) for (const parent of all) Groups.addTo(below, parent, unit)
    return { above: (unit) => above.get(unit) ?? [], below: (parent) => below.get(parent) ?? [] }
  })

const aboveOf = (path: string, parents: ReadonlyMap<string, UndoUnit.UndoUnit>) =>
  [...path.matchAll(/\//g)].flatMap(({ index }) => parents.get(path.slice(0, index)) ?? [])

/** `holds` says that a request removes what lists would go with. */
export const holds = ({ change, request }: UndoUnit.UndoUnit): boolean =>
  request.method === "DELETE" &&
  change.lookup === undefined &&
  [...(change.holds ?? []), ...(change.settings ?? [])].length > 0

/** `heldBy` are the lists that would go with what a request removes, and in which nothing was at first. */
const heldBy = ({ change }: UndoUnit.UndoUnit, id: string): ReadonlyArray<Place> => {
  const { holds: names = [], path, targetName } = change
  return names.map((name) => ({ targetName, path: `${path}/${encodeURIComponent(id)}/${name}` }))
}

/** `Below` is what lies below an object in the lists that a run has changed, or that would go with it. */
export interface Below {
  /** `others` are called by their names: they are not the run's, or not as it left them. */
  readonly others: ReadonlyArray<string>
  /** `changed` are the lists of settings, by their names, in which somebody has changed something since. */
  readonly changed: ReadonlyArray<string>
  /** `unknown` are those of which nobody knows how the run has left them, or how they are, which the device refuses to say. */
  readonly unknown: ReadonlyMap<string, string | undefined>
  /** `isThere` says whether what a request is about was among them. */
  readonly isThere: (unit: UndoUnit.UndoUnit) => boolean
}

/**
 * `read` reads the lists below an object, of which there is `present`. `units` are those that lie there, the last change
 * first.
 */
export const read = (
  parent: UndoUnit.UndoUnit,
  present: Fields | undefined,
  units: ReadonlyArray<UndoUnit.UndoUnit>,
  readings: Readings
): Effect.Effect<Below, SessionError> =>
  Effect.gen(function* () {
    const others: Array<string> = []
    const changed = new Set<string>()
    const unknown = new Map<string, string | undefined>()
    const there = new Set<UndoUnit.UndoUnit>()
    // It may have been found by its name.
    const id = parent.request.id ?? present?.id
    const isKnown = holds(parent) && typeof id === "string"
    const held = isKnown ? heldBy(parent, id) : []
    const settings = new Map(
      (isKnown ? settingsBelow(parent, id) : []).map((one) => [one.place.path, one] as const)
    )
    const places = new Map<string, Place>()
    for (const { place } of settings.values()) places.set(place.path, place)
    // Somebody puts rules into a policy more often than he changes its settings: those are read as late as can be.
    for (const place of [...held, ...units.map(({ change }) => change)]) places.set(place.path, place)
    const isHeld = new Set(held.map(({ path }) => path))
    const ownIn = Arr.groupBy(units, ({ change }) => change.path)
    for (const [path, place] of places) {
      const ownersOf = Owners.make(ownIn[path] ?? [])
      const setting = settings.get(path)
      const items = yield* Effect.catchIf(readings.all(place), isNoList, () => Effect.succeed([])).pipe(
        Effect.catchTag("DeviceRefused", (refusal) => {
          if (setting === undefined) return Effect.fail(refusal)
          unknown.set(setting.name, refusal.message)
          return Effect.succeed([])
        })
      )
      for (const item of items) {
        const owners = ownersOf(item)
        for (const one of owners) there.add(one)
        if (isOfRun(owners, item, isHeld.has(path))) continue
        if (setting === undefined) others.push(calledBy(item, place))
        else if (setting.left !== undefined) {
          if (!isAsLeft(parent, setting.left, item)) changed.add(setting.name)
        } else if (!isBare(item)) unknown.set(setting.name, undefined)
      }
    }
    return { others, changed: [...changed], unknown, isThere: (unit) => there.has(unit) }
  })

/** `whyLeft` says why what a request would remove is left, with what lies below it. */
export const whyLeft = (unit: UndoUnit.UndoUnit, { changed, others, unknown }: Below): string | undefined => {
  const name = UndoUnit.nameOf(unit)
  if (others.length > 0) return Advice.othersBelow(name, others)
  if (changed.length > 0) return Advice.settingsChanged(name, changed)
  const [refusal] = [...unknown.values()].flatMap((one) => one ?? [])
  return unknown.size > 0 ? Advice.settingsUnknown(name, [...unknown.keys()], refusal) : undefined
}

/**
 * `isOfRun` says whether one of a list is the run's, and as it has left it. `owners` are the requests about it, the last
 * change first, which says how it has to be. Nothing is at first in a list that `isHeld`, and what the run has only changed
 * there is somebody's; elsewhere the device has put it there by itself, and it may be as it was before again.
 */
const isOfRun = (owners: ReadonlyArray<UndoUnit.UndoUnit>, item: Fields, isHeld: boolean): boolean => {
  const [last] = owners
  if (last === undefined) return false
  if (last.change.lookup !== undefined) return isUnitAsLeft(last, item)
  if (isHeld) return owners.some(({ request }) => request.method === "DELETE") && isUnitAsLeft(last, item)
  return (
    isUnitAsLeft(last, item) || (last.request.method === "PUT" && UndoUnit.stateOf(last, item) === "before")
  )
}

const isUnitAsLeft = (unit: UndoUnit.UndoUnit, item: Fields): boolean =>
  unit.change.lookup?.values !== undefined || ["after", "same"].includes(UndoUnit.stateOf(unit, item))

const calledBy = (item: Fields, { lookup, path }: Place): string => {
  const [only, ...others] = Object.values(item)
  // What is no more than a value, such as what is mapped to an object, is called by that.
  const value = lookup?.values !== undefined ? item[lookup.values.from] : others.length === 0 ? only : item.id
  const name = item.name ?? value
  return typeof name === "string" ? name : `one of ${path}`
}
