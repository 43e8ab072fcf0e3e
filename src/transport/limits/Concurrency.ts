import * as Effect from "effect/Effect"
import * as AtOnce from "../AtOnce.ts"
import * as Holding from "../Holding.ts"

/**
 * `Concurrency` lets so many run at once, first come, first served. Effect's own semaphore wakes all who wait whenever
 * one leaves: a thousand requests that wait for nine connections spent over ten seconds on it.
 */
export interface Concurrency {
  /** `enter` waits for a slot, where none is free at once, and has it held. */
  readonly enter: (holding: Holding.Holding) => AtOnce.AtOnce<void, never>
  /** `withSlot` runs `use` once there is one, and holds that as long as it runs. */
  readonly withSlot: <A, E, R>(use: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
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
    for (const admit of next?.waiting ?? []) return admit()
  }

  const enter: Concurrency["enter"] = (holding) => {
    // Noted in the moment in which the slot changes hands, so that no interruption can lose it.
    let isMine = false
    let admit = () => {}
    holding.onRelease(() => {
      if (isMine) release()
      else lane.waiting.delete(admit)
    })
    if (pool.free > 0 && lane.free > 0) {
      take()
      isMine = true
      return undefined
    }
    return Effect.async<void>((resume) => {
      admit = () => {
        lane.waiting.delete(admit)
        take()
        isMine = true
        resume(Effect.void)
      }
      lane.waiting.add(admit)
    })
  }

  return {
    enter,
    withSlot: (use) => Holding.during((holding) => AtOnce.flatMap(enter(holding), () => use))
  }
}
