import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { WireError } from "./DeviceError.ts"
import type { Holding } from "./Holding.ts"
import type { Errand } from "./http/Connections.ts"
import type { Reading } from "./http/Exchange.ts"
import type { Request } from "./http/Request.ts"
import type { Response } from "./http/Response.ts"
import type { Target } from "./Target.ts"

/**
 * `Dispatch` brings a request to its target, and the answer back, as it came; `slot` is the one that it has. It notes in
 * the reading's `flight` when the request leaves.
 */
export type Dispatch = (
  request: Request,
  errand: Errand,
  holding: Holding,
  reading: Reading
) => Effect.Effect<Response, WireError>

/**
 * `Dispatcher` says how the transports that are opened under it bring their requests to `target`. `undefined`: on
 * connections of their own. It is not exported: with it, tests have devices that answer without sockets, in a time of
 * the tests' own.
 */
export class Dispatcher extends Context.Reference<Dispatcher>()("sallyport/Dispatcher", {
  defaultValue: (): ((target: Target) => Dispatch) | undefined => undefined
}) {}
