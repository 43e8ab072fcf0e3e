import * as Effect from "effect/Effect"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import { current, judge } from "./Judge.ts"
import { lookForAll } from "./LookFor.ts"
import * as Namesake from "./Namesake.ts"
import { type Results, type SentInPartsOptions, sendInParts } from "./SentInParts.ts"
import { boundOf } from "./TakeBackOptions.ts"
import * as Together from "./Together.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `TakeAllBackOptions` are what requests of an undo need that are sent as one. */
export interface TakeAllBackOptions extends SentInPartsOptions {
  /** `begin` is journaled before some of them are sent. */
  readonly begin: (units: ReadonlyArray<UndoUnit.UndoUnit>) => Effect.Effect<void>
  /** `ended` takes what became of some of them. */
  readonly ended: (results: Results) => Effect.Effect<void>
}

/**
 * `takeAllBack` sends many requests of an undo as few, of those whose objects are still as the change has left them: they
 * are looked at by their list, and by a later one where that has become old. What it does not say by `ended` is left to
 * be sent alone, and has been looked for.
 */
export const takeAllBack = (
  units: ReadonlyArray<UndoUnit.UndoUnit>,
  options: TakeAllBackOptions
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const [first] = units
    const way = first && Together.wayOf(first)
    if (first === undefined || way === undefined) return
    const open = yield* told(lookedFor(units, options), options)
    let faults = 0
    for (const batch of Together.batchesOf(open, way)) {
      // One by itself is sent as that.
      if (batch.length === 1) continue
      if (yield* options.isOver) return
      // Those before it may have taken their time.
      const still = yield* told(
        looked(
          batch.map(({ unit }) => unit),
          options
        ),
        options
      )
      if (still.length < 2) continue
      yield* options.begin(still.map(({ unit }) => unit))
      const { left, results } = yield* sendInParts(still, way, options)
      yield* told(Effect.succeed({ results, open: [] }), options)
      if (left === "together" || (left !== "nothing" && Together.isPlaced(first))) return
      if (left === "fault" && ++faults > 1) return
    }
  })

/** `Looked` is what became of those that need not, or must not be sent, and the others as they are now. */
interface Looked {
  readonly results: Results
  readonly open: ReadonlyArray<Together.Sendable>
}

/** `told` tells the results, and gives the others. */
const told = (looked: Effect.Effect<Looked>, { ended }: TakeAllBackOptions) =>
  Effect.flatMap(looked, ({ open, results }) =>
    Effect.as(results.size === 0 ? Effect.void : ended(results), Together.distinct(open))
  )

/** `looked` looks at them, twice where one is to be left: what was read with a list may be short, or old. */
const looked = (
  units: ReadonlyArray<UndoUnit.UndoUnit>,
  options: TakeAllBackOptions
): Effect.Effect<Looked> =>
  Effect.match(seenAll(units, options), {
    onSuccess: (seen) => ({
      results: new Map(seen.flatMap(({ result, unit }) => (result === undefined ? [] : [[unit, result]]))),
      open: seen.flatMap(({ result, there, unit }) =>
        result === undefined ? [Together.sendable(unit, there)] : []
      )
    }),
    onFailure: (error) => ({
      results: new Map(
        units.map((unit) => [
          unit,
          { how: "failed", why: Advice.notAsked(UndoUnit.nameOf(unit), error.message) }
        ])
      ),
      open: []
    })
  })

/** `lookedFor` also looks for those with which an earlier undo has begun. */
const lookedFor = (
  units: ReadonlyArray<UndoUnit.UndoUnit>,
  options: TakeAllBackOptions
): Effect.Effect<Looked> =>
  Effect.gen(function* () {
    const { open, results } = yield* looked(units, options)
    const begun = open.filter(({ unit }) => UndoUnit.isBegun(unit)).map(({ unit }) => unit)
    const found = yield* lookForAll(begun, options, options.optionsOf)
    const all = new Map(results)
    for (const [at, unit] of begun.entries()) {
      const result = found[at]
      if (result !== undefined) all.set(unit, result)
    }
    return { results: all, open: open.filter(({ unit }) => !all.has(unit)) }
  })

interface Seen {
  readonly unit: UndoUnit.UndoUnit
  readonly there: Fields | undefined
  readonly result: TakenBack | undefined
}

const seenAll = (units: ReadonlyArray<UndoUnit.UndoUnit>, { bound, readings }: TakeAllBackOptions) => {
  const [first] = units
  const look = (some: ReadonlyArray<UndoUnit.UndoUnit>, find = readings.find) => {
    const all = Effect.forEach(some, (unit) =>
      Effect.flatMap(current(unit, find), (there) =>
        Effect.map(
          Namesake.toldOf(unit, judge(unit, there), find),
          (result): Seen => ({ unit, there, result })
        )
      )
    )
    // It is one request for all of them, and much hangs on it.
    return first === undefined
      ? Effect.succeed([])
      : Effect.retry(boundOf(first, { bound })(all), { times: 1 })
  }
  return Effect.gen(function* () {
    const seen = yield* look(units)
    const doubtful = seen.flatMap(({ result, unit }) => (result?.how === "changedSince" ? [unit] : []))
    if (first === undefined || doubtful.length === 0) return seen
    const isMany = doubtful.length > Together.few
    if (isMany) readings.forget(first.change)
    const again = yield* look(doubtful, isMany ? readings.find : readings.findAnew)
    const anew = new Map(again.map((one) => [one.unit, one]))
    return seen.map((one) => anew.get(one.unit) ?? one)
  })
}
