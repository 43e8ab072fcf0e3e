import * as Effect from "effect/Effect"

/**
 * `releasing` runs something, and calls `release` when it is over, whatever it came to. It is `Effect.ensuring` where
 * nothing is to be waited for: a request passes through several of them, and holds for so long what each has made.
 */
export const releasing = <A, E, R>(
  use: Effect.Effect<A, E, R>,
  release: () => void
): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.matchCauseEffect(restore(use), {
      onFailure: (cause) => {
        release()
        return Effect.failCause(cause)
      },
      onSuccess: (value) => {
        release()
        return Effect.succeed(value)
      }
    })
  )
