import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"

/**
 * `Turn` uses a state when all who called before are done with it, and hands on what it is then. It is not
 * interruptible, the wait for it neither. (A semaphore would let one that comes late overtake one that waits.)
 */
export type Turn<S> = <A>(use: (state: S) => Effect.Effect<readonly [answer: A, next: S]>) => Effect.Effect<A>

/** `make` gives the turns at a state. */
export const make = <S>(initial: S): Effect.Effect<Turn<S>> =>
  Effect.gen(function* () {
    const first = yield* Deferred.make<S>()
    yield* Deferred.succeed(first, initial)
    const last = yield* Ref.make(first)
    return (use) =>
      Effect.uninterruptible(
        Effect.gen(function* () {
          const mine = yield* Deferred.make<S>()
          const before = yield* Ref.getAndSet(last, mine)
          const state = yield* Deferred.await(before)
          // A defect leaves the state as it was; those who wait go on.
          const [answer, next] = yield* Effect.onError(use(state), () => Deferred.succeed(mine, state))
          yield* Deferred.succeed(mine, next)
          return answer
        })
      )
  })
