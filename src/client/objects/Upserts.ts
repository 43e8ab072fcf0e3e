import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import { few } from "../../validation/Few.ts"
import * as OptionNames from "../../validation/OptionNames.ts"
import * as Pending from "../../validation/Pending.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import * as AlikeIndex from "../fields/AlikeIndex.ts"
import { differs } from "../fields/Difference.ts"
import { nameKey } from "../fields/FieldEquality.ts"
import * as Groups from "../fields/Groups.ts"
import type { Entry, Known, Unnamed } from "../fields/ListEntry.ts"
import { merge } from "../fields/Merge.ts"
import * as Bulk from "../writes/Bulk.ts"
import type { WriteError } from "../writes/NotKept.ts"
import { allOrFail, listed, settleValid, uniqueByName } from "./BulkChanges.ts"
import type { ObjectChanges } from "./ObjectChanges.ts"
import { checkObject, wantedOf } from "./ObjectWrites.ts"
import type { Reads } from "./PlannedReads.ts"
import type { Collection, Upserted, UpsertOptions } from "./Verbs.ts"

export const make = <A extends Entry, W extends Unnamed, Listing>(
  { list, listFor, namesakes }: Reads<A, W, Listing>,
  { check, create, createEach, noteUnchanged, update }: ObjectChanges<A, W>,
  path = "the list"
): Pick<Collection<A, W, Listing>, "upsert" | "upsertAll"> => {
  type Made = Upserted<Known<A>>

  const matches = (wanted: W, { key }: UpsertOptions): Effect.Effect<ReadonlyArray<A>, SessionError> =>
    key === undefined
      ? namesakes(wanted.name ?? "")
      : Effect.map(
          Stream.runCollect(Stream.filter(list(), (one) => !differs(key(wanted), key(one)))),
          toArray
        )

  /** `soleMatch` gives the one that is meant, where there is one. */
  const soleMatch = (
    wanted: W,
    found: ReadonlyArray<A>
  ): Effect.Effect<Known<A> | undefined, InvalidInput> => {
    const [one] = found
    if (one === undefined) return Effect.succeed(undefined)
    if (found.length === 1 && isKnown(one)) return Effect.succeed(one)
    const ids = few(found.map(({ id }) => id ?? "none"))
    const sentence =
      found.length === 1
        ? `${called(wanted)} has no id in ${path}, so it cannot be changed; look at the device.`
        : `${found.length} in ${path} are known as ${called(wanted)} (ids ${ids}); update the one that is meant by its id, or give the option key, which tells them apart.`
    return refuseInput("name", sentence, called(wanted))
  }

  const updateWhereDifferent = (
    wanted: W,
    there: Known<A>,
    { rename = false }: UpsertOptions
  ): Effect.Effect<Made, WriteError> => {
    if (!differs(wanted, there, { exactNames: rename })) {
      return Effect.map(noteUnchanged(there), (change) => ({ change, item: there }))
    }
    const name = rename ? wanted.name : (there.name ?? wanted.name)
    const next = merge(there, { ...wanted, name })
    return Effect.map(update(next, there), (item) => ({ change: "updated", item: withId(item, there.id) }))
  }

  const checkKey = (wanted: W, { key }: UpsertOptions): InvalidInput | undefined => {
    if (key === undefined) {
      return typeof wanted.name === "string" && wanted.name.trim() !== ""
        ? undefined
        : refuseInput(
            "name",
            "what is to be made has none; give it one, or say by the option key what it is known by."
          )
    }
    const known = key(wanted)
    return known !== undefined && known !== null
      ? undefined
      : refuseInput("key", "that of what is to be made is nothing; give it one.")
  }

  const faultOf = (wanted: W, options: UpsertOptions): InvalidInput | undefined =>
    checkObject("wanted", wanted) ?? checkKey(wanted, options) ?? check(wanted)

  const upsertOne = (given: W, options: UpsertOptions): Effect.Effect<Made, WriteError> =>
    Effect.gen(function* () {
      const wanted = wantedOf(given)
      const invalid = faultOf(wanted, options)
      if (invalid !== undefined) return yield* Effect.fail(invalid)
      const there = yield* soleMatch(wanted, yield* matches(wanted, options))
      return there === undefined
        ? created(yield* create(wanted, true))
        : yield* updateWhereDifferent(wanted, there, options)
    })

  const upsertEach = (wanted: ReadonlyArray<W>, options: UpsertOptions) =>
    Effect.gen(function* () {
      const { key } = options
      const among =
        key === undefined
          ? byName(yield* Stream.runCollect(listFor(wanted.map(({ name = "" }) => name))))
          : byKey(yield* Stream.runCollect(list()), key)
      const settled = new Map<W, Bulk.Settled<W, Made>>()
      const toMeet: Array<{ readonly one: W; readonly there: Known<A> }> = []
      const missing: Array<W> = []
      for (const one of wanted) {
        const there = yield* Effect.either(soleMatch(one, among(one)))
        if (there._tag === "Left") settled.set(one, { _tag: "Failed", wanted: one, error: there.left })
        else if (there.right === undefined) missing.push(one)
        else toMeet.push({ one, there: there.right })
      }
      for (const one of yield* createEach(missing, true)) {
        settled.set(one.wanted, one._tag === "Done" ? { ...one, result: created(one.result) } : one)
      }
      const meeting = Bulk.sequentially(toMeet, ({ one, there }) => updateWhereDifferent(one, there, options))
      for (const { wanted, ...end } of yield* meeting) settled.set(wanted.one, { ...end, wanted: wanted.one })
      return wanted.flatMap((one) => settled.get(one) ?? [])
    })

  const upsertMany = (given: Iterable<W>, options: UpsertOptions) =>
    Effect.flatMap(
      options.key === undefined
        ? uniqueByName(given)
        : Effect.map(listed("wanted", given), (rows) => rows.map(wantedOf)),
      (rows) =>
        Effect.flatMap(
          settleValid(
            rows,
            (row) => faultOf(row, options),
            (good) => upsertEach(good, options)
          ),
          allOrFail
        )
    )

  return {
    // A script in JavaScript may give null where it has none.
    upsert: (given: W, options?: UpsertOptions | null) =>
      pending(checkOptions(options ?? {}) ?? upsertOne(given, options ?? {})),
    upsertAll: (given: Iterable<W>, options?: UpsertOptions | null) =>
      pending(checkOptions(options ?? {}) ?? upsertMany(given, options ?? {}))
  }
}

const pending = Pending.effectOf()

const checkOptions = (options: UpsertOptions): InvalidInput | undefined => {
  const fault = OptionNames.faultOf("an upsert", options, ["rename", "key"])
  if (fault !== undefined || options.key === undefined || typeof options.key === "function") return fault
  return refuseInput(
    "key",
    "this is no function; give one, such as ({ section, name }) => ({ section, name })."
  )
}

const created = <A extends Entry>(item: A): Upserted<Known<A>> => ({
  change: "created",
  item: withId(item, "")
})

/** `withId` adds the id where a device answers a creation without one. */
const withId = <A extends Entry>(item: A, id: string): Known<A> => ({ ...item, id: item.id ?? id })

const isKnown = <A extends Entry>(one: A): one is Known<A> => typeof one.id === "string"

const keyOfName = ({ name }: Entry): string | undefined =>
  typeof name === "string" ? nameKey(name) : undefined

type Among<A> = (wanted: Unnamed) => ReadonlyArray<A>

const byName = <A extends Entry>(there: Iterable<A>): Among<A> => {
  const named = new Map<string, Array<A>>()
  for (const item of there) {
    const name = keyOfName(item)
    if (name !== undefined) Groups.addTo(named, name, item)
  }
  return ({ name = "" }) => named.get(nameKey(name)) ?? []
}

const byKey = <A extends Entry>(there: Iterable<A>, key: NonNullable<UpsertOptions["key"]>): Among<A> => {
  const index = AlikeIndex.make([...there], key)
  return (wanted) => index(key(wanted))
}

const toArray = <A>(found: Iterable<A>): ReadonlyArray<A> => [...found]

const called = ({ name }: Unnamed): string => JSON.stringify(name ?? "its key")
