import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** `Watch` runs an exchange with a device, and hands on what comes of it. */
export type Watch = <A, E>(exchange: Effect.Effect<A, E>) => Effect.Effect<A, E>

/**
 * `ExchangeWatch` is run round each exchange of a request, from its connection to its answer: for whoever bounds how
 * long a device may take. The waits for the target's limits and between repeats are not in it, nor are logins, refreshes
 * and logouts.
 */
export class ExchangeWatch extends Context.Reference<ExchangeWatch>()("sallyport/ExchangeWatch", {
  defaultValue: (): Watch | undefined => undefined
}) {}
