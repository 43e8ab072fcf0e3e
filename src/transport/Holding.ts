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
    /** `released` gives all of it back, and comes to `end` once that needs no waiting any more. */
    const released = <B, E2>(end: Effect.Effect<B, E2>): Effect.Effect<B, E2> => {
      let waits: Effect.Effect<unknown> | undefined
      for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
        const wait = release()
        if (wait) waits = waits === undefined ? wait : Effect.zipRight(waits, wait)
      }
      return waits === undefined ? end : Effect.zipRight(waits, end)
    }
    const holding: Holding = { onRelease: (release) => void releases.push(release) }
    return Effect.matchCauseEffect(restore(begun(work, holding)), {
      onFailure: (cause) => released(Effect.failCause(cause)),
      onSuccess: (value) => released(Effect.succeed(value))
    })
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
