import * as Predicate from "effect/Predicate"
import type { Became, List, Undo, UndoRequest } from "../changes/Change.ts"
import type { NoRecreation, Recreation } from "../changes/Recreation.ts"
import { isPart } from "../fields/Difference.ts"
import { isMask } from "../fields/FieldEquality.ts"
import type { Entry, Fields, Known, Unnamed } from "../fields/ListEntry.ts"
import { declared, secretFields } from "../fields/Secrets.ts"
import { withoutDeviceFields } from "./ObjectWrites.ts"

/**
 * `undoCreation` removes what was created, the last first. `items` are what became of each: the object, `unknown` where
 * it may be there and is looked for by its name, `none` where it is not. Without them nothing is known of any.
 * `irremovable` says why none is removed.
 */
export const undoCreation = (
  { path }: List,
  wanted: ReadonlyArray<Unnamed>,
  items: ReadonlyArray<Became> = wanted.map(() => "unknown" as const),
  irremovable?: string
): Undo => {
  if (irremovable !== undefined) return { cannot: irremovable }
  const requests: Array<UndoRequest> = []
  for (const [at, one] of wanted.entries()) {
    const item = items[at] ?? "none"
    if (item === "none") continue
    const id = item === "unknown" ? undefined : item.id
    if (id === undefined && one.name === undefined)
      return { cannot: "it has neither a name nor an id to find it by" }
    requests.unshift({
      method: "DELETE",
      path,
      ...(id === undefined ? { find: one.name } : { id }),
      // What the device has answered is more than what was wanted: whoever adds to it since has changed it.
      expect: shown(item === "unknown" ? one : over(item, one)),
      isWhole: true
    })
  }
  return requests
}

/** `undoUpdate` writes what was there before, unless that holds what nobody can read back. */
export const undoUpdate = (
  { path }: List,
  before: Entry,
  item: Known<Entry>,
  secrets?: ReadonlyArray<string>
): Undo => {
  const written = secretFields(item, declared(secrets))
  if (written.length > 0)
    return { cannot: `it writes ${written.join(", ")}, and no device shows what was there before` }
  return [
    {
      method: "PUT",
      path,
      id: item.id,
      body: withoutMasks(withoutMetadata(before)),
      expect: shown(item),
      isWhole: true
    }
  ]
}

/**
 * `undoRemoval` creates what was removed, which gives it another id: the last first, or in the order of the list, where
 * that is known. `became` is as in `undoCreation`.
 */
export const undoRemoval = <A extends Entry>(
  { path }: List,
  present: ReadonlyArray<Known<A>>,
  became: ReadonlyArray<Became> = present,
  recreation: (before: A) => Recreation | NoRecreation = () => ({}),
  secrets: ReadonlyArray<string> = []
): Undo => {
  const removed = present.filter((_, at) => became[at] !== "none")
  const held = removed.flatMap((before) => secretFields(before, declared(secrets)))
  if (held.length > 0)
    return { cannot: `it has ${[...new Set(held)].join(", ")}, and no journal keeps a secret` }
  const requests: Array<{ readonly index: number; readonly request: UndoRequest }> = []
  for (const before of removed) {
    const way = recreation(before)
    if ("cannot" in way) return way
    const { index = Number.POSITIVE_INFINITY, ...how } = way
    const request: UndoRequest = {
      method: "POST",
      path,
      body: withoutPartIds(withoutDeviceFields<Unnamed>(before)),
      find: before.name,
      expect: undefined,
      formerId: before.id,
      ...(secrets.length > 0 && { loses: `what it had in ${secrets.join(", ")}, which no device shows` }),
      ...how
    }
    requests.push({ index, request })
  }
  const sorted = requests
    .reverse()
    .sort((one, other) => (one.index === other.index ? 0 : one.index - other.index))
  return sorted.map(({ index, request }, at) => {
    const before = sorted[at - 1]
    const isNext = index === (before?.index ?? Number.NaN) + 1 && isSame(request.query, before?.request.query)
    return isNext ? { ...request, follows: true } : request
  })
}

const isSame = (one: UndoRequest["query"], other: UndoRequest["query"]): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** `asWritten` has what an undo sends in the form in which the device takes it. */
export const asWritten = (undo: Undo, written: ((fields: Fields) => Fields) | undefined): Undo =>
  "cannot" in undo || written === undefined
    ? undo
    : undo.map((request) => ({ ...request, ...(request.body && { body: written(request.body) }) }))

/** `over` puts what was wanted over what a device shows of it, of which a part may be more than was wanted. */
export const over = <A extends Fields>(there: Fields, wanted: A): A =>
  // It has all fields of what was wanted.
  ({
    ...there,
    ...Object.fromEntries(
      Object.entries(wanted).map(([field, value]) => {
        const own = there[field]
        const isPartial = Predicate.isReadonlyRecord(value) && Predicate.isReadonlyRecord(own)
        return [field, isPartial ? over(own, value) : value]
      })
    )
  }) as A

/** `shown` are the fields that a device shows again, without its own notes. */
const shown = (fields: Unnamed): Fields => withoutDeviceFields(fields)

const withoutMetadata = ({ links: _links, metadata: _metadata, ...own }: Fields): Fields => own

/** `withoutMasks` leaves out what a device shows in place of a secret: written back, it would be the secret. */
const withoutMasks = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => {
      if (isMask(value)) return []
      if (Array.isArray(value))
        return [[field, value.map((one) => (Predicate.isReadonlyRecord(one) ? withoutMasks(one) : one))]]
      return [[field, Predicate.isReadonlyRecord(value) ? withoutMasks(value) : value]]
    })
  )

/** `withoutPartIds` leaves out the ids of its own parts, which the device gives anew. */
const withoutPartIds = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      if (!Predicate.isReadonlyRecord(value)) return [field, value]
      const { id: _id, ...part } = value
      return [field, withoutPartIds(isPart(value) ? part : value)]
    })
  )
