import * as Effect from "effect/Effect"
import { releasing } from "../Release.ts"

/**
 * `Concurrency` lets so many run at once, first come, first served. Effect's own semaphore wakes all who wait whenever
 * one leaves: a thousand requests that wait for nine connections spent over ten seconds on it.
 */
export interface Concurrency {
  /** `withSlot` waits for a slot, and holds it as long as `use` runs. */
  readonly withSlot: <A, E, R>(use: (slot: Slot) => Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** `Slot` is for one exchange. */
export interface Slot {
  /** `onRelease` has something done before the slot is given back, however that comes about. */
  readonly onRelease: (end: () => void) => void
}

export const make = (count: number): Concurrency => {
  let free = count
  // In order of arrival.
  const waiting = new Set<() => void>()

  const release = () => {
    if (waiting.size === 0) {
      free += 1
      return
    }
    for (const next of waiting) {
      waiting.delete(next)
      return next()
    }
  }

  return {
    withSlot: (use) =>
      releasing(() => {
        // Noted in the moment in which the slot changes hands, so that no interruption can lose it.
        let isMine = false
        let take = () => {}
        const ends: Array<() => void> = []
        const slot: Slot = { onRelease: (end) => void ends.push(end) }
        const turn = Effect.suspend(() => {
          if (free > 0) {
            free -= 1
            isMine = true
            return use(slot)
          }
          const taken = Effect.async<void>((resume) => {
            take = () => {
              isMine = true
              resume(Effect.void)
            }
            waiting.add(take)
          })
          return Effect.flatMap(taken, () => use(slot))
        })
        return {
          use: turn,
          release: () => {
            for (const end of ends) end()
            if (isMine) release()
            else waiting.delete(take)
            return undefined
          }
        }
      })
  }
}
