import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/**
 * `answered` does not cut a write off in its middle: whoever interrupts it waits for its answer, for as long as `patience`
 * says. What is not answered by then is cut off, and nobody knows what became of it.
 */
export const answered =
  (patience: Duration.DurationInput) =>
  <A, E, R>(write: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(Effect.forkDaemon(Effect.interruptible(write)), (fiber) =>
        Effect.onInterrupt(restore(Fiber.join(fiber)), () =>
          Effect.timeoutOption(Fiber.await(fiber), patience).pipe(
            Effect.zipRight(Fiber.interrupt(fiber)),
            // In a fiber of its own: a second interruption ends a wait that has a time-out, wherever it stands.
            Effect.interruptible,
            Effect.forkDaemon,
            Effect.flatMap(Fiber.await)
          )
        )
      )
    )
