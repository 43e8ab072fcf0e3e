import * as Effect from "effect/Effect"
import { bisectBatches } from "../../client/writes/Bisection.ts"
import type { WriteError } from "../../client/writes/NotKept.ts"
import type { Settled } from "../../client/writes/Settled.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import * as SentTogether from "./SentTogether.ts"
import { takeBack } from "./TakeBack.ts"
import * as Together from "./Together.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `Results` are what became of some requests of an undo. */
export type Results = ReadonlyMap<UndoUnit.UndoUnit, TakenBack>

/** `SentInPartsOptions` are what requests of an undo need that are sent as one, or as a few. */
export interface SentInPartsOptions extends SentTogether.SentTogetherOptions {
  /** `isOver` says that no more is to be sent. */
  readonly isOver: Effect.Effect<boolean>
}

/** `SentInParts` is what became of a batch. */
export interface SentInParts {
  readonly results: Results
  /**
   * `left` says what has no result, and may be sent one by one: `nothing`, `some`, all that a `fault` of the device has
   * left no trace of, or the whole, since the device takes it not `together`.
   */
  readonly left: "nothing" | "some" | "fault" | "together"
}

/**
 * `sendInParts` sends a batch; where it is refused, halves of it, down to those that are refused by themselves. That ends
 * where the undo is over, and after a search that has become long.
 */
export const sendInParts = (
  batch: ReadonlyArray<Together.Sendable>,
  way: Together.Way,
  options: SentInPartsOptions
): Effect.Effect<SentInParts> =>
  Effect.gen(function* () {
    const [first] = batch
    let isTaken = false
    let isFault = false
    const send = (
      part: ReadonlyArray<Together.Sendable>
    ): Effect.Effect<ReadonlyArray<Settled<Together.Sendable, TakenBack>>, WriteError> =>
      Effect.gen(function* () {
        if (yield* options.isOver) return []
        const [one, ...others] = part
        if (one === undefined) return []
        if (others.length === 0) return [done(one, yield* takeBack(one.unit, options.optionsOf(one.unit)))]
        const results = yield* SentTogether.send(part, way, options)
        isFault ||= results.includes(undefined)
        isTaken = true
        return part.flatMap((wanted, at) => {
          const result = results[at]
          return result === undefined ? [] : [done(wanted, result)]
        })
      })
    // A half that is created before the one in front of it would come to another place.
    const refusals = first !== undefined && Together.isPlaced(first.unit) ? [] : refusedTogether
    const settled = yield* bisectBatches([batch], { send, refusals, concernsOne })
    const results = new Map<UndoUnit.UndoUnit, TakenBack>()
    for (const one of settled) {
      const { unit } = one.wanted
      if (one._tag === "Done") results.set(unit, one.result)
      else {
        const error = one._tag === "Failed" ? one.error : one.because
        options.readings.forget(unit.change)
        // One by one the device may do it.
        if (error._tag !== "DeviceRefused") results.set(unit, failed(unit, error))
      }
    }
    if (results.size === batch.length) return { results, left: "nothing" }
    return { results, left: isFault ? "fault" : isTaken ? "some" : "together" }
  })

const done = (wanted: Together.Sendable, result: TakenBack) => ({ _tag: "Done" as const, wanted, result })

// Something in it is wrong, and nothing of it was done.
const refusedTogether = [400, 404, 409, 412, 422]

const concernsOne = ({ _tag }: WriteError): boolean => _tag === "DeviceRefused"

const failed = (unit: UndoUnit.UndoUnit, error: WriteError): TakenBack => ({
  how: "failed",
  why: Advice.refused(UndoUnit.nameOf(unit), error.message, unit.request.method === "DELETE")
})
