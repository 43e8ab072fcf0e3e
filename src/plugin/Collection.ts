import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SessionError } from "../auth/AuthError.ts"
import * as Outcome from "../auth/Outcome.ts"
import { InvalidInput } from "../device/DeviceError.ts"
import * as Bulk from "./Bulk.ts"
import { differs, merged } from "./Difference.ts"

/** What every object of a device has; the rest as the device sends it. */
export interface Item {
  readonly id: string
  readonly name: string
  readonly [field: string]: unknown
}

/** An object as a script wants it: known by its name. */
export interface Wanted {
  readonly name: string
  readonly [field: string]: unknown
}

/** What became of an object that was wanted. */
export interface Upserted<A> {
  readonly change: "created" | "updated" | "unchanged"
  readonly item: A
}

/** The verbs that a backend has for the objects of one kind. */
export interface Verbs<A extends Item, W extends Wanted, Listing> {
  /** All of them, page by page, as they are asked for. */
  readonly list: (options?: Listing) => Stream.Stream<A, SessionError>
  readonly get: (id: string) => Effect.Effect<A, SessionError>
  /** The one of this name; case does not tell names apart. */
  readonly find: (name: string) => Effect.Effect<Option.Option<A>, SessionError>
  readonly create: (wanted: W) => Effect.Effect<A, SessionError>
  /** Writes the object as given. To change one field, give all that `get` gave, and that one anew. */
  readonly update: (item: A) => Effect.Effect<A, SessionError>
  /** Removes it. One that is not there is `DeviceRefused`, and `isAbsent`. */
  readonly remove: (id: string) => Effect.Effect<void, SessionError>
}

/**
 * What a backend does for many at once: what became of each, in their order. It is handed the verb for one, which reads
 * back, for when it has no better way.
 */
export interface Many<A extends Item, W extends Wanted> {
  readonly createEach: (
    wanted: ReadonlyArray<W>,
    create: Verbs<A, W, never>["create"]
  ) => Effect.Effect<ReadonlyArray<Bulk.Settled<W, A>>, SessionError>
  readonly removeEach: (
    ids: ReadonlyArray<string>,
    remove: Verbs<A, W, never>["remove"]
  ) => Effect.Effect<ReadonlyArray<Bulk.Settled<string, void>>, SessionError>
}

/**
 * The objects of one kind on a device: the same verbs on every kind of device.
 *
 * A change whose answer is lost is never sent again. It is read back, and is `OutcomeUnknown` only where it cannot be
 * found. All verbs fail with `DeviceRefused`, `DeviceBusy`, `ProtocolViolation` and as the session does.
 */
export interface Collection<A extends Item, W extends Wanted, Listing> extends Verbs<A, W, Listing> {
  /** Creates many, in bulk where the device can; `BulkIncomplete` says of each what became of it. */
  readonly createAll: (
    wanted: Iterable<W>
  ) => Effect.Effect<ReadonlyArray<A>, SessionError | Bulk.BulkIncomplete<W, A>>
  /** Removes many, in bulk where the device can; `BulkIncomplete` says of each what became of it. */
  readonly removeAll: (
    ids: Iterable<string>
  ) => Effect.Effect<void, SessionError | Bulk.BulkIncomplete<string, void>>
  /**
   * Makes it so: looks for the object of this name, creates it where there is none, and where it lacks something of
   * what is wanted changes only that. What is as wanted is left alone.
   */
  readonly upsert: (wanted: W) => Effect.Effect<Upserted<A>, SessionError>
  /**
   * The same for many: lists once, creates what is missing in bulk, changes what differs one by one. The results are in
   * the order of what was wanted; `BulkIncomplete` says of each what became of it.
   */
  readonly upsertAll: (
    wanted: Iterable<W>
  ) => Effect.Effect<ReadonlyArray<Upserted<A>>, SessionError | Bulk.BulkIncomplete<W, Upserted<A>>>
}

/** The verbs of a backend, its changes read back where their answer is lost, and what follows from them. */
export const make = <A extends Item, W extends Wanted, Listing>(
  verbs: Verbs<A, W, Listing> & Many<A, W>
): Collection<A, W, Listing> => {
  const { find, get, list } = verbs

  const create = (given: W) =>
    Effect.suspend(() => {
      const wanted = own(given)
      return Outcome.readBack(
        verbs.create(wanted),
        Effect.map(
          find(wanted.name),
          Option.filter((there) => !differs(wanted, there))
        )
      )
    })

  const update = (item: A) =>
    Outcome.readBack(
      verbs.update(item),
      Effect.map(
        get(item.id),
        Option.liftPredicate((there: A) => !differs(own(item), there))
      )
    )

  const remove = (id: string) =>
    Outcome.readBack(
      verbs.remove(id),
      get(id).pipe(
        Effect.as(Option.none()),
        Effect.catchIf(isAbsent, () => Effect.succeed(Option.some(undefined)))
      )
    )

  const meet = (wanted: W, there: A): Effect.Effect<Upserted<A>, SessionError> =>
    differs(wanted, there)
      ? Effect.map(update(merged(there, wanted)), (item) => ({ change: "updated", item }))
      : Effect.succeed({ change: "unchanged", item: there })

  const upsertAll: Collection<A, W, Listing>["upsertAll"] = (all) =>
    Effect.gen(function* () {
      const wanted = yield* distinct(all)
      const known = new Map<string, A>()
      yield* Stream.runForEach(list(), (item) => Effect.sync(() => known.set(item.name.toLowerCase(), item)))
      const isMissing = ({ name }: W) => !known.has(name.toLowerCase())
      const settled = new Map<W, Bulk.Settled<W, Upserted<A>>>()
      for (const one of yield* verbs.createEach(wanted.filter(isMissing), create)) {
        settled.set(one.wanted, one._tag === "Done" ? { ...one, result: made(one.result) } : one)
      }
      const toMeet = wanted.flatMap((one) => {
        const there = known.get(one.name.toLowerCase())
        return there === undefined ? [] : [{ one, there }]
      })
      for (const { wanted, ...end } of yield* Bulk.inTurn(toMeet, ({ one, there }) => meet(one, there))) {
        settled.set(wanted.one, { ...end, wanted: wanted.one })
      }
      return yield* Bulk.whole(wanted.flatMap((one) => settled.get(one) ?? []))
    })

  return {
    list,
    get,
    find,
    create,
    update,
    remove,
    createAll: (wanted) =>
      Effect.flatMap(distinct(wanted), (all) => Effect.flatMap(verbs.createEach(all, create), Bulk.whole)),
    removeAll: (ids) =>
      Effect.flatMap(verbs.removeEach([...new Set(ids)], remove), (items) =>
        Effect.asVoid(Bulk.whole(items))
      ),
    upsert: (given) =>
      Effect.flatMap(distinct([given]), ([wanted = given]) =>
        Effect.flatMap(
          find(wanted.name),
          Option.match({
            onNone: () => Effect.map(create(wanted), made),
            onSome: (there) => meet(wanted, there)
          })
        )
      ),
    upsertAll
  }
}

/** Whether what is there has all that is wanted; devices add fields of their own, and lists of references have no order. */
export const meets = (wanted: unknown, there: unknown): boolean => !differs(wanted, there)

const made = <A>(item: A): Upserted<A> => ({ change: "created", item })

/**
 * Without what a device says of an object by itself: an object that was read elsewhere is wanted as it is, not as that
 * one.
 */
const own = <W extends Wanted>(wanted: W): W => {
  const { id: _id, links: _links, metadata: _metadata, version: _version, ...rest } = wanted
  const whole: object = rest
  // All four are the device's to say, so no kind of object is wanted by them.
  return whole as W
}

const isAbsent = (error: SessionError): boolean =>
  error._tag === "DeviceRefused" && (error.isAbsent ?? error.status === 404)

const distinct = <W extends Wanted>(given: Iterable<W>): Effect.Effect<ReadonlyArray<W>, InvalidInput> =>
  Effect.suspend(() => {
    const wanted = Array.from(given, own)
    const seen = new Set<string>()
    for (const { name } of wanted) {
      // The types say so too; a script in JavaScript has none.
      if (typeof name !== "string") {
        const message = "name: an object has none; give each its name, as text."
        return Effect.fail(new InvalidInput({ field: "name", message }))
      }
      if (seen.has(name.toLowerCase())) {
        const message = `name: ${JSON.stringify(name)} is given twice, and case does not tell names apart; give each name once.`
        return Effect.fail(new InvalidInput({ field: "name", value: name, message }))
      }
      seen.add(name.toLowerCase())
    }
    return Effect.succeed(wanted)
  })
