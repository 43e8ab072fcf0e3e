import * as Effect from "effect/Effect"

/**
 * `releasing` runs something, and calls `release` when it is over, whatever it came to, and waits for the Effect that it
 * gives, if any. It is `Effect.ensuring` where mostly nothing is to be waited for: a request passes through several of
 * them, and holds for so long what each has made.
 */
export const releasing = <A, E, R, R2 = never>(
  use: Effect.Effect<A, E, R>,
  release: () => Effect.Effect<unknown, never, R2> | undefined
): Effect.Effect<A, E, R | R2> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.matchCauseEffect(restore(use), {
      onFailure: (cause): Effect.Effect<never, E, R2> => {
        const left = release()
        return left === undefined ? Effect.failCause(cause) : Effect.zipRight(left, Effect.failCause(cause))
      },
      onSuccess: (value): Effect.Effect<A, never, R2> => {
        const left = release()
        return left === undefined ? Effect.succeed(value) : Effect.as(left, value)
      }
    })
  )
