import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import type { IndexIn, Place } from "../changes/Placement.ts"
import type { NoRecreation, Recreation } from "../changes/Recreation.ts"
import type { Entry, Fields, Known, Named, Unnamed, Wanted } from "../fields/ListEntry.ts"
import type * as Bulk from "../writes/Bulk.ts"
import type { InBulk } from "../writes/InBulk.ts"
import type { WriteError } from "../writes/NotKept.ts"

export type { IndexIn, Placed } from "../changes/Placement.ts"
export type { NoRecreation, Recreation } from "../changes/Recreation.ts"

/** `Upserted` is what became of an object that was wanted. */
export interface Upserted<A> {
  /** `change` says what became of it. */
  readonly change: "created" | "updated" | "unchanged"
  /** `item` is what the device has now. */
  readonly item: A
}

/** `UpsertOptions` say how an object that is wanted is looked for. */
export interface UpsertOptions {
  /**
   * `rename` says whether an object whose name is spelled otherwise is renamed: `HOST-1` over `host-1`.
   *
   * @default false
   */
  readonly rename?: boolean | undefined
  /**
   * `key` is what an entry is known by, in lists where that is not its name: the one is looked for whose key is that of
   * what is wanted, each field compared by its own notion of what is the same.
   *
   * @default its name
   *
   * @example
   * routes.upsert(route, { key: ({ interfaceName, selectedNetworks }) => ({ interfaceName, selectedNetworks }) })
   */
  readonly key?: ((one: Entry) => unknown) | undefined
}

/** `Verbs` are the verbs that a backend has for the objects of one kind. */
export interface Verbs<A extends Entry, W extends Unnamed, Listing> {
  /**
   * `list` gives all of them, page by page, as they are asked for.
   *
   * @example
   * yield* Stream.runForEach(branch.hosts.list(), ({ name, value }) => Console.log(name, value))
   */
  readonly list: (options?: Listing) => Stream.Stream<A, SessionError>
  /** `get` gives the object of this id. One that is not there is `DeviceRefused`, and `isAbsent`. */
  readonly get: (id: string) => Effect.Effect<A, SessionError>
  /**
   * `find` gives the first of this name; case and outer white space do not tell names apart.
   *
   * @example
   * const host = yield* branch.hosts.find("web-1") // an Option
   */
  readonly find: (name: string) => Effect.Effect<Option.Option<Named<A>>, SessionError>
  /** `create` makes an object. One that is there already is `DeviceRefused`: use `upsert`. */
  readonly create: (wanted: W) => Effect.Effect<A, WriteError>
  /**
   * `update` writes the object as given. To change one field, give all that `get` gave, and that one anew.
   *
   * @example
   * yield* branch.hosts.update({ ...(yield* branch.hosts.get(id)), value: "192.0.2.2" })
   */
  readonly update: (item: Known<A>) => Effect.Effect<A, WriteError>
  /** `remove` removes it. One that is not there is `DeviceRefused`, and `isAbsent`. */
  readonly remove: (id: string) => Effect.Effect<void, SessionError>
}

/**
 * `BulkVerbs` are what a backend does for many at once: what became of each, in their order. It is handed the verb for
 * one, which reads back, for when it has no better way.
 */
export interface BulkVerbs<A extends Entry, W extends Unnamed> {
  /** `createEach` creates what is wanted. */
  readonly createEach: (
    wanted: ReadonlyArray<W>,
    create: Verbs<A, W, never>["create"]
  ) => Effect.Effect<ReadonlyArray<Bulk.Settled<W, A>>, SessionError>
  /** `removeEach` removes the objects of these ids. */
  readonly removeEach: (
    ids: ReadonlyArray<string>,
    remove: Verbs<A, W, never>["remove"]
  ) => Effect.Effect<ReadonlyArray<Bulk.Settled<string, void>>, SessionError>
}

/** `CollectionOptions` are what a backend may say of a kind beside its verbs. */
export interface CollectionOptions<A extends Entry, W extends Unnamed> {
  /** `targetName` is the device's name, for errors. */
  readonly targetName?: string | undefined
  /** `path` is where the list is, for errors. */
  readonly path?: string | undefined
  /** `at` is where the list is, from the device's root: for plans and undo. @default `path` */
  readonly at?: Effect.Effect<string, SessionError> | undefined
  /** `query` is put behind the path to read the list with all fields of its objects: for undo. @default none */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** `place` is where in its list one is created, in the device's own words: for plans. @default where the device does */
  readonly place?: Place | undefined
  /** `alsoIn` are the paths of lists that show its objects, too, from the device's root. @default none */
  readonly alsoIn?: Effect.Effect<ReadonlyArray<string>, SessionError> | undefined
  /** `inBulk` says which requests write many of its objects at once: for undo. @default none does */
  readonly inBulk?: InBulk | undefined
  /**
   * `holds` says of an object that is created which lists below it go with it when it is removed, by their last segments:
   * an undo looks into them. @default none is known
   */
  readonly holds?: ((created: W) => ReadonlyArray<string>) | undefined
  /**
   * `settings` are the lists below an object in which a device puts something by itself when it is created, by their last
   * segments, and how one of them is read: an undo removes it where nobody has changed that since. @default none is known
   */
  readonly settings?:
    | {
        readonly lists: ReadonlyArray<string>
        readonly read: (id: string, list: string) => Effect.Effect<ReadonlyArray<Fields>, SessionError>
      }
    | undefined
  /**
   * `irremovable` says why an undo does not remove what was created, as the end of a sentence: since something goes with
   * it that was there before, say. @default it does
   */
  readonly irremovable?: string | undefined
  /** `type` is what is created, unless that says so itself, as in `Host`. */
  readonly type?: string | undefined
  /** `secrets` are the fields that hold secrets, by their paths, as in `Change.Description`. @default by their names */
  readonly secrets?: ReadonlyArray<string> | undefined
  /** `written` is what is sent for an object, where that is not the object itself: an undo sends it so. @default as it is */
  readonly written?:
    | ((item: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)
    | undefined
  /** `isNamed` says whether what is wanted has to have a name. @default true */
  readonly isNamed?: boolean | undefined
  /** `check` finds what no device of this kind would take, before anything is sent. */
  readonly check?: ((wanted: W) => InvalidInput | undefined) | undefined
  /** `recreation` says how one that was removed is created anew, or why it is not: for undo. @default as any other */
  readonly recreation?: ((before: A) => Recreation | NoRecreation) | undefined
  /**
   * `indexIn` says where in a list with an order the device puts what is created at a place: for plans. @default at its end
   */
  readonly indexIn?: IndexIn | undefined
  /** `namesakes` gives all of this name, where that is cheaper than to go through the list. */
  readonly namesakes?: ((name: string) => Effect.Effect<ReadonlyArray<Named<A>>, SessionError>) | undefined
}

/**
 * `Collection` are the objects of one kind on a device: the same verbs on every kind of device.
 *
 * A change whose answer is lost is never sent again. It is read back, and is `OutcomeUnknown` only where it cannot be
 * found. What a device answers to a change is held against what was sent, each field by its own notion of what is the
 * same; where something is not as it was sent, the object is read once more, and then it is `NotKept`. All verbs fail
 * with `DeviceRefused`, `DeviceBusy`, `ProtocolViolation` and as the session does.
 */
export interface Collection<A extends Entry, W extends Unnamed, Listing> extends Verbs<A, W, Listing> {
  /**
   * `createAll` creates many, in bulk where the device can; `BulkIncomplete` says of each what became of it. What
   * cannot be is not sent, and the others are.
   *
   * @example
   * yield* branch.hosts.createAll([{ name: "web-1", value: "192.0.2.1" }, { name: "web-2", value: "192.0.2.2" }])
   */
  readonly createAll: (
    wanted: Iterable<W>
  ) => Effect.Effect<ReadonlyArray<A>, SessionError | Bulk.BulkIncomplete<W, A>>
  /**
   * `removeAll` removes many, in bulk where the device can; `BulkIncomplete` says of each what became of it. What is
   * gone already is as good as removed.
   */
  readonly removeAll: (
    ids: Iterable<string>
  ) => Effect.Effect<void, SessionError | Bulk.BulkIncomplete<string, void>>
  /**
   * `upsert` makes it so: looks for the object of this name, creates it where there is none, and where it lacks
   * something of what is wanted changes only that. What is as wanted is left alone, and a name keeps its spelling. A
   * password that the device does not show is written each time: nobody can see whether it differs.
   *
   * Fails with `InvalidInput` where several have this name, as overrides of one object have: give a `key`.
   */
  readonly upsert: Upsert<A, W>
  /**
   * `upsertAll` does the same for many: it lists once, creates what is missing in bulk, changes what differs one by
   * one. The results are in the order of what was wanted; `BulkIncomplete` says of each what became of it.
   */
  readonly upsertAll: UpsertAll<A, W>
}

/**
 * `Upsert` takes what has a name, or options that say what it is known by; the Promise client has the former alone in
 * its type.
 */
export interface Upsert<A extends Entry, W extends Unnamed> {
  (
    wanted: W,
    options: UpsertOptions & Required<Pick<UpsertOptions, "key">>
  ): Effect.Effect<Upserted<Known<A>>, WriteError>
  (wanted: W & Wanted, options?: UpsertOptions): Effect.Effect<Upserted<Known<A>>, WriteError>
}

/** `UpsertAll` is as `Upsert`, for many. */
export interface UpsertAll<A extends Entry, W extends Unnamed> {
  (wanted: Iterable<W>, options: UpsertOptions & Required<Pick<UpsertOptions, "key">>): UpsertedAll<A, W>
  (wanted: Iterable<W & Wanted>, options?: UpsertOptions): UpsertedAll<A, W>
}

type UpsertedAll<A extends Entry, W extends Unnamed> = Effect.Effect<
  ReadonlyArray<Upserted<Known<A>>>,
  SessionError | Bulk.BulkIncomplete<W, Upserted<Known<A>>>
>
