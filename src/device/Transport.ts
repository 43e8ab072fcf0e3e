import process from "node:process"
import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Connections from "./Connections.ts"
import { type InvalidInput, ProtocolViolation, type WireError } from "./DeviceError.ts"
import { exchange } from "./Exchange.ts"
import { decode } from "./Incoming.ts"
import { type Outgoing, prepare } from "./Outgoing.ts"
import { type Reply, toResponse } from "./Reply.ts"
import * as RuntimeFloor from "./RuntimeFloor.ts"
import * as Slots from "./Slots.ts"
import { span } from "./Span.ts"
import type { Target } from "./Target.ts"

/** The one way to a target: TLS that is checked, its own origin only, answers read whole. */
export interface Transport {
  readonly target: Target
  /**
   * Sends as given and hands back the whole answer, whatever its status. Waits while `maxConnections` less one
   * are in use.
   */
  readonly exchange: (request: HttpClientRequest) => Effect.Effect<Reply, WireError>
  /**
   * The same for logins, refreshes and logouts, which have the remaining connection to themselves: they never
   * queue behind requests that may be waiting for them. With `maxConnections: 1` both share the one. They go on
   * when the scope has closed: a login that is answered then still has to be logged out.
   */
  readonly exchangeAuth: (request: HttpClientRequest) => Effect.Effect<Reply, WireError>
  /** `exchange` as an `HttpClient`, for what needs no session. */
  readonly http: HttpClient.HttpClient.With<WireError>
}

/**
 * Opens the way to a target; connections are made when requests need them. When the scope closes, all of them are
 * destroyed, in use or idle, except one that carries a login, refresh or logout: it ends with its exchange.
 *
 * Fails with `InvalidInput` on a runtime whose certificate checks cannot be relied on.
 */
export const make = (target: Target): Effect.Effect<Transport, InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const refused = RuntimeFloor.refusal(process.versions)
    if (refused !== undefined) return yield* refused
    const connections = yield* Effect.acquireRelease(
      Effect.sync(() => Connections.make(target)),
      (open) => Effect.sync(open.close)
    )
    const lane = Slots.make(Math.max(1, target.maxConnections - 1))
    const authLane = target.maxConnections === 1 ? lane : Slots.make(1)

    const through = (slots: Slots.Slots, auth: boolean) => (request: HttpClientRequest) =>
      Effect.flatMap(prepare(target, request), (outgoing) =>
        slots
          .hold(overOne(target, connections, outgoing, auth ? "auth" : outgoing.writes ? "write" : "read"))
          .pipe(
            Effect.tap((reply) => Effect.annotateCurrentSpan("status", reply.status)),
            span("sallyport.exchange", {
              target: target.name,
              method: outgoing.method,
              path: outgoing.pathname
            })
          )
      )

    const exchange = through(lane, false)
    return {
      target,
      exchange,
      exchangeAuth: through(authLane, true),
      // By `makeWith`: `make` would send trace headers to the device, and wants errors that print headers.
      http: HttpClient.makeWith<never, never, WireError, never>(
        Effect.flatMap((request) => Effect.map(exchange(request), (reply) => toResponse(reply, request))),
        Effect.succeed
      )
    }
  })

const overOne = (
  target: Target,
  connections: Connections.Connections,
  outgoing: Outgoing,
  purpose: Connections.Purpose
): Effect.Effect<Reply, WireError> =>
  connections
    .on(purpose, (connection) => exchange(target, connection, outgoing))
    .pipe(
      Effect.flatMap(({ received }) =>
        Effect.mapError(
          decode(received, target.maxBodyBytes),
          (detail) => new ProtocolViolation({ target: target.name, operation: outgoing.operation, detail })
        )
      )
    )
