import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** `underWay` are the undos of this process: whoever takes its signals ends them. */
const underWay = new Map<Deferred.Deferred<void>, { isTold: boolean }>()

/**
 * `withStop` runs an undo, which is handed what ends it after the change at hand: a second Ctrl-C, once the first has
 * brought it about.
 */
export const withStop = <A, E, R>(
  undo: (stop: Effect.Effect<void>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.tap(Deferred.make<void>(), (stop) => underWay.set(stop, { isTold: false })),
    (stop) => undo(Deferred.await(stop)),
    (stop) => Effect.sync(() => underWay.delete(stop))
  )

/** `stopAll` ends the undos that are under way, and says whether there are any that had not been told so. */
export const stopAll = (): boolean => {
  let isNew = false
  for (const [stop, state] of underWay) {
    isNew ||= !state.isTold
    state.isTold = true
    Deferred.unsafeDone(stop, Effect.void)
  }
  return isNew
}
