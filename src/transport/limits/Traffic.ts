import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { isRead } from "../Retry.ts"
import type { Target } from "../Target.ts"
import * as Concurrency from "./Concurrency.ts"
import * as OpenConnections from "./OpenConnections.ts"
import * as RateLimiter from "./RateLimiter.ts"

/** `DefaultLimits` are what a kind of device lets one address do, where the target says nothing else. */
export interface DefaultLimits {
  /** `requestsPerMinute` counts the requests in any 60 seconds, logins included. @default no limit */
  readonly requestsPerMinute?: number | undefined
}

/** `TargetLimits` are what all that goes from this process to one target shares. */
export interface TargetLimits {
  readonly rateLimiter: RateLimiter.RateLimiter
  /** `serializeWrites` runs a request, its replay included: one that writes goes alone. */
  readonly serializeWrites: <A, E, R>(
    method: string,
    request: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
  /**
   * `concurrency` says how many exchanges may be under way. Two connections are kept for logins, refreshes and logouts,
   * and two for requests; what the one leaves, the other may use: fifty sessions that close at once, at a device that
   * takes half a second for a logout, would not be through in the time that they have by two.
   */
  readonly concurrency: { readonly requests: Concurrency.Concurrency; readonly auth: Concurrency.Concurrency }
  /** `openConnections` are the connections that there are, in use and idle. */
  readonly openConnections: OpenConnections.OpenConnections
  /** `once` does something once for all sessions; what fails may be tried again. */
  readonly once: <E>(what: string, work: Effect.Effect<unknown, E>) => Effect.Effect<void, E>
}

/** `makeTargetLimits` gives limits of their own, with so many requests a minute and so many connections. */
export const makeTargetLimits = (requestsPerMinute: number, connections = 10): TargetLimits => {
  if (!(requestsPerMinute > 0) || !(connections >= 1))
    throw refuseInput(
      "limits",
      "they are no numbers above 0; give the requests a minute, and the connections."
    )
  const writes = Concurrency.make(1)
  return {
    rateLimiter: RateLimiter.make(requestsPerMinute),
    serializeWrites: (method, request) => (isRead(method) ? request : writes.withSlot(request)),
    concurrency: concurrencyOf(connections),
    openConnections: OpenConnections.make(connections),
    once: runOnce()
  }
}

const concurrencyOf = (connections: number): TargetLimits["concurrency"] => {
  const beside = Math.max(1, connections - 2)
  if (connections > 1)
    return Concurrency.lanes(connections, {
      auth: Math.max(Math.min(2, connections - 1), beside),
      requests: beside
    })
  const one = Concurrency.make(1)
  return { auth: one, requests: one }
}

const runOnce = (): TargetLimits["once"] => {
  const begun = new Set<string>()
  return (what, work) =>
    Effect.suspend(() => {
      if (begun.has(what)) return Effect.void
      begun.add(what)
      return Effect.asVoid(Effect.onError(work, () => Effect.sync(() => begun.delete(what))))
    })
}

/**
 * `Service` is the traffic of this process. Devices count requests and connections by the address that they come from,
 * so sessions on one target share what it allows.
 */
export interface Service {
  /** `limitsOf` gives the limits that all sessions on a target share; `limits` hold where the target says nothing. */
  readonly limitsOf: (target: Target, limits: DefaultLimits) => TargetLimits
}

/** `make` makes the traffic of a process in which no target is known yet. */
export const make = (): Service => {
  // By way as well: behind two jump hosts one address may be that of two devices.
  const limitsByConnect = new WeakMap<object, Map<string, TargetLimits>>()
  const direct = {}
  return {
    limitsOf: (target, limits) => {
      const connect = target.connect ?? direct
      const known = limitsByConnect.get(connect) ?? new Map<string, TargetLimits>()
      limitsByConnect.set(connect, known)
      const limit = target.requestsPerMinute ?? limits?.requestsPerMinute ?? Number.POSITIVE_INFINITY
      // Behind another proxy, one address may be that of another device.
      const key = `${target.origin} ${target.proxy?.authority ?? ""} ${limit} ${target.maxConnections}`
      const shared = known.get(key) ?? makeTargetLimits(limit, target.maxConnections)
      known.set(key, shared)
      return shared
    }
  }
}

/**
 * `Traffic` is one for the process, unless a program provides its own. Another version of the library in the process has
 * the same one by its key, whose number is that of the shape that it must have for that.
 */
export class Traffic extends Context.Reference<Traffic>()("sallyport/Traffic/4", { defaultValue: make }) {}
