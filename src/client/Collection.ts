import * as Effect from "effect/Effect"
import * as PathSegment from "../transport/PathSegment.ts"
import * as BulkChanges from "./BulkChanges.ts"
import { differences } from "./Difference.ts"
import * as ObjectWrites from "./ObjectWrites.ts"
import * as Upserts from "./Upserts.ts"
import type { BulkVerbs, Collection, CollectionOptions, Entry, Unnamed, Verbs } from "./Verbs.ts"

export { listed } from "./BulkChanges.ts"
export { nameKey, valueKey } from "./FieldEquality.ts"
export { NotKept, type WriteError } from "./NotKept.ts"
export { unkeptFields } from "./ObjectWrites.ts"
export { restVerbs } from "./RestVerbs.ts"
export type * from "./Verbs.ts"

/**
 * `make` gives the verbs of a backend, its changes read back where their answer is lost, and what follows from them.
 */
export const make = <A extends Entry, W extends Unnamed, Listing>(
  backend: Verbs<A, W, Listing> & BulkVerbs<A, W> & CollectionOptions<A, W>
): Collection<A, W, Listing> => {
  const { list } = backend
  const writing = ObjectWrites.make(backend)
  const { create, remove, update } = writing
  const get = (id: string) => Effect.flatMap(PathSegment.encode("id", id), () => backend.get(id))
  // A list may hold what has no name: nobody means that.
  const find = (name: string) => Effect.flatMap(PathSegment.text("name", name), backend.find)
  return {
    list,
    get,
    find,
    create,
    update,
    remove,
    createAll: (wanted) => BulkChanges.createAll(backend, writing, wanted),
    removeAll: (ids) => BulkChanges.removeAll(backend, writing, ids),
    ...Upserts.make(backend, writing)
  }
}

/**
 * `containsAll` says whether what is there has all that is wanted; devices add fields of their own, and lists of
 * references have no order.
 */
export const containsAll = (wanted: unknown, there: unknown): boolean =>
  differences(wanted, there).length === 0
