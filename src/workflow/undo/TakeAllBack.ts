import * as Effect from "effect/Effect"
import { bisectBatches } from "../../client/Bisection.ts"
import { isPlainId } from "../../client/InBulk.ts"
import type { WriteError } from "../../client/NotKept.ts"
import type { Settled } from "../../client/Settled.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import { current, judge } from "./Judge.ts"
import { lookForAll } from "./LookFor.ts"
import * as SentTogether from "./SentTogether.ts"
import { takeBack } from "./TakeBack.ts"
import { boundOf } from "./TakeBackOptions.ts"
import * as Together from "./Together.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `Results` are what became of some requests of an undo. */
type Results = ReadonlyMap<UndoUnit.UndoUnit, TakenBack>

/** `TakeAllBackOptions` are what requests of an undo need that are sent as one. */
export interface TakeAllBackOptions extends SentTogether.SentTogetherOptions {
  /** `isOver` says that no more is to be sent. */
  readonly isOver: Effect.Effect<boolean>
  /** `begin` is journaled before some of them are sent. */
  readonly begin: (units: ReadonlyArray<UndoUnit.UndoUnit>) => Effect.Effect<void>
  /** `ended` takes what became of some of them. */
  readonly ended: (results: Results) => Effect.Effect<void>
}

/**
 * `takeAllBack` sends many requests of an undo as few, of those whose objects are still as the change has left them: they
 * are looked at by their list. What a device refuses together is halved until those are found that it refuses. What it
 * does not say by `ended` is left to be sent alone, and has been looked for.
 */
export const takeAllBack = (
  units: ReadonlyArray<UndoUnit.UndoUnit>,
  options: TakeAllBackOptions
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const [first] = units
    const way = first && Together.wayOf(first)
    if (first === undefined || way === undefined) return
    const { open, results } = yield* looked(units, options)
    yield* told(results, options)
    for (const batch of Together.batchesOf(open.filter(isSendable), way)) {
      // One by itself is sent as that.
      if (batch.length === 1) continue
      if (yield* options.isOver) return
      yield* options.begin(batch.map(({ unit }) => unit))
      const sent = yield* sendAll(batch, way, options)
      yield* told(sent.results, options)
      if (!sent.goesOn) return
    }
  })

const told = (results: Results, { ended }: TakeAllBackOptions): Effect.Effect<void> =>
  results.size === 0 ? Effect.void : ended(results)

/** `looked` says what became of those that need not, or must not be sent, and gives the others as they are now. */
const looked = (units: ReadonlyArray<UndoUnit.UndoUnit>, options: TakeAllBackOptions) =>
  Effect.gen(function* () {
    const results = new Map<UndoUnit.UndoUnit, TakenBack>()
    const seen = yield* seenAll(units, options)
    const open: Array<Together.Sendable> = []
    for (const { result, there, unit } of seen) {
      if (result === undefined) open.push(sendable(unit, there))
      else results.set(unit, result)
    }
    const begun = open.filter(({ unit }) => UndoUnit.isBegun(unit)).map(({ unit }) => unit)
    const found = yield* lookForAll(begun, options, options.optionsOf)
    for (const [at, unit] of begun.entries()) {
      const result = found[at]
      if (result !== undefined) results.set(unit, result)
    }
    return { results, open: open.filter(({ unit }) => !results.has(unit)) }
  }).pipe(
    Effect.catchAll((error) => {
      const failed = (unit: UndoUnit.UndoUnit): [UndoUnit.UndoUnit, TakenBack] => [
        unit,
        { how: "failed", why: Advice.notAsked(UndoUnit.nameOf(unit), error.message) }
      ]
      return Effect.succeed({ results: new Map(units.map(failed)), open: [] })
    })
  )

const sendable = (unit: UndoUnit.UndoUnit, there: Together.Sendable["there"]): Together.Sendable => {
  const { id, method } = unit.request
  const found = typeof there?.id === "string" ? there.id : undefined
  return { unit, there, id: method === "POST" ? undefined : (id ?? found) }
}

const isSendable = ({ id, unit }: Together.Sendable): boolean =>
  unit.request.method === "POST" || (id !== undefined && isPlainId(id))

/** `seenAll` looks at all by their list, twice where it is to be left: what was read with a list may be short, or old. */
const seenAll = (units: ReadonlyArray<UndoUnit.UndoUnit>, { bound, readings }: TakeAllBackOptions) => {
  const [first] = units
  const look = (some: ReadonlyArray<UndoUnit.UndoUnit>, find = readings.find) => {
    const all = Effect.forEach(some, (unit) =>
      Effect.map(current(unit, find), (there) => ({ unit, there, result: judge(unit, there) }))
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

interface Sent {
  readonly results: Results
  /** `goesOn` is false where the device does not do it together. */
  readonly goesOn: boolean
}

/** `sendAll` sends a batch; where it is refused, halves of it, down to those that are refused by themselves. */
const sendAll = (
  batch: ReadonlyArray<Together.Sendable>,
  way: Together.Way,
  options: TakeAllBackOptions
): Effect.Effect<Sent> => {
  const [first] = batch
  const isInOrder = first !== undefined && Together.isPlaced(first.unit)
  const send = (
    part: ReadonlyArray<Together.Sendable>
  ): Effect.Effect<ReadonlyArray<Settled<Together.Sendable, TakenBack>>, WriteError> => {
    const [one, ...others] = part
    const sent: Effect.Effect<ReadonlyArray<TakenBack>, WriteError> = one !== undefined && others.length === 0
      ? Effect.map(takeBack(one.unit, options.optionsOf(one.unit)), (result) => [result])
      : SentTogether.send(part, way, options)
    return Effect.map(sent, (results) =>
      part.flatMap((wanted, at) => {
        const result = results[at]
        return result === undefined ? [] : [{ _tag: "Done" as const, wanted, result }]
      })
    )
  }
  const concernsOne = ({ _tag }: WriteError) => _tag === "DeviceRefused"
  // A half that is created before the one in front of it would come to another place.
  const refusals = isInOrder ? [] : refusedTogether
  return Effect.map(bisectBatches([batch], { send, refusals, concernsOne }), (settled) => {
    const results = new Map<UndoUnit.UndoUnit, TakenBack>()
    for (const one of settled) {
      const { unit } = one.wanted
      if (one._tag === "Done") results.set(unit, one.result)
      else {
        const error = one._tag === "Failed" ? one.error : one.because
        options.readings.forget(unit.change)
        if (!isLeftAlone(error, refusals)) results.set(unit, failed(unit, error))
      }
    }
    return { results, goesOn: results.size === batch.length }
  })
}

// Something in it is wrong, and nothing of it was done.
const refusedTogether = [400, 404, 409, 412, 422]

/** `isLeftAlone` says that the device does not do it together, and may do it one by one. */
const isLeftAlone = (error: WriteError, refusals: ReadonlyArray<number>): boolean =>
  error._tag === "DeviceRefused" && error.status < 500 && !refusals.includes(error.status)

const failed = (unit: UndoUnit.UndoUnit, error: WriteError): TakenBack => ({
  how: "failed",
  why: Advice.refused(UndoUnit.nameOf(unit), error.message, unit.request.method === "DELETE")
})
