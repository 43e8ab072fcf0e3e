import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** `Leaving` says that a go of a run ends for another one to go on: nothing is taken back, and nothing more is sent. */
export interface Leaving {
  readonly leave: Effect.Effect<void>
  readonly isLeft: () => boolean
  readonly awaited: Effect.Effect<void>
}

/** `make` begins with a go that is not left. */
export const make: Effect.Effect<Leaving> = Effect.map(Deferred.make<void>(), (left) => {
  let isLeft = false
  return {
    leave: Effect.suspend(() => {
      isLeft = true
      return Effect.asVoid(Deferred.succeed(left, undefined))
    }),
    isLeft: () => isLeft,
    awaited: Deferred.await(left)
  }
})
