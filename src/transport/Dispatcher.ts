import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { WireError } from "./DeviceError.ts"
import type { SizeLimits } from "./http/Exchange.ts"
import type { Request } from "./http/Request.ts"
import type { Response } from "./http/Response.ts"
import type { Late } from "./LateAnswer.ts"
import type { Slot } from "./limits/Concurrency.ts"
import type { Purpose } from "./limits/RateLimiter.ts"
import type { Target } from "./Target.ts"

/**
 * `Dispatch` brings a request to its target, and the answer back, as it came; `slot` is the one that it has. `partly` is
 * told what was read of an answer that is not whole, before the failure; `late` of the response time-out, where that
 * does not end it.
 */
export type Dispatch = (
  request: Request,
  purpose: Purpose,
  slot: Slot,
  bounds: SizeLimits,
  partly?: (read: Response) => void,
  late?: Late
) => Effect.Effect<Response, WireError>

/**
 * `Dispatcher` says how the transports that are opened under it bring their requests to `target`. `undefined`: on
 * connections of their own. It is not exported: with it, tests have devices that answer without sockets, in a time of
 * the tests' own.
 */
export class Dispatcher extends Context.Reference<Dispatcher>()("sallyport/Dispatcher", {
  defaultValue: (): ((target: Target) => Dispatch) | undefined => undefined
}) {}
