import * as Effect from "effect/Effect"

/** `Held` is what is run while something is held, and how that is given back. */
export interface Held<A, E, R, R2> {
  readonly use: Effect.Effect<A, E, R>
  readonly release: () => Effect.Effect<unknown, never, R2> | undefined
}

/**
 * `releasing` takes something, which no interruption can come between, and calls `release` when its use is over, whatever
 * it came to, and waits for the Effect that it gives, if any. It is `Effect.acquireUseRelease` where mostly nothing is to
 * be waited for: a request passes through several of them, and holds for so long what each has made.
 */
export const releasing = <A, E, R, R2 = never>(take: () => Held<A, E, R, R2>): Effect.Effect<A, E, R | R2> =>
  Effect.uninterruptibleMask((restore) => {
    const { release, use } = take()
    return Effect.matchCauseEffect(restore(use), {
      onFailure: (cause): Effect.Effect<never, E, R2> => {
        const left = release()
        return left === undefined ? Effect.failCause(cause) : Effect.zipRight(left, Effect.failCause(cause))
      },
      onSuccess: (value): Effect.Effect<A, never, R2> => {
        const left = release()
        return left === undefined ? Effect.succeed(value) : Effect.as(left, value)
      }
    })
  })
