import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { type Change, Changes, type Undo } from "../../../client/changes/Change.ts"
import { over } from "../../../client/objects/ObjectUndo.ts"
import { safe } from "../../SafeUndo.ts"
import { Sending } from "./Sending.ts"

/**
 * `withLeftBelow` is the undo of a creation with what the device has put into each object and below it by itself, which is
 * read as soon as it is created; `undefined` where there is nothing to read, or it cannot be read in its time. A run that is
 * interrupted reads it all the same, for no longer than `patience`: what is to be taken back hangs on it.
 */
export const withLeftBelow = <A>(
  change: Change<A>,
  undo: Undo | undefined,
  patience: Duration.DurationInput
): Effect.Effect<Undo | undefined> => {
  const { left } = change
  if (left === undefined || undo === undefined || "cannot" in undo) return Effect.succeed(undefined)
  const whole = Effect.forEach(undo, (request) =>
    request.method === "DELETE" && request.id !== undefined
      ? Effect.map(left(request.id), ({ item = {}, settings }) => ({
          ...request,
          settings,
          expect: over(item, request.expect ?? {})
        }))
      : Effect.succeed(request)
  )
  return whole.pipe(
    Effect.provideService(Sending, "nothing"),
    Effect.provideService(Changes, undefined),
    Effect.interruptible,
    Effect.timeoutOption(Duration.min(patience, longest)),
    // In a fiber of its own: the one that is interrupted waits for it.
    Effect.forkDaemon,
    Effect.flatMap(Fiber.await),
    Effect.map((exit) => {
      const known = Exit.isSuccess(exit) ? Option.getOrUndefined(exit.value) : undefined
      return known && safe(known, change)
    })
  )
}

const longest = "5 seconds"
