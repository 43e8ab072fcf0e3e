import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { isRead } from "../Retry.ts"
import type { Target } from "../Target.ts"
import * as Slots from "./Concurrency.ts"
import * as Sockets from "./OpenConnections.ts"
import * as Budget from "./RateLimiter.ts"

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
  /** Does something once for all sessions; what fails may be tried again. */
  readonly once: <E>(what: string, work: Effect.Effect<unknown, E>) => Effect.Effect<void, E>
}

/** Lanes of their own, with so many requests a minute and so many connections. */
export const lanes = (requestsPerMinute: number, connections = 10): Lanes => {
  const writes = Slots.make(1)
  const requests = Slots.make(Math.max(1, connections - 2))
  return {
    budget: Budget.make(requestsPerMinute),
    inLane: (method, request) => (isRead(method) ? request : writes.hold(request)),
    slots: { requests, auth: connections === 1 ? requests : Slots.make(connections === 2 ? 1 : 2) },
    sockets: Sockets.make(connections),
    once: once()
  }
}

const once = (): Lanes["once"] => {
  const begun = new Set<string>()
  return (what, work) =>
    Effect.suspend(() => {
      if (begun.has(what)) return Effect.void
      begun.add(what)
      return Effect.asVoid(Effect.onError(work, () => Effect.sync(() => begun.delete(what))))
    })
}

/**
 * The traffic of this process. Devices count requests and connections by the address that they come from, so sessions
 * on one target share what it allows.
 */
export interface Service {
  readonly to: (target: Target, limits: Limits) => Lanes
}

export const make = (): Service => {
  // By way as well: behind two jump hosts one address may be that of two devices.
  const ways = new WeakMap<object, Map<string, Lanes>>()
  const direct = {}
  return {
    to: (target, limits) => {
      const way = target.connect ?? direct
      const known = ways.get(way) ?? new Map<string, Lanes>()
      ways.set(way, known)
      const limit = target.requestsPerMinute ?? limits.requestsPerMinute ?? Number.POSITIVE_INFINITY
      // Behind another proxy, one address may be that of another device.
      const key = `${target.origin} ${target.proxy?.at ?? ""} ${limit} ${target.maxConnections}`
      const shared = known.get(key) ?? lanes(limit, target.maxConnections)
      known.set(key, shared)
      return shared
    }
  }
}

/** One for the process, unless a program provides its own. */
export class Traffic extends Context.Reference<Traffic>()("sallyport/Traffic", { defaultValue: make }) {}
