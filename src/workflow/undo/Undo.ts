import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { JournaledChange, TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import * as Below from "./Below.ts"
import * as Bound from "./Bound.ts"
import type { UndoWork } from "./UndoOptions.ts"
import * as UndoUnit from "./UndoUnit.ts"
import * as UnitsTakenBack from "./UnitsTakenBack.ts"

/** `Undone` is what became of one request of an undo; of a change that has none, `request` is `undefined`. */
export interface Undone {
  readonly change: JournaledChange
  readonly request: number | undefined
  readonly result: TakenBack
}

/**
 * `undoChanges` takes changes back, the last one first: from what a journal knows of them, without the script that made
 * them. It is not interrupted, and never fails: what could not be undone is told, and what a person has to do.
 *
 * What has been created below an object that was created, such as the rules of a policy, goes with it, unless something
 * else lies there.
 */
export const undoChanges = (options: UndoWork): Effect.Effect<ReadonlyArray<Undone>> =>
  // A fiber of its own, in which a request that hangs can be cut, and which nobody interrupts.
  Effect.uninterruptible(
    Effect.flatMap(Effect.forkDaemon(Effect.interruptible(Effect.scoped(takeInTurn(options)))), Fiber.join)
  )

/** `takeInTurn` goes through them until all is done, or its time is over. */
const takeInTurn = (options: UndoWork): Effect.Effect<ReadonlyArray<Undone>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const bound = yield* Bound.make(
      Duration.decode(options.each ?? "30 seconds"),
      Duration.decode(options.all ?? "10 minutes")
    )
    const stopping = yield* Effect.forkScoped(options.stop ?? Effect.never)
    const isOver = Effect.zipWith(
      bound.isOver,
      stopping.poll,
      (isLate, stopped) => isLate || Option.isSome(stopped)
    )
    const lines = [...options.changes].reverse().flatMap(linesOf)
    const units = lines.flatMap(({ result, unit }) => (unit === undefined ? [] : [{ unit, result }]))
    const nesting = yield* Below.nest(units.map(({ unit }) => unit))
    const taking = UnitsTakenBack.make(units, nesting, options, bound, isOver)
    for (const { unit } of units) {
      if (yield* isOver) break
      yield* taking.take(unit)
    }
    return lines.map(({ change, result, unit }) => ({
      change,
      request: unit?.number,
      result: result ?? (unit && taking.resultOf(unit)) ?? notReached(unit)
    }))
  })

interface Line {
  readonly change: JournaledChange
  readonly unit?: UndoUnit.UndoUnit
  readonly result?: TakenBack
}

/** `linesOf` are the requests of the undo of a change, or why there are none. */
const linesOf = (change: JournaledChange): ReadonlyArray<Line> => {
  const { outcome, takenBack, undo } = change
  if (outcome === "refused" || outcome === "absent") return [{ change, result: { how: "neverHappened" } }]
  if ("cannot" in undo) {
    const name = `${change.action} ${change.objects[0]?.name ?? change.kind}`
    return [{ change, result: { how: "cannot", why: Advice.cannot(name, undo.cannot) } }]
  }
  if (undo.length === 0) return [{ change, result: { how: "neverHappened" } }]
  return undo.map((request, number) => {
    const unit = { change, number, request }
    const before = takenBack.get(number)
    return before !== undefined && before !== "begun" && isFinal(before)
      ? { change, unit, result: before }
      : { change, unit }
  })
}

/** `isFinal` says that nothing is left to do: what was left or has failed is tried again by the next undo. */
const isFinal = ({ how }: TakenBack): boolean =>
  how === "undone" || how === "neverHappened" || how === "goneAlready" || how === "goneWithParent"

const notReached = (unit: UndoUnit.UndoUnit | undefined): TakenBack => ({
  how: "failed",
  why: Advice.notReached(unit === undefined ? "It" : UndoUnit.nameOf(unit))
})
