import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { SessionError } from "../../auth/AuthError.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as GivenValue from "../../validation/GivenValue.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { Changes } from "../changes/Recorder.ts"
import { nameKey } from "../fields/FieldEquality.ts"
import type { Entry, Unnamed } from "../fields/ListEntry.ts"
import * as Bulk from "../writes/Bulk.ts"
import type { ObjectChanges } from "./ObjectChanges.ts"
import { wantedOf } from "./ObjectWrites.ts"

/** `createAll` creates many: those that cannot be are told as that, and the others are sent. */
export const createAll = <A extends Entry, W extends Unnamed>(
  { check, createEach }: ObjectChanges<A, W>,
  given: Iterable<W>
): Effect.Effect<ReadonlyArray<A>, SessionError | Bulk.BulkIncomplete<W, A>> =>
  Effect.flatMap(uniqueByName(given), (rows) =>
    Effect.flatMap(
      settleValid(rows, check, (good) => createEach(good)),
      allOrFail
    )
  )

/**
 * `removeAll` removes many. All ids are checked before any is removed: one that is empty would stand for the whole
 * collection.
 */
export const removeAll = <A extends Entry, W extends Unnamed>(
  { removeEach }: ObjectChanges<A, W>,
  ids: Iterable<string>
): Effect.Effect<void, SessionError | Bulk.BulkIncomplete<string, void>> =>
  Effect.gen(function* () {
    const all = [...new Set(yield* listed("ids", ids))]
    for (const [at, id] of all.entries()) yield* PathSegment.encode(`ids[${at}]`, id)
    yield* allOrFail(yield* removeEach(all))
  })

/** `allOrFail` gives the results where all was done, or planned. Fails with `BulkIncomplete` otherwise. */
export const allOrFail = <W, A>(
  items: ReadonlyArray<Bulk.Settled<W, A>>
): Effect.Effect<ReadonlyArray<A>, Bulk.BulkIncomplete<W, A>> =>
  Effect.flatMap(Changes, (recorder) => Bulk.allOrFail(items, recorder?.isPlan))

/**
 * `settleValid` gives what became of each, in the order of the rows: those that the check finds wrong are not worked
 * on.
 */
export const settleValid = <W, A, E>(
  rows: ReadonlyArray<W>,
  check: (row: W) => InvalidInput | undefined,
  work: (good: ReadonlyArray<W>) => Effect.Effect<ReadonlyArray<Bulk.Settled<W, A>>, E>
): Effect.Effect<ReadonlyArray<Bulk.Settled<W, A>>, E> =>
  Effect.suspend(() => {
    const settled = new Map<W, Bulk.Settled<W, A>>()
    for (const wanted of rows) {
      const error = check(wanted)
      if (error !== undefined) settled.set(wanted, { _tag: "Failed", wanted, error })
    }
    const good = rows.filter((row) => !settled.has(row))
    return Effect.map(good.length === 0 ? Effect.succeed([]) : work(good), (done) => {
      for (const one of done) settled.set(one.wanted, one)
      return rows.flatMap((row) => settled.get(row) ?? [])
    })
  })

/**
 * `uniqueByName` gives the rows without what a device says by itself. Two that have one name are refused together:
 * nobody knows which of them is meant.
 */
export const uniqueByName = <W extends Unnamed>(
  given: Iterable<W>
): Effect.Effect<ReadonlyArray<W>, InvalidInput> =>
  Effect.flatMap(listed("wanted", given), (all) => {
    const rows = all.map(wantedOf)
    const seen = new Map<string, number>()
    for (const [at, row] of rows.entries()) {
      const name: unknown = (row as W | null | undefined)?.name
      if (typeof name !== "string" || name.trim() === "") continue
      const first = seen.get(nameKey(name))
      if (first !== undefined) {
        return refuseInput(
          "name",
          `${JSON.stringify(name)} is given twice, as number ${first + 1} and as number ${at + 1}, and case and outer white space do not tell names apart; give each name once.`,
          name
        )
      }
      seen.set(nameKey(name), at)
    }
    return Effect.succeed(rows)
  })

/**
 * `listed` gives the elements of a list. The types say that it is one; a script in JavaScript has none, and nothing
 * would be done with a promise that nobody has awaited, and without a word. Fails with `InvalidInput`, which names the
 * field.
 */
export const listed = <A>(
  field: string,
  given: Iterable<A>
): Effect.Effect<ReadonlyArray<A>, InvalidInput> => {
  // An Effect and a list that was not read can be iterated, too, in their ways.
  const advice = GivenValue.adviceOf(given)
  if (advice === undefined && Predicate.hasProperty(given, Symbol.iterator) && typeof given !== "string")
    return Effect.succeed([...given])
  return refuseInput(field, `it is no list, but ${GivenValue.kindOf(given)}; ${advice ?? "give an array"}.`)
}
