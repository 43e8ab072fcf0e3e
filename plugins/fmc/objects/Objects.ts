import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Bulk,
  Collection,
  InputSchema,
  type InvalidInput,
  Pages,
  PathSegment,
  ProtocolViolation,
  type SessionError
} from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { listsBelow } from "../domain/ListsBelow.ts"
import * as BulkWrites from "./BulkWrites.ts"
import * as Checks from "./Checks.ts"
import { heldAt, irremovableAt, settingsAt } from "./Held.ts"
import * as InBulk from "./InBulk.ts"
import * as Item from "./Item.ts"
import { byOptions, type ListOptions } from "./ListOptions.ts"
import * as Placement from "./Placement.ts"
import * as Recreation from "./Recreation.ts"

/**
 * `Objects` are the objects of one kind in a domain, or what else an FMC keeps in lists, such as the rules of a policy.
 */
export interface Objects<A extends Collection.Entry, W extends Collection.Unnamed>
  extends Collection.Collection<A, W, ListOptions> {
  /** `listBrief` gives their ids, names and types alone: faster than whole objects. */
  readonly listBrief: (options?: ListOptions) => Stream.Stream<Brief, SessionError>
}

/** `KindDefinition` says what kind of objects they are. */
export interface KindDefinition<A extends Collection.Entry, I> {
  /** `path` begins below the domain: `/object/hosts`. */
  readonly path: string
  /** `type` is put into what is created, unless that says so itself: `Host`. */
  readonly type?: string | undefined
  readonly schema: Schema.Schema<A, I>
  /** `filtersByName` says whether the list can be filtered by `nameOrValue` (FMC OpenAPI, getAllHostObject). */
  readonly filtersByName?: boolean | undefined
  /** `isNamed` says whether all of them have names. @default true */
  readonly isNamed?: boolean | undefined
  readonly place?: Place | undefined
}

/**
 * `Place` says where in a list with an order, such as that of a policy's rules, goes what is created: behind all that
 * its category or section has, unless it is put before or behind a rule by that one's number (FMC OpenAPI,
 * createMultipleAccessRule).
 */
export interface Place {
  readonly section?: string | undefined
  readonly category?: string | undefined
  readonly insertBefore?: string | undefined
  readonly insertAfter?: string | undefined
}

const Words = InputSchema.optional(Schema.Union(Schema.String, Schema.Number), "text")
const PlaceOptions = Schema.Struct({
  section: Words,
  category: Words,
  insertBefore: Words,
  insertAfter: Words
}).annotations({ description: 'an object such as { section: "mandatory" }' })

/** `checkPlace` refuses what is no place: a rule would go to another one, and without a word. */
export const checkPlace = (place?: Place | null): Effect.Effect<void, InvalidInput> =>
  InputSchema.check(PlaceOptions, place ?? {}, "a place in a list", "place")

/** `queryOf` is a place as a request has it. */
const queryOf = (place?: Place | null): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(place ?? {}).filter(([, value]) => value !== undefined))

const Brief = Item.Entry
/** `Brief` is what a list says of an entry in its short form. */
export type Brief = typeof Brief.Type

/** `make` gives the verbs of an FMC for objects of one kind. */
export const make = <A extends Collection.Entry, I, W extends Collection.Unnamed>(
  domain: DomainContext,
  { filtersByName, isNamed, path, place, schema, type }: KindDefinition<A, I>
): Objects<A, W> => {
  const { rest, targetName, version } = domain
  // The FMC's own notes on an object are not for it to be told.
  const toBody = ({ links: _links, metadata: _metadata, ...own }: Readonly<Record<string, unknown>>) => ({
    ...(type !== undefined && { type }),
    ...own
  })
  const one = Collection.restVerbs({ rest, targetName, path, place: queryOf(place), schema, written: toBody })
  const { get } = one

  const list = byOptions(({ filter, limit }) =>
    Pages.list(rest, path, schema, { limit, expanded: true, filter })
  )
  const listBrief = byOptions(({ filter, limit }) => Pages.list(rest, path, Brief, { limit, filter }))

  /** `named` gives those of this name, in the short form. */
  const named = <B>(
    name: string,
    take: (found: Stream.Stream<Brief, SessionError>) => Effect.Effect<B, SessionError>
  ) => {
    const wanted = Collection.nameKey(name)
    const isOf = (one: Brief) => one.name !== undefined && Collection.nameKey(one.name) === wanted
    const among = (filter: string | undefined) => take(Stream.filter(listBrief({ filter }), isOf))
    // A name with a sign that parts filters would be misunderstood; some versions know no filter.
    const canFilter = filtersByName === true && /^[\w. -]+$/.test(name)
    return canFilter
      ? Effect.catchTag(among(`nameOrValue:${name.trim()}`), "DeviceRefused", () => among(undefined))
      : among(undefined)
  }

  const whole = ({ id, name }: Brief): Effect.Effect<Collection.Named<A>, SessionError> =>
    id === undefined
      ? Effect.fail(
          new ProtocolViolation({
            targetName,
            operation: `GET ${path}`,
            detail: "the list gives no id of the one that has this name, so it cannot be read by itself"
          })
        )
      : Effect.map(get(id), (item) => ({ ...item, id, name: item.name ?? name ?? "" }))

  const find = (name: string) =>
    Effect.flatMap(named(name, Stream.runHead), (found) =>
      Option.isNone(found) ? Effect.succeedNone : Effect.asSome(whole(found.value))
    )

  const namesakes = (name: string) =>
    Effect.flatMap(named(name, Stream.runCollect), (found) => Effect.forEach(found, whole))

  /** `below` reads a list below one of them. */
  const below = (id: string, list: string) =>
    Effect.flatMap(PathSegment.join(path, { id, list }), (at) =>
      Effect.map(Stream.runCollect(Pages.list(rest, at, Item.Entry, { expanded: true })), (all) => [...all])
    )

  const inBulk = InBulk.inBulkAt(path)
  const bulkContext = {
    rest,
    targetName,
    path,
    place: queryOf(place),
    schema,
    written: toBody,
    list,
    get,
    version
  }
  return {
    ...Collection.make<A, W, ListOptions>({
      targetName,
      path,
      at: rest.at(path),
      alsoIn: listsBelow(domain, path),
      query: { expanded: "true" },
      place: queryOf(place),
      inBulk,
      holds: heldAt(path),
      settings: { lists: settingsAt(path), read: below },
      irremovable: irremovableAt(path),
      recreation: Recreation.recreationAt(path),
      indexIn: Placement.indexAt(path),
      type,
      isNamed,
      check: Checks.checkFor(path),
      namesakes,
      list,
      find,
      ...one,
      createEach: (wanted, create) =>
        Effect.flatMap(Effect.zipRight(checkPlace(place), PathSegment.join(path)), () =>
          inBulk.create === undefined
            ? Bulk.sequentially(wanted, create)
            : BulkWrites.createEach(bulkContext, wanted)
        ),
      removeEach: (ids, remove) =>
        Effect.flatMap(PathSegment.join(path), () => BulkWrites.removeEach(bulkContext, ids, remove))
    }),
    listBrief
  }
}
