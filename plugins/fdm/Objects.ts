import * as Arr from "effect/Array"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Bulk, Collection, Pages, PathSegment, type Rest, type SessionError } from "sallyport/plugin"
import * as Checks from "./Checks.ts"
import { heldAt } from "./Held.ts"
import { byOptions, type ListOptions } from "./ListOptions.ts"

/**
 * `Objects` are the objects of one kind on a device. An update carries the `version` that was read: where the object
 * has changed since, the device refuses it with status 422 (`DeviceRefused`), and nothing is overwritten. Many are
 * written one by one: there is no bulk.
 */
export interface Objects<A extends Collection.Entry, W extends Collection.Unnamed>
  extends Collection.Collection<A, W, ListOptions> {}

/** `ObjectsContext` is the device that they are on. */
export interface ObjectsContext {
  readonly targetName: string
  readonly rest: Rest.Rest
}

/** `KindDefinition` says what kind of objects they are. */
export interface KindDefinition<A extends Collection.Entry, I> {
  /** `path` begins below the version: `/object/networks`. */
  readonly path: string
  /** `type` is put into what is created, unless that says so itself. */
  readonly type?: string | undefined
  readonly schema: Schema.Schema<A, I>
  /** `isNamed` says whether all of them have names. @default true */
  readonly isNamed?: boolean | undefined
}

/** `make` gives the verbs of an FDM for objects of one kind. */
export const make = <A extends Collection.Entry, I, W extends Collection.Unnamed>(
  { rest, targetName }: ObjectsContext,
  { isNamed, path, schema, type }: KindDefinition<A, I>
): Objects<A, W> => {
  const list = byOptions(({ filter, limit, sort }) => Pages.list(rest, path, schema, { filter, limit, sort }))
  // Where an object is to be found is not for the device to be told, nor that it has no name.
  const toBody = ({ links: _links, ...own }: Readonly<Record<string, unknown>>) => ({
    ...(type !== undefined && { type }),
    ...own,
    ...(own.name === "" && { name: null })
  })
  const one = Collection.restVerbs({ rest, targetName, path, schema, written: toBody })

  /** `named` gives those of this name, as many of them as `some` takes. */
  const named = (
    name: string,
    some: (found: Found<A>) => Found<A> = (found) => found
  ): Effect.Effect<ReadonlyArray<Collection.Named<A>>, SessionError> => {
    const among = (filter: string | undefined) =>
      Effect.map(
        Stream.runCollect(some(Stream.filter(list({ filter }), hasName<A>(name)))),
        Chunk.toReadonlyArray
      )
    // A name with a sign that parts filters would be misunderstood.
    if (!/^[\w. -]+$/.test(name)) return among(undefined)
    return among(`name:${name.trim()}`).pipe(
      // Some lists know no such filter.
      Effect.catchIf(isRefused, () => Effect.succeed([])),
      // A filter tells cases apart; names do not.
      Effect.flatMap((found) => (found.length > 0 ? Effect.succeed(found) : among(undefined)))
    )
  }

  return Collection.make<A, W, ListOptions>({
    targetName,
    path,
    at: rest.at(path),
    holds: () => heldAt(path),
    // Nothing of a rule says where in its list it stands.
    recreation: () => (path.endsWith("rules") ? { loses: "its place in the order of the rules" } : {}),
    type,
    isNamed,
    check: Checks.checkObject,
    namesakes: (name) => named(name),
    list,
    find: (name) => Effect.map(named(name, Stream.take(1)), Arr.head),
    ...one,
    createEach: (wanted, create) =>
      Effect.flatMap(PathSegment.join(path), () => Bulk.sequentially(wanted, create)),
    removeEach: (ids, remove) => Effect.flatMap(PathSegment.join(path), () => Bulk.sequentially(ids, remove))
  })
}

type Found<A extends Collection.Entry> = Stream.Stream<Collection.Named<A>, SessionError>

const hasName =
  <A extends Collection.Entry>(name: string) =>
  (one: A): one is Collection.Named<A> =>
    one.id !== undefined &&
    one.name !== undefined &&
    Collection.nameKey(one.name) === Collection.nameKey(name)

const isRefused = (error: SessionError): boolean =>
  error._tag === "DeviceRefused" && (error.status === 400 || error.status === 422)
