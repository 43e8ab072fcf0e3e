import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import type { Description } from "../../client/changes/Change.ts"
import { differs } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import { isAbsent } from "../../client/objects/ObjectWrites.ts"
import * as Pages from "../../client/rest/Pages.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import * as ReadList from "./ReadList.ts"
import type { UndoDevice } from "./UndoDevice.ts"

/** `Place` is where the objects of a change are read. */
export type Place = Pick<Description, "path" | "query" | "lookup" | "targetName">

/**
 * `Sought` is an object that is looked for: by its id, or else by its name, or else by what it has. Without any of them
 * the path is no list, and leads to the object itself.
 */
export interface Sought {
  readonly id?: string | undefined
  readonly name?: string | undefined
  /** `like` are fields that it has; of several of one name it is the one that is meant. */
  readonly like?: Fields | undefined
}

/** `Readings` read objects, and a list no more than once in a while. */
export interface Readings {
  /** `find` gives an object as it is; `undefined` is not there. */
  readonly find: (place: Place, sought: Sought) => Effect.Effect<Fields | undefined, SessionError>
  /** `findAnew` reads it anew, whatever has been read before. */
  readonly findAnew: Readings["find"]
  /** `all` reads a list anew. */
  readonly all: (place: Place) => Effect.Effect<ReadonlyArray<Fields>, SessionError>
  /** `forget` lets a list be read anew, after something in it has changed. */
  readonly forget: (place: Place) => void
  /** `changed` notes what has become of one object of a list. */
  readonly changed: (place: Place, id: string | undefined, item: Fields | undefined) => void
}

/** `make` begins with nothing read. `byId` says how many objects of a list will be looked for by their ids. */
export const make = (device: UndoDevice, byId: (place: Place) => number): Readings => {
  const lists = new Map<string, ReadList.ReadList>()
  /** `missing` counts what lists have not shown, and was not there either. */
  const missing = new Map<string, number>()

  const all = (place: Place) =>
    Stream.runCollect(
      device.rest.list?.(place.path, place.query) ??
        Pages.list(device.rest, place.path, Schema.Unknown, place.query)
    ).pipe(
      Effect.map((items) => [...items].filter(Predicate.isReadonlyRecord)),
      Effect.zipWith(Clock.currentTimeMillis, (items, readAt) => {
        const list = ReadList.make(items, readAt)
        lists.set(keyOf(place), list)
        return list
      })
    )

  const once = (place: Place) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const known = lists.get(keyOf(place))
      const isOld = known === undefined || now - known.readAt > maxAge
      return isOld ? all(place) : Effect.succeed(known)
    })

  const get = ({ path }: Place, id: string): Effect.Effect<Fields | undefined, SessionError> =>
    Effect.flatMap(PathSegment.join(path, { id }), read).pipe(
      // Not every device calls it so.
      Effect.map((item) => item && { id, ...item })
    )

  const read = (path: string) =>
    device.rest.get(path, Schema.Unknown).pipe(
      Effect.map((item) => (Predicate.isReadonlyRecord(item) ? item : undefined)),
      Effect.catchIf(isAbsent, () => Effect.succeed(undefined))
    )

  const among = (place: Place, list: ReadList.ReadList, sought: Sought): Fields | undefined => {
    const { values, where } = place.lookup ?? {}
    if (values !== undefined) return { [values.field]: list.items().map((one) => one[values.from]) }
    if (where !== undefined) return list.where(where)
    if (sought.id !== undefined) return list.withId(sought.id)
    const { like, name } = sought
    const isLike = (one: Fields) =>
      like !== undefined && !differs(like, one, { secrets: false, partIds: false })
    if (name === undefined) return list.items().find(isLike)
    const named = list.named(name)
    return named.find(isLike) ?? named[0]
  }

  /** `hasOwnForm` says that only its `list` gives objects in the form in which its verbs do. */
  const hasOwnForm = device.rest.list !== undefined

  const isByIdAlone = ({ lookup = {} }: Place) => lookup.values === undefined && lookup.where === undefined

  const find: Readings["find"] = (place, sought) => {
    const { id } = sought
    if (!isByIdAlone(place)) return listed(place, sought)
    if (id === undefined) {
      return sought.name === undefined && sought.like === undefined ? read(place.path) : listed(place, sought)
    }
    if (!hasOwnForm && !lists.has(keyOf(place)) && byId(place) <= maxReadAlone) return get(place, id)
    return Effect.matchEffect(listed(place, sought), {
      onFailure: (error) =>
        error._tag === "DeviceRefused" || error._tag === "ProtocolViolation"
          ? get(place, id)
          : Effect.fail(error),
      onSuccess: (item) => (item === undefined ? beyondList(place, id) : Effect.succeed(item))
    })
  }

  /** `beyondList` asks by themselves for the first few that a list does not show: it may be cut short. */
  const beyondList = (place: Place, id: string): Effect.Effect<Fields | undefined, SessionError> =>
    Effect.suspend(() => {
      const asked = missing.get(keyOf(place)) ?? 0
      if (asked >= maxReadAlone) return Effect.succeed(undefined)
      return Effect.tap(get(place, id), (item) =>
        Effect.sync(() => item === undefined && missing.set(keyOf(place), asked + 1))
      )
    })

  const listed = (place: Place, sought: Sought) =>
    Effect.map(once(place), (list) => among(place, list, sought))

  return {
    find,
    all: (place) => Effect.map(all(place), (list) => list.items()),
    findAnew: (place, sought) =>
      Effect.suspend(() => {
        if (!hasOwnForm && sought.id !== undefined && isByIdAlone(place)) return get(place, sought.id)
        lists.delete(keyOf(place))
        return find(place, sought)
      }),
    forget: (place) => void lists.delete(keyOf(place)),
    changed: (place, id, item) => {
      const { values, where } = place.lookup ?? {}
      const list = lists.get(keyOf(place))
      if (where !== undefined) list?.replace(list.where(where), item)
      else if (values === undefined && id !== undefined) list?.replace(list.withId(id), item)
      else lists.delete(keyOf(place))
    }
  }
}

const maxReadAlone = 3

// Others go on working at the device: what is taken back is held against a list that is no older, in milliseconds.
const maxAge = 30_000

const keyOf = ({ path, query = {} }: Place): string => JSON.stringify([path, Object.entries(query).sort()])
