import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import * as Collection from "sallyport/Collection"
import * as Pages from "sallyport/Pages"
import type { Rest } from "sallyport/Rest"
import * as BulkWrites from "./BulkWrites.ts"
import type { ServerVersion } from "./ServerVersion.ts"

/** How objects are listed. */
export interface Listing {
  /** As the FMC has it for the kind, such as `nameOrValue:10.1.` or `unusedOnly:true`. */
  readonly filter?: string | undefined
  /** Objects in one answer, 1 to 1000 (Cisco's text). Default: 1000. */
  readonly limit?: number | undefined
}

/** The objects of one kind in a domain, or what else an FMC keeps in lists, such as the rules of a policy. */
export interface Objects<A extends Collection.Item, W extends Collection.Wanted>
  extends Collection.Collection<A, W, Listing> {
  /** Their ids, names and types alone: faster than whole objects. */
  readonly brief: (options?: Listing) => Stream.Stream<Brief, SessionError>
}

/** What kind of objects they are. */
export interface Kind<A extends Collection.Item, I> {
  /** Below the domain: `/object/hosts`. */
  readonly path: string
  /** Put into what is created, unless that says so itself: `Host`. */
  readonly type?: string | undefined
  readonly schema: Schema.Schema<A, I>
  /** Whether the list can be filtered by `nameOrValue` (Cisco's text). */
  readonly filtersByName?: boolean | undefined
}

/** Where they are. */
export interface Domain {
  readonly target: string
  readonly rest: Rest
  readonly version: Effect.Effect<ServerVersion, SessionError>
}

const Brief = Schema.Struct(
  { id: Schema.String, name: Schema.String },
  { key: Schema.String, value: Schema.Unknown }
)
export type Brief = typeof Brief.Type

/** The verbs of an FMC for objects of one kind. */
export const make = <A extends Collection.Item, I, W extends Collection.Wanted>(
  { rest, target, version }: Domain,
  { filtersByName, path, schema, type }: Kind<A, I>
): Objects<A, W> => {
  const at = (id: string) => `${path}/${encodeURIComponent(id)}`
  // The FMC's own notes on an object are not for it to be told.
  const written = ({ links: _links, metadata: _metadata, ...own }: Readonly<Record<string, unknown>>) => ({
    ...(type !== undefined && { type }),
    ...own
  })

  const list = ({ filter, limit }: Listing = {}) =>
    Pages.list(rest, path, schema, { limit, expanded: true, filter })
  const brief = ({ filter, limit }: Listing = {}) => Pages.list(rest, path, Brief, { limit, filter })

  const find = (name: string) =>
    Effect.gen(function* () {
      const wanted = name.toLowerCase()
      const among = (filter: string | undefined) =>
        Stream.runHead(Stream.filter(brief({ filter }), (one) => one.name.toLowerCase() === wanted))
      // A name with a sign that parts filters would be misunderstood; some versions know no filter.
      const canFilter = filtersByName === true && /^[\w. -]+$/.test(name)
      const found = yield* canFilter
        ? Effect.catchTag(among(`nameOrValue:${name}`), "DeviceRefused", () => among(undefined))
        : among(undefined)
      return Option.isNone(found) ? Option.none() : Option.some(yield* rest.get(at(found.value.id), schema))
    })

  const place = { rest, target, path, schema, written, list, version }
  return {
    ...Collection.make<A, W, Listing>({
      list,
      find,
      get: (id) => rest.get(at(id), schema),
      create: (wanted) => rest.send("POST", path, schema, { body: written(wanted) }),
      update: (item) => rest.send("PUT", at(item.id), schema, { body: written(item) }),
      remove: (id) => Effect.asVoid(rest.send("DELETE", at(id), Schema.Unknown)),
      createEach: (wanted) => BulkWrites.createEach(place, wanted),
      removeEach: (ids, remove) => BulkWrites.removeEach(place, ids, remove)
    }),
    brief
  }
}
