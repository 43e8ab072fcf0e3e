import * as Effect from "effect/Effect"
import type { GatedRequest } from "../../auth/WriteGate.ts"

/** `RunTraffic` is what a run has under way, and what it has sent. */
export interface RunTraffic {
  /** `counted` counts a request. */
  readonly counted: <A, E, R>(request: GatedRequest, send: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** `untilQuiet` waits until it is so, or nothing is under way any more that could make it so. */
  readonly untilQuiet: (isSo: () => boolean) => Effect.Effect<void>
  /** `of` are the requests that a device got so far. */
  readonly of: (targetName: string) => { readonly requests: number; readonly writes: number }
}

/** `make` begins with nothing. */
export const make = (): RunTraffic => {
  const counts = new Map<string, { requests: number; writes: number }>()
  let underWay = 0
  const of = (targetName: string) => {
    const known = counts.get(targetName) ?? { requests: 0, writes: 0 }
    counts.set(targetName, known)
    return known
  }
  return {
    of,
    counted: ({ target, writes }, send) =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          const count = of(target.name)
          count.requests += 1
          if (writes) count.writes += 1
          underWay += 1
        }),
        () => send,
        () => Effect.sync(() => (underWay -= 1))
      ),
    untilQuiet: (isSo) =>
      Effect.gen(function* () {
        for (let quiet = 0; quiet < quietTimes && !isSo(); quiet = underWay > 0 ? 0 : quiet + 1)
          yield* Effect.sleep("20 millis")
      })
  }
}

// Between two requests, a script thinks for less than that.
const quietTimes = 10
