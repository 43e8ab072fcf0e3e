import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Budget from "./Budget.ts"
import { isRead } from "./Retry.ts"
import * as Slots from "./Slots.ts"
import type { Target } from "./Target.ts"

/** What a kind of device lets one address do, where the target says nothing else. */
export interface Limits {
  /** Requests in any 60 seconds, logins included. Default: no limit. */
  readonly requestsPerMinute?: number | undefined
}

/** What all that goes from this process to one target shares. */
export interface Lanes {
  readonly budget: Budget.Budget
  /** Runs a request, its replay included: one that writes goes alone. */
  readonly inLane: <A, E, R>(method: string, request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** Lanes of their own, with so many requests a minute. */
export const lanes = (requestsPerMinute: number): Lanes => {
  const writes = Slots.make(1)
  return {
    budget: Budget.make(requestsPerMinute),
    inLane: (method, request) => (isRead(method) ? request : writes.hold(request))
  }
}

/**
 * The traffic of this process. Devices count requests by the address that they come from, so sessions on one target
 * share what it allows.
 */
export interface Service {
  readonly to: (target: Target, limits: Limits) => Lanes
}

export const make = (): Service => {
  const known = new Map<string, Lanes>()
  return {
    to: (target, limits) => {
      const limit = target.requestsPerMinute ?? limits.requestsPerMinute ?? Number.POSITIVE_INFINITY
      const key = `${target.origin} ${limit}`
      const shared = known.get(key) ?? lanes(limit)
      known.set(key, shared)
      return shared
    }
  }
}

/** One for the process, unless a program provides its own. */
export class Traffic extends Context.Reference<Traffic>()("sallyport/Traffic", { defaultValue: make }) {}
