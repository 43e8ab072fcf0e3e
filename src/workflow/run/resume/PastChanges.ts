import * as Arr from "effect/Array"
import type { List, PlannedEvent, PlannedObjects } from "../../../client/changes/Change.ts"
import type { Behind } from "../../../client/changes/PutBack.ts"
import type { Entry } from "../../../client/fields/ListEntry.ts"
import { isMasked } from "../../../client/fields/Secrets.ts"
import { anyVersion } from "../../ApiVersion.ts"
import { idOf, type PastChange } from "../../journal/RunHistory.ts"
import { behindOf } from "./Showings.ts"
import { touchedBy } from "./Touched.ts"

/**
 * `PastChanges` are those of a run that is resumed: what it has done already, and what of it the script has not asked
 * for again so far.
 */
export interface PastChanges {
  /**
   * `ask` takes the change of this key: the script has come to it. Where it was tried before, or is several requests that
   * nothing describes, there is more than one.
   */
  readonly ask: (key: string) => ReadonlyArray<PastChange>
  /** `askUnchanged` takes those that made an object as it is, where the script finds it so. */
  readonly askUnchanged: (list: List, step: string, name: string | undefined) => PastChange | undefined
  /** `askStep` takes all of a step whose result is known. */
  readonly askStep: (step: string) => void
  /** `unasked` are those that the script has not come to yet. */
  readonly unasked: () => ReadonlyArray<PastChange>
  /**
   * `missed` are those of them that a script which goes the same way would have asked for. What no journal keeps of an
   * object, its secrets, reads cannot show as it was: a script may have found it as it is now, or gone.
   */
  readonly missed: () => ReadonlyArray<PastChange>
  /**
   * `before` is what there was of a list before those that the script has not come to yet: it is to go the same way
   * again, and not another one since it finds what it has done already. `selection` is what it asks for of the list, by
   * which it was shown it before.
   */
  readonly before: (list: List, selection?: string) => PlannedObjects | undefined
  /**
   * `isGone` says that a path leads to what one of those that the script has not come to yet has removed, or below it:
   * how it was then, no device shows any more.
   */
  readonly isGone: (place: List) => boolean
  /** `removed` is the object itself to which such a path leads, as it was before. */
  readonly removed: (place: List) => Entry | undefined
}

/** `make` begins with the changes that a journal has. */
export const make = (past: ReadonlyArray<PastChange>): PastChanges => {
  const byKey = Arr.groupBy(past, ({ key }) => key)
  const byList = Arr.groupBy(past, keyOf)
  const left = new Set(past.filter((one) => !hasNotHappened(one)))
  const removals = past.filter(({ action }) => action === "remove" || action === "DELETE")
  const ofAll = (list: List) => byList[keyOf(list)] ?? []
  const of = (list: List) => ofAll(list).filter((one) => left.has(one))
  const before = (list: List, selection: string): PlannedObjects | undefined => {
    const isBelowGone = removals.some((one) => left.has(one) && isBelowOwn(one, ofAll(one), list))
    if (isBelowGone) return asMade(ofAll(list).filter((one) => !left.has(one)))
    const changes = of(list)
    if (changes.length === 0) return undefined
    return beforeThem(
      changes,
      behindOf(ofAll(list), (one) => left.has(one), selection)
    )
  }
  /** `shown` is what there was of lists before those that are left: a list of thousands asks at each of its objects. */
  const shown = new Map<string, PlannedObjects | undefined>()
  const take = (all: ReadonlyArray<PastChange>) => {
    for (const one of all) if (left.delete(one)) shown.clear()
    return all
  }
  const cachedBefore = (list: List, selection = "") => {
    const key = JSON.stringify([list.targetName, list.path, selection])
    if (!shown.has(key)) shown.set(key, before(list, selection))
    return shown.get(key)
  }
  const isGone = (place: List) => removals.some((one) => left.has(one) && hasRemoved(one, place))
  return {
    ask: (key) => take(byKey[key] ?? []),
    askUnchanged: (list, step, name) =>
      take(of(list).filter((one) => one.step === step && isHidden(one, name))).at(-1),
    askStep: (step) => {
      take([...left].filter((one) => one.step === step || one.step.startsWith(`${step} / `)))
    },
    unasked: () => [...left],
    missed: () => {
      const placeOf = ({ path, targetName }: List, id: string | undefined) =>
        JSON.stringify([targetName, anyVersion(path), id])
      const hidden = new Set(
        [...left].flatMap((one) =>
          one.objects.filter(({ before }) => isMasked(before)).map(({ id }) => placeOf(one, id))
        )
      )
      return [...left].filter((one) => !one.objects.some(({ id }) => hidden.has(placeOf(one, id))))
    },
    before: cachedBefore,
    isGone,
    removed: (place) => {
      if (!isGone(place)) return undefined
      const [, path = "", id = ""] = /^(.*)\/([^/]+)$/.exec(place.path) ?? []
      return cachedBefore({ ...place, path })?.present.get(id)
    }
  }
}

/** `hasNotHappened` says that the device has refused a change, or that it was looked for and has not happened. */
export const hasNotHappened = ({ outcome }: PastChange): boolean =>
  outcome === "refused" || outcome === "absent"

/** `hasRemoved` says that a change has removed that to which a path leads, or what it lies below. */
const hasRemoved = ({ action, objects, path: list, targetName }: PastChange, place: List): boolean => {
  if (targetName !== place.targetName) return false
  const isBelow = (path: string) => isWithin(place.path, path)
  // A request that nothing describes has what it removes for its path.
  if (action === "DELETE") return isBelow(list)
  return action === "remove" && objects.some(({ id }) => id !== undefined && isBelow(`${list}/${id}`))
}

const keyOf = ({ path, targetName }: List): string => JSON.stringify([targetName, anyVersion(path)])

/** `isWithin` says whether a path is that of a place, or lies below it. */
const isWithin = (path: string, place: string): boolean =>
  `${anyVersion(path)}/`.startsWith(`${anyVersion(place)}/`)

/**
 * `isBelowOwn` says whether a list lies below what a change removes, and the run has created before: the device has nothing
 * of it any more, and all that there was of it is the run's. `beside` are the changes of the same list as the removal.
 */
const isBelowOwn = (
  { action, objects, path: above, targetName }: PastChange,
  beside: ReadonlyArray<PastChange>,
  { path, targetName: device }: List
): boolean =>
  action === "remove" &&
  targetName === device &&
  isWithin(path, above) &&
  objects.some(
    ({ id }) =>
      id !== undefined && isWithin(path, `${above}/${id}`) && beside.some((made) => hasMade(made, id))
  )

/** `hasMade` says that a change has created an object; what it removes, or changes, was there before. */
const hasMade = ({ became = [], objects }: PastChange, id: string): boolean =>
  became.some((one, at) => objects[at]?.before === undefined && idOf(one) === id)

/** `asMade` is a list of which there is nothing but what the run has made of it so far. */
const asMade = (changes: ReadonlyArray<PastChange>): PlannedObjects => {
  const present = new Map<string, Entry>()
  const events: Array<PlannedEvent> = []
  for (const change of changes)
    for (const [at, { after, before, id = idOf(change.became?.[at]) }] of change.objects.entries()) {
      const became = change.became?.[at]
      if (id === undefined || became === "none") continue
      const isGone = after === undefined
      if (isGone) present.delete(id)
      else if (!isMasked(after)) present.set(id, { ...after, ...Object(became), id })
      if (isGone || before === undefined) events.push({ id, isGone, place: change.place, change })
    }
  const isPlaced = events.some(({ place }) => place !== undefined)
  return { isPlanned: true, present, removed: new Set(), ...(isPlaced && { events }) }
}

/** `beforeThem` goes through them in their order: the first that has to do with an object knows how it was. */
const beforeThem = (changes: ReadonlyArray<PastChange>, behind: Behind | undefined): PlannedObjects => {
  const present = new Map<string, Entry>()
  const removed = new Set<string>()
  for (const change of changes) {
    for (const { before, id } of touchedBy(change)) {
      if (present.has(id) || removed.has(id)) continue
      if (before === undefined) removed.add(id)
      else present.set(id, { ...before, id })
    }
  }
  return { isPlanned: false, present, removed, behind }
}

/**
 * `isHidden` says whether reads do not show an object of a change, of this name where there is one, as it was before: a
 * script that finds one as it wants it, and it is shown as before, has not come to that change yet.
 */
const isHidden = (change: PastChange, name: string | undefined): boolean => {
  const { became = [], lookup, objects } = change
  if (lookup?.values !== undefined) return false
  const shown = new Set<string | undefined>(touchedBy(change).map(({ id }) => id))
  return objects.some(
    (one, at) => (name === undefined || one.name === name) && !shown.has(one.id ?? idOf(became[at]))
  )
}
