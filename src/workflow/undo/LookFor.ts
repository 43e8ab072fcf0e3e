import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import * as ReadBack from "../../client/writes/ReadBack.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import type { NoAnswer } from "./Bound.ts"
import { current, judge } from "./Judge.ts"
import type { Readings } from "./Readings.ts"
import { boundOf, type TakeBackOptions } from "./TakeBackOptions.ts"
import * as UndoUnit from "./UndoUnit.ts"
import { restored } from "./Verified.ts"

/** `lookFor` looks whether a request that was sent has done its work; `undefined` is no trace of it. */
export const lookFor = (
  unit: UndoUnit.UndoUnit,
  options: TakeBackOptions
): Effect.Effect<TakenBack | undefined> =>
  Effect.map(
    lookForAll([unit], options, () => options, options.readings.findAnew),
    ([one]) => one
  )

/**
 * `lookForAll` looks for several that were sent as one, by `ReadBack.ReadBackSchedule`: the device may still be at it.
 */
export const lookForAll = (
  units: ReadonlyArray<UndoUnit.UndoUnit>,
  { bound, readings }: Pick<TakeBackOptions, "bound" | "readings">,
  optionsOf: (unit: UndoUnit.UndoUnit) => TakeBackOptions,
  find: Readings["find"] = readings.find
): Effect.Effect<ReadonlyArray<TakenBack | undefined>> => {
  const begun = units.map(UndoUnit.asBegun)
  const [first] = begun
  if (first === undefined) return Effect.succeed([])
  let last: ReadonlyArray<TakenBack | undefined> = begun.map(() => undefined)
  const once: Effect.Effect<void, SessionError | NoAnswer | NoTrace> = Effect.gen(function* () {
    // What was read before is of no use.
    readings.forget(first.change)
    last = yield* Effect.forEach(begun, (unit) =>
      Effect.map(current(unit, find), (there) => {
        const result = judge(unit, there)
        return result?.how === "undone" && there !== undefined
          ? restored(unit, there, optionsOf(unit))
          : result
      })
    ).pipe(boundOf(first, { bound }))
    if (last.includes(undefined)) return yield* Effect.fail(noTrace)
  })
  return Effect.gen(function* () {
    const schedule = yield* ReadBack.ReadBackSchedule
    yield* Effect.retry(once, { schedule, while: (error): error is NoTrace => error === noTrace }).pipe(
      Effect.timeoutFail({ duration: yield* bound.left, onTimeout: () => noTrace })
    )
    return last
  }).pipe(
    Effect.catchAll((error) =>
      Effect.succeed(
        error === noTrace
          ? last
          : begun.map((unit, at): TakenBack => {
              const known = last[at]
              if (known !== undefined) return known
              return { how: "unknown", why: Advice.unseen(UndoUnit.nameOf(unit), error.message) }
            })
      )
    )
  )
}

const noTrace = "NoTrace" as const
type NoTrace = typeof noTrace
