import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SessionError } from "../auth/AuthError.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as Bulk from "./Bulk.ts"
import { distinct, listed, settle } from "./BulkChanges.ts"
import type {
  Collection,
  Entry,
  Facts,
  Known,
  Many,
  Unnamed,
  Upserted,
  Upserting,
  Verbs
} from "./Collection.ts"
import { differs } from "./Difference.ts"
import { nameKey } from "./FieldEquality.ts"
import { merged } from "./Merge.ts"
import type { WriteError } from "./NotKept.ts"
import { own, type Writing } from "./ObjectWrites.ts"

export const make = <A extends Entry, W extends Unnamed, Listing>(
  backend: Verbs<A, W, Listing> & Many<A, W> & Facts<A, W>,
  { check, create, update }: Writing<A, W>
): Pick<Collection<A, W, Listing>, "upsert" | "upsertAll"> => {
  const { list, path = "the list" } = backend
  type Made = Upserted<Known<A>>

  const namesakes =
    backend.namesakes ??
    ((name: string) =>
      Stream.runCollect(Stream.filter(list(), (one) => keyOfName(one) === nameKey(name))).pipe(
        Effect.map(all)
      ))

  const candidates = (wanted: W, { key }: Upserting): Effect.Effect<ReadonlyArray<A>, SessionError> =>
    key === undefined
      ? namesakes(wanted.name ?? "")
      : Effect.map(Stream.runCollect(Stream.filter(list(), (one) => !differs(key(wanted), key(one)))), all)

  /** The one that is meant, where there is one. */
  const only = (wanted: W, found: ReadonlyArray<A>): Effect.Effect<Known<A> | undefined, InvalidInput> => {
    const [one] = found
    if (one === undefined) return Effect.succeed(undefined)
    if (found.length === 1 && isKnown(one)) return Effect.succeed(one)
    const ids = found.slice(0, mostIds).map(({ id }) => id ?? "none")
    const more = found.length > mostIds ? ` and ${found.length - mostIds} more` : ""
    const message =
      found.length === 1
        ? `name: ${called(wanted)} has no id in ${path}, so it cannot be changed; look at the device.`
        : `name: ${found.length} in ${path} are known as ${called(wanted)} (ids ${ids.join(", ")}${more}); update the one that is meant by its id, or give the option key, which tells them apart.`
    return Effect.fail(new InvalidInput({ field: "name", value: called(wanted), message }))
  }

  const meet = (
    wanted: W,
    there: Known<A>,
    { rename = false }: Upserting
  ): Effect.Effect<Made, WriteError> => {
    if (!differs(wanted, there, { exactNames: rename })) {
      return Effect.succeed({ change: "unchanged", item: there })
    }
    const name = rename ? wanted.name : (there.name ?? wanted.name)
    const next = merged(there, { ...wanted, name })
    return Effect.map(update(next), (item) => ({ change: "updated", item: known(item, there.id) }))
  }

  const keyed = (wanted: W, { key }: Upserting): InvalidInput | undefined => {
    if (key === undefined) {
      return typeof wanted.name === "string" && wanted.name.trim() !== ""
        ? undefined
        : new InvalidInput({
            field: "name",
            message:
              "name: what is to be made has none; give it one, or say by the option key what it is known by."
          })
    }
    if (typeof key !== "function") {
      const message =
        "key: this is no function; give one, such as ({ section, name }) => ({ section, name })."
      return new InvalidInput({ field: "key", message })
    }
    const known = key(wanted)
    return known !== undefined && known !== null
      ? undefined
      : new InvalidInput({
          field: "key",
          message: "key: that of what is to be made is nothing; give it one."
        })
  }

  const upsert = (given: W, options: Upserting = {}): Effect.Effect<Made, WriteError> =>
    Effect.gen(function* () {
      const wanted = own(given)
      const invalid = keyed(wanted, options) ?? check(wanted)
      if (invalid !== undefined) return yield* Effect.fail(invalid)
      const there = yield* only(wanted, yield* candidates(wanted, options))
      return there === undefined ? made(yield* create(wanted)) : yield* meet(wanted, there, options)
    })

  const upsertEach = (wanted: ReadonlyArray<W>, options: Upserting) =>
    Effect.gen(function* () {
      const { key } = options
      const known = new Map<string, Array<A>>()
      const unnamed: Array<A> = []
      yield* Stream.runForEach(list(), (item) =>
        Effect.sync(() => {
          const name = keyOfName(item)
          if (key !== undefined || name === undefined) unnamed.push(item)
          else known.set(name, [...(known.get(name) ?? []), item])
        })
      )
      const among = (one: W): ReadonlyArray<A> =>
        key === undefined
          ? (known.get(nameKey(one.name ?? "")) ?? [])
          : unnamed.filter((item) => !differs(key(one), key(item)))
      const settled = new Map<W, Bulk.Settled<W, Made>>()
      const toMeet: Array<{ readonly one: W; readonly there: Known<A> }> = []
      const missing: Array<W> = []
      for (const one of wanted) {
        const there = yield* Effect.either(only(one, among(one)))
        if (there._tag === "Left") settled.set(one, { _tag: "Failed", wanted: one, error: there.left })
        else if (there.right === undefined) missing.push(one)
        else toMeet.push({ one, there: there.right })
      }
      for (const one of yield* backend.createEach(missing, create)) {
        settled.set(one.wanted, one._tag === "Done" ? { ...one, result: made(one.result) } : one)
      }
      const meeting = Bulk.inTurn(toMeet, ({ one, there }) => meet(one, there, options))
      for (const { wanted, ...end } of yield* meeting) settled.set(wanted.one, { ...end, wanted: wanted.one })
      return wanted.flatMap((one) => settled.get(one) ?? [])
    })

  const upsertAll = (given: Iterable<W>, options: Upserting = {}) =>
    Effect.flatMap(
      options.key === undefined
        ? distinct(given)
        : Effect.map(listed("wanted", given), (rows) => rows.map(own)),
      (rows) =>
        Effect.flatMap(
          settle(
            rows,
            (row) => keyed(row, options) ?? check(row),
            (good) => upsertEach(good, options)
          ),
          Bulk.whole
        )
    )

  return { upsert, upsertAll }
}

const made = <A extends Entry>(item: A): Upserted<Known<A>> => ({ change: "created", item: known(item, "") })

/** A device that answers a creation without an id gives none. */
const known = <A extends Entry>(item: A, id: string): Known<A> => ({ ...item, id: item.id ?? id })

const isKnown = <A extends Entry>(one: A): one is Known<A> => typeof one.id === "string"

const keyOfName = ({ name }: Entry): string | undefined =>
  typeof name === "string" ? nameKey(name) : undefined

const all = <A>(found: Iterable<A>): ReadonlyArray<A> => [...found]

// Enough to find them by.
const mostIds = 10

const called = ({ name }: Unnamed): string => JSON.stringify(name ?? "its key")
