import { nameKey } from "../../client/fields/FieldEquality.ts"
import {
  type BodyInBulk,
  bodyBatches,
  idBatches,
  isPlainId,
  type RemovalInBulk
} from "../../client/writes/InBulk.ts"
import * as NewIds from "./NewIds.ts"
import * as UndoUnit from "./UndoUnit.ts"

// As many are read, and sent, one by one.
export const few = 3

/** `gather` gives those of an undo that one request may send, from the first on: as many as follow one another. */
export const gather = (
  units: Iterable<UndoUnit.UndoUnit>,
  isFree: (unit: UndoUnit.UndoUnit) => boolean
): ReadonlyArray<UndoUnit.UndoUnit> => {
  const together: Array<UndoUnit.UndoUnit> = []
  const keys = new Set<string>()
  const formerIds = new Set<string>()
  for (const unit of units) {
    const key = keyOf(unit)
    const [first = unit] = together
    const before = together.at(-1)
    if (wayOf(unit) === undefined) break
    if (!isFree(unit) || key === undefined || keys.has(key) || !isLike(unit, first)) break
    if (before !== undefined && isPlaced(unit) && !isBehind(unit, before)) break
    // What is created anew has no id yet, by which another of the same request could refer to it.
    if (formerIds.size > 0 && NewIds.textsOf(unit.request.body).some((text) => formerIds.has(text))) break
    together.push(unit)
    keys.add(key)
    if (unit.request.formerId !== undefined) formerIds.add(unit.request.formerId)
  }
  return together
}

/** `batchesOf` splits what one request may send by what it takes. */
export const batchesOf = (
  units: ReadonlyArray<Sendable>,
  way: Way
): ReadonlyArray<ReadonlyArray<Sendable>> =>
  "ids" in way
    ? idBatches(units, way, ({ id = "" }) => id)
    : bodyBatches(units, way, ({ there, unit }) => UndoUnit.bodyFor(unit, there))

/** `Sendable` is a request of an undo that is to be sent, and what it is about, as it is now. */
export interface Sendable {
  readonly unit: UndoUnit.UndoUnit
  readonly there: Readonly<Record<string, unknown>> | undefined
  /** `id` is that of what it is sent to, where there is any. */
  readonly id: string | undefined
}

/** `sendable` is a request, with what it is about as that is now. */
export const sendable = (unit: UndoUnit.UndoUnit, there: Sendable["there"]): Sendable => {
  const { id, method } = unit.request
  const found = typeof there?.id === "string" ? there.id : undefined
  return { unit, there, id: method === "POST" ? undefined : (id ?? found) }
}

/** `distinct` are those that one request can name, each once: what several are about is left to the first. */
export const distinct = (all: ReadonlyArray<Sendable>): ReadonlyArray<Sendable> => {
  const ids = new Set<string>()
  return all.filter(({ id, unit }) => {
    if (unit.request.method === "POST") return true
    if (id === undefined || ids.has(id) || !isPlainId(id)) return false
    ids.add(id)
    return true
  })
}

/** `Way` is the request that writes many of a list. */
export type Way = BodyInBulk | RemovalInBulk

/** `wayOf` is the way in which the list of a request takes several of its kind at once. */
export const wayOf = ({ change, request }: UndoUnit.UndoUnit): Way | undefined => {
  const { inBulk = {}, lookup, path } = change
  if (lookup !== undefined || request.path !== path) return undefined
  const { create, remove, update } = inBulk
  return { POST: create, PUT: update, DELETE: remove }[request.method]
}

/** `isPlaced` says that it is created at a place of its own. */
export const isPlaced = ({ request }: UndoUnit.UndoUnit): boolean => request.place !== undefined

const isBehind = (unit: UndoUnit.UndoUnit, before: UndoUnit.UndoUnit): boolean =>
  unit.change === before.change && unit.number === before.number + 1 && unit.request.follows === true

/** `keyOf` tells it from others of one request; `undefined` where nothing does. */
const keyOf = ({ request }: UndoUnit.UndoUnit): string | undefined => {
  const { body, find, id, method } = request
  const name = method === "POST" ? body?.name : find
  if (method !== "POST" && id !== undefined) return `id ${id}`
  return typeof name === "string" ? `name ${nameKey(name)}` : undefined
}

const isLike = (unit: UndoUnit.UndoUnit, first: UndoUnit.UndoUnit): boolean =>
  factsOf(unit) === factsOf(first) && isPlaced(unit) === isPlaced(first)

const factsOf = ({ change, request }: UndoUnit.UndoUnit): string =>
  JSON.stringify([
    change.targetName,
    request.method,
    change.path,
    change.query,
    request.path,
    request.query,
    change.inBulk,
    change.lookup === undefined
  ])
