import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { DeviceUnreachable } from "../../transport/DeviceError.ts"
import { LateAnswer } from "../../transport/LateAnswer.ts"
import type { AuthError } from "../AuthError.ts"
import type * as Background from "./Background.ts"

/**
 * `freeInTime` makes an exchange that may bring a token, which whoever waits for it is rid of at the target's response
 * time-out. It goes on then, `millis` at most, and what it still brings `end` ends: its session is nobody's any more.
 */
export const freeInTime = <A>(
  background: Background.Service,
  exchange: Effect.Effect<A, AuthError>,
  millis: number,
  end: (late: A) => Effect.Effect<unknown>
): Effect.Effect<A, AuthError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const timedOut = yield* Deferred.make<never, DeviceUnreachable>()
      const told = (error: DeviceUnreachable) => Deferred.unsafeDone(timedOut, Effect.fail(error))
      const fiber = yield* background.start(Effect.provideService(exchange, LateAnswer, { told, millis }))
      const ended = yield* restore(
        Effect.raceFirst(
          Effect.map(Fiber.await(fiber), Option.some),
          // Also for a caller that cannot be interrupted, which would wait for it for ever.
          Effect.as(Effect.interruptible(Effect.exit(Deferred.await(timedOut))), Option.none())
        )
      ).pipe(Effect.onInterrupt(() => Fiber.interrupt(fiber)))
      if (Option.isSome(ended)) return yield* ended.value
      yield* background.start(Effect.ignore(Effect.flatMap(Fiber.join(fiber), end)))
      return yield* Deferred.await(timedOut)
    })
  )
