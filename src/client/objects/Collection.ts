import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as Needed from "../../validation/Needed.ts"
import * as OptionNames from "../../validation/OptionNames.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import * as Pending from "../../validation/Pending.ts"
import type * as Change from "../changes/Change.ts"
import { differs } from "../fields/Difference.ts"
import type { Entry, Known, Unnamed } from "../fields/ListEntry.ts"
import * as BulkChanges from "./BulkChanges.ts"
import * as ObjectChanges from "./ObjectChanges.ts"
import * as ObjectWrites from "./ObjectWrites.ts"
import * as PlannedReads from "./PlannedReads.ts"
import * as Upserts from "./Upserts.ts"
import type { BulkVerbs, Collection, CollectionOptions, Verbs } from "./Verbs.ts"

export { nameKey, valueKey } from "../fields/FieldEquality.ts"
export type { Entry, Item, Known, Named, Unnamed, Wanted } from "../fields/ListEntry.ts"
export { restVerbs } from "../rest/RestVerbs.ts"
export { NotKept, type WriteError } from "../writes/NotKept.ts"
export { listed } from "./BulkChanges.ts"
export { unkeptFields } from "./ObjectWrites.ts"
export type * from "./Verbs.ts"

/**
 * `make` gives the verbs of a backend, its changes read back where their answer is lost, and what follows from them.
 */
export const make = <A extends Entry, W extends Unnamed, Listing>(
  backend: Verbs<A, W, Listing> & BulkVerbs<A, W> & CollectionOptions<A, W>
): Collection<A, W, Listing> => {
  Needed.fields("backend", backend, fields, "the verbs and options of a collection")
  for (const verb of verbs) Needed.fn(`backend.${verb}`, backend[verb])
  const { alsoIn, at, inBulk, path = "", query, targetName = "the device" } = backend
  const place = Effect.map(
    Effect.all([at ?? Effect.succeed(path), alsoIn ?? Effect.succeed([])]),
    ([path, alsoIn]): Change.List => ({ targetName, path, query, alsoIn, inBulk })
  )
  const reads = PlannedReads.make(backend, place)
  const changes = ObjectChanges.make(backend, ObjectWrites.make(backend), reads, place)
  const { create, remove, update } = changes
  const get = (id: string) => Effect.flatMap(PathSegment.encode("id", id), () => reads.get(id))
  // A list may hold what has no name: nobody means that.
  const find = (name: string) => Effect.flatMap(PathSegment.text("name", name), reads.find)
  return {
    list: (options) => Pending.stream(reads.list(options)),
    get: withoutOptions("get", get),
    find: withoutOptions("find", find),
    create: withoutOptions("create", (wanted: W) => create(wanted)),
    update: withoutOptions("update", (item: Known<A>) => update(item)),
    remove: withoutOptions("remove", remove),
    createAll: withoutOptions("createAll", (wanted: Iterable<W>) => BulkChanges.createAll(changes, wanted)),
    removeAll: withoutOptions("removeAll", (ids: Iterable<string>) => BulkChanges.removeAll(changes, ids)),
    ...Upserts.make(reads, changes, backend.path)
  }
}

const fields = Object.keys({
  list: true,
  get: true,
  find: true,
  create: true,
  update: true,
  remove: true,
  createEach: true,
  removeEach: true,
  targetName: true,
  path: true,
  at: true,
  query: true,
  place: true,
  alsoIn: true,
  inBulk: true,
  holds: true,
  irremovable: true,
  type: true,
  secrets: true,
  written: true,
  isNamed: true,
  check: true,
  recreation: true,
  indexIn: true,
  namesakes: true,
  settings: true
} satisfies Record<
  keyof (Verbs<Entry, Unnamed, void> & BulkVerbs<Entry, Unnamed> & CollectionOptions<Entry, Unnamed>),
  true
>)

const verbs = ["list", "get", "find", "create", "createEach", "update", "remove"] as const

const pending = Pending.effectOf()

/** `withoutOptions` gives a verb that has none: who gives it some means another one. */
const withoutOptions =
  <Given, A, E>(verb: string, of: (given: Given) => Effect.Effect<A, E>) =>
  (given: Given, ...[options]: ReadonlyArray<unknown>): Effect.Effect<A, E | InvalidInput> => {
    const fault = Predicate.isRecord(options) ? OptionNames.faultOf(verb, options, []) : undefined
    return pending(fault ?? of(given))
  }

/**
 * `containsAll` says whether what is there has all that is wanted; devices add fields of their own, and lists of
 * references have no order.
 */
export const containsAll = (wanted: unknown, there: unknown): boolean => !differs(wanted, there)
