import * as Effect from "effect/Effect"

/** `Holding` is what is held for a piece of work: its place in a queue, a connection, a token that may not end yet. */
export interface Holding {
  /**
   * `onRelease` has something given back once the work is over: what was taken last comes first. Where it gives an
   * Effect, that is waited for.
   */
  readonly onRelease: (release: () => Effect.Effect<unknown> | undefined | void) => void
}

/**
 * `during` runs a piece of work, which takes what it needs as it goes along, and gives all of it back when that is over,
 * whatever it came to. Between what is taken at once and its `onRelease` no interruption comes. It is
 * `Effect.acquireUseRelease` for whatever takes several things, of which mostly none has to be waited for.
 */
export const during = <A, E, R>(work: (holding: Holding) => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) => {
    const releases: Array<Parameters<Holding["onRelease"]>[0]> = []
    const releaseAll = (): Effect.Effect<unknown> | undefined => {
      let waits: Effect.Effect<unknown> | undefined
      for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
        const wait = release()
        if (wait) waits = waits === undefined ? wait : Effect.zipRight(waits, wait)
      }
      return waits
    }
    return Effect.matchCauseEffect(
      restore(begun(work, { onRelease: (release) => void releases.push(release) })),
      {
        onFailure: (cause): Effect.Effect<never, E> => {
          const waits = releaseAll()
          return waits === undefined
            ? Effect.failCause(cause)
            : Effect.zipRight(waits, Effect.failCause(cause))
        },
        onSuccess: (value): Effect.Effect<A> => {
          const waits = releaseAll()
          return waits === undefined ? Effect.succeed(value) : Effect.as(waits, value)
        }
      }
    )
  })

// What was taken before it broke off is given back, too.
const begun = <A, E, R>(
  work: (holding: Holding) => Effect.Effect<A, E, R>,
  holding: Holding
): Effect.Effect<A, E, R> => {
  try {
    return work(holding)
  } catch (defect) {
    return Effect.die(defect)
  }
}
