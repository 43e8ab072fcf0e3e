import * as Effect from "effect/Effect"

/**
 * `AtOnce` is a value where it is there at once, which is no Effect itself, and else the Effect that gives it. A request
 * that waits for nothing has many steps, and for Effect each of them is worth as much as what is done in it.
 */
export type AtOnce<A, E> = A | Effect.Effect<A, E>

/** `flatMap` goes on with it. */
export const flatMap = <A, E, B, E2, R>(
  given: AtOnce<A, E>,
  use: (value: A) => Effect.Effect<B, E2, R>
): Effect.Effect<B, E | E2, R> => (Effect.isEffect(given) ? Effect.flatMap(given, use) : use(given))

/** `map` makes another value of it. */
export const map = <A, E, B>(given: AtOnce<A, E>, make: (value: A) => B): AtOnce<B, E> =>
  Effect.isEffect(given) ? Effect.map(given, make) : make(given)
