import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

/** `answerOf` gives what a function of a script comes to: its Effect, its promise, or what it gives at once. Fails as they do. */
export const answerOf = (given: unknown): Effect.Effect<unknown, unknown> => {
  // Its type says that it needs nothing.
  if (Effect.isEffect(given)) return given as Effect.Effect<unknown, unknown>
  return Predicate.isPromiseLike(given)
    ? Effect.tryPromise({ try: () => given, catch: (error) => error })
    : Effect.succeed(given)
}
