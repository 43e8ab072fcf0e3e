import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { dual } from "effect/Function"

/**
 * `raceFirst` gives what ends first, and interrupts the other, as `Effect.raceFirst` does; but whoever interrupts it waits
 * until both have ended. Effect's own is left at once, and what it has interrupted goes on beside what comes behind it:
 * a run would tell of its end while the outcome of its last change is still to be written down.
 */
export const raceFirst: {
  <A2, E2, R2>(
    second: Effect.Effect<A2, E2, R2>
  ): <A, E, R>(first: Effect.Effect<A, E, R>) => Effect.Effect<A | A2, E | E2, R | R2>
  <A, E, R, A2, E2, R2>(
    first: Effect.Effect<A, E, R>,
    second: Effect.Effect<A2, E2, R2>
  ): Effect.Effect<A | A2, E | E2, R | R2>
} = dual(2, <A, E, R, A2, E2, R2>(first: Effect.Effect<A, E, R>, second: Effect.Effect<A2, E2, R2>) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const ended = yield* Deferred.make<A | A2, E | E2>()
      const begin = <B extends A | A2, F extends E | E2, S>(effect: Effect.Effect<B, F, S>) =>
        Effect.fork(Effect.intoDeferred(restore(effect), ended))
      const fibers = [yield* begin(first), yield* begin(second)]
      return yield* Effect.ensuring(restore(Deferred.await(ended)), Fiber.interruptAll(fibers))
    })
  )
)
