import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Budget from "./Budget.ts"
import { isRead } from "./Retry.ts"
import * as Slots from "./Slots.ts"
import * as Sockets from "./Sockets.ts"
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
  /** How many exchanges may be under way: two connections are kept for logins, refreshes and logouts. */
  readonly slots: { readonly requests: Slots.Slots; readonly auth: Slots.Slots }
  /** The connections that there are, in use and idle. */
  readonly sockets: Sockets.Sockets
}

/** Lanes of their own, with so many requests a minute and so many connections. */
export const lanes = (requestsPerMinute: number, connections = 10): Lanes => {
  const writes = Slots.make(1)
  const requests = Slots.make(Math.max(1, connections - 2))
  return {
    budget: Budget.make(requestsPerMinute),
    inLane: (method, request) => (isRead(method) ? request : writes.hold(request)),
    slots: { requests, auth: connections === 1 ? requests : Slots.make(connections === 2 ? 1 : 2) },
    sockets: Sockets.make(connections)
  }
}

/**
 * The traffic of this process. Devices count requests and connections by the address that they come from, so sessions
 * on one target share what it allows.
 */
export interface Service {
  readonly to: (target: Target, limits: Limits) => Lanes
}

export const make = (): Service => {
  const known = new Map<string, Lanes>()
  return {
    to: (target, limits) => {
      const limit = target.requestsPerMinute ?? limits.requestsPerMinute ?? Number.POSITIVE_INFINITY
      const key = `${target.origin} ${limit} ${target.maxConnections}`
      const shared = known.get(key) ?? lanes(limit, target.maxConnections)
      known.set(key, shared)
      return shared
    }
  }
}

/** One for the process, unless a program provides its own. */
export class Traffic extends Context.Reference<Traffic>()("sallyport/Traffic", { defaultValue: make }) {}
