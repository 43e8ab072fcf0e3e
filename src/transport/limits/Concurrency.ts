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

export const make = (count: number): Concurrency => lanes(count, { all: count }).all

/**
 * `lanes` lets so many run at once in all, and of each lane so many: what one leaves, the others may use. The first lane
 * is served first.
 */
export const lanes = <Name extends string>(
  total: number,
  most: Readonly<Record<Name, number>>
): Readonly<Record<Name, Concurrency>> => {
  const pool: Pool = { free: total, lanes: [] }
  const made = Object.entries<number>(most).map(([name, count]) => [name, addLane(pool, count)] as const)
  return Object.fromEntries(made) as Record<Name, Concurrency> // one for each name
}

interface Lane {
  free: number
  /** `waiting` is in order of arrival. */
  readonly waiting: Set<() => void>
}

interface Pool {
  free: number
  readonly lanes: Array<Lane>
}

const addLane = (pool: Pool, count: number): Concurrency => {
  const lane: Lane = { free: count, waiting: new Set() }
  pool.lanes.push(lane)

  const take = () => {
    pool.free -= 1
    lane.free -= 1
  }

  const release = () => {
    pool.free += 1
    lane.free += 1
    const next = pool.lanes.find(({ free, waiting }) => free > 0 && waiting.size > 0)
    for (const enter of next?.waiting ?? []) return enter()
  }

  return {
    withSlot: (use) =>
      releasing(() => {
        // Noted in the moment in which the slot changes hands, so that no interruption can lose it.
        let isMine = false
        let enter = () => {}
        const ends: Array<() => void> = []
        const slot: Slot = { onRelease: (end) => void ends.push(end) }
        const turn = Effect.suspend(() => {
          if (pool.free > 0 && lane.free > 0) {
            take()
            isMine = true
            return use(slot)
          }
          const taken = Effect.async<void>((resume) => {
            enter = () => {
              lane.waiting.delete(enter)
              take()
              isMine = true
              resume(Effect.void)
            }
            lane.waiting.add(enter)
          })
          return Effect.flatMap(taken, () => use(slot))
        })
        return {
          use: turn,
          release: () => {
            for (const end of ends) end()
            if (isMine) release()
            else lane.waiting.delete(enter)
            return undefined
          }
        }
      })
  }
}
