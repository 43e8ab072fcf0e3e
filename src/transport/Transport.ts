import process from "node:process"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { DeviceUnreachable, InvalidInput, ProtocolViolation, type WireError } from "./DeviceError.ts"
import * as Connections from "./http/Connections.ts"
import { exchange } from "./http/Exchange.ts"
import { type Outgoing, prepare } from "./http/Request.ts"
import { inMemory } from "./http/RequestBody.ts"
import * as RequestLog from "./http/RequestLog.ts"
import { decode, headersOf, type Received } from "./http/Response.ts"
import type * as Budget from "./limits/RateLimiter.ts"
import * as Traffic from "./limits/Traffic.ts"
import { span } from "./RedactedSpan.ts"
import { mostJsonBytes, type Reply, toResponse } from "./Reply.ts"
import { isRead } from "./Retry.ts"
import * as Sending from "./SendOptions.ts"
import type { Target } from "./Target.ts"
import * as RuntimeFloor from "./tls/RuntimeVersion.ts"
import * as Trust from "./tls/Trust.ts"

/** The one way to a target: TLS that is checked, its own origin only, answers read whole. */
export interface Transport {
  readonly target: Target
  /**
   * Sends as given and hands back the whole answer, whatever its status. Waits until the target's budget has a place
   * for it, and while `maxConnections` less two are in use, by whatever sessions of this process. A body that is a
   * stream, a form or a file is read before that.
   */
  readonly exchange: (request: HttpClientRequest.HttpClientRequest) => Effect.Effect<Reply, WireError>
  /** The same for a request that is made in the moment in which it can go: to be signed with the token of then. */
  readonly exchangeWith: <E>(
    method: HttpClientRequest.HttpClientRequest["method"],
    request: Effect.Effect<HttpClientRequest.HttpClientRequest, E>,
    /** The request without the token, for a `transformClient`: without it, that sees method and path alone. */
    shown?: HttpClientRequest.HttpClientRequest
  ) => Effect.Effect<Reply, WireError | E>
  /**
   * The same for logins, refreshes and logouts, which have the two remaining connections and a reserve of the budget
   * to themselves, so that a login that hangs does not keep its own logout from going: they never queue behind
   * requests that may be waiting for them. With `maxConnections` of 2 they have one, with 1 they share it with the
   * requests. They go on when the scope has closed: a login that is answered then still has to be logged out. Their
   * answers have at most 1 MiB, or `maxBodyBytes` where that is less, and 4 MiB of headers: an FMC lists all its
   * domains there.
   *
   * Each goes on a connection of its own: one that was used before may have been closed by the device a moment ago,
   * and what is lost on it cannot be sent again.
   */
  readonly exchangeAuth: (
    request: HttpClientRequest.HttpClientRequest,
    /** What errors and spans call its path, where the path holds a token. */
    shownPath?: string,
    /**
     * What is done with an answer that was too large or broke off, as far as it was read, before its error is told: a
     * login may have brought a token, whose session would stay open.
     */
    salvage?: (part: Reply) => Effect.Effect<unknown, unknown>
  ) => Effect.Effect<Reply, WireError>
  /** `exchange` as an `HttpClient`, for what needs no session. */
  readonly http: HttpClient.HttpClient.With<WireError>
  /** What it shares with all that goes from this process to the target. */
  readonly lanes: Traffic.Lanes
}

/**
 * Opens the way to a target, within `limits` where the target says nothing else; connections are made when requests
 * need them. When the scope closes, all of them are destroyed, in use or idle, except one that carries a login, refresh
 * or logout: it ends with its exchange.
 *
 * Fails with `InvalidInput` on a runtime whose certificate checks cannot be relied on.
 */
export const make = (
  target: Target,
  limits: Traffic.Limits = {}
): Effect.Effect<Transport, InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const refused = RuntimeFloor.refusal(process.versions)
    if (refused !== undefined) return yield* refused
    // The types say so too; a script in JavaScript has none.
    if (!Predicate.hasProperty(target, "origin") || !Trust.isTrust(target.trust)) {
      const message = "target: there is none; give Target.make({ url, trust })."
      return yield* new InvalidInput({ field: "target", message })
    }
    const lanes = (yield* Traffic.Traffic).to(target, limits)
    const usual = (yield* Sending.Sending) ?? {}
    const connections = yield* Effect.acquireRelease(
      Effect.sync(() => Connections.make(target, lanes.sockets)),
      (open) => Effect.sync(open.close)
    )

    const through = <E>(
      purpose: Budget.Purpose,
      request: Effect.Effect<HttpClientRequest.HttpClientRequest, E>,
      shownPath?: string,
      partly?: (read: Received) => void,
      shown?: HttpClientRequest.HttpClientRequest
    ): Effect.Effect<Reply, WireError | E> =>
      lanes.budget.spend(purpose, (place) =>
        lanes.slots[purpose === "auth" ? "auth" : "requests"].hold(
          Effect.gen(function* () {
            const signed = yield* request
            const sending = (yield* Sending.Sending) ?? usual
            const isLogged = sending.logRequests ?? RequestLog.isAsked()
            const send = (headers: Readonly<Record<string, string>>) =>
              Effect.gen(function* () {
                const whole = HttpClientRequest.setHeaders(signed, { ...headers, ...ownOf(signed, shown) })
                const outgoing = called(yield* prepare(target, whole), shownPath)
                place.wasSent = true
                const facts = { target: target.name, method: outgoing.method, path: outgoing.pathname }
                return yield* overOne(target, connections, outgoing, purpose, partly).pipe(
                  Effect.tap((reply) => Effect.annotateCurrentSpan("status", reply.status)),
                  span("sallyport.exchange", facts),
                  isLogged ? RequestLog.logged(facts) : identity
                )
              })
            const { transformClient } = sending
            if (transformClient === undefined) return yield* send(signed.headers)
            const bare = Sending.bare(`${target.origin}${target.basePath}`, signed, shown, shownPath)
            return yield* Sending.through(transformClient, bare, send, purpose === "auth")
          })
        )
      )

    const exchangeWith: Transport["exchangeWith"] = (method, request, shown) =>
      through(isRead(method) ? "read" : "write", request, undefined, undefined, shown)
    const exchange = (request: HttpClientRequest.HttpClientRequest) =>
      Effect.flatMap(inMemory(request, target.maxBodyBytes), (ready) =>
        exchangeWith(ready.method, Effect.succeed(ready))
      )
    return {
      target,
      exchange,
      exchangeWith,
      exchangeAuth: (request, shownPath, salvage) =>
        Effect.suspend(() => {
          let part: Received | undefined
          const note = (read: Received) => {
            part = read
          }
          const exchanged = Effect.flatMap(inMemory(request, target.maxBodyBytes), (ready) =>
            through("auth", Effect.succeed(ready), shownPath, note)
          )
          return Effect.tapError(exchanged, () =>
            part === undefined || salvage === undefined
              ? Effect.void
              : Effect.ignore(salvage({ ...part, headers: headersOf(part.rawHeaders) }))
          )
        }),
      lanes,
      // By `makeWith`: `make` would send trace headers to the device, and wants errors that print headers.
      http: HttpClient.makeWith<never, never, WireError, never>(
        Effect.flatMap((request) => Effect.map(exchange(request), (reply) => toResponse(reply, request))),
        Effect.succeed
      )
    }
  })

const mostHeadBytes = 64 * 1024
// An FMC's answer to a login names each domain in a header: a thousand are 100 KiB.
const mostAuthHeadBytes = 4 * 1024 * 1024

// What was put on below the request that the script made: it stays, whatever a decoration does.
const ownOf = (
  { headers }: HttpClientRequest.HttpClientRequest,
  shown: HttpClientRequest.HttpClientRequest | undefined
): Readonly<Record<string, string>> =>
  shown === undefined
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([name, value]) => shown.headers[name] !== value))

const called = (outgoing: Outgoing, path: string | undefined): Outgoing =>
  path === undefined ? outgoing : { ...outgoing, pathname: path, operation: `${outgoing.method} ${path}` }

const overOne = (
  target: Target,
  connections: Connections.Connections,
  outgoing: Outgoing,
  purpose: Budget.Purpose,
  partly?: (read: Received) => void
): Effect.Effect<Reply, WireError> => {
  const limit = purpose === "auth" ? Math.min(mostJsonBytes, target.maxBodyBytes) : target.maxBodyBytes
  const bounds = { body: limit, head: purpose === "auth" ? mostAuthHeadBytes : mostHeadBytes }
  return connections
    .on(purpose, (connection) => exchange(target, connection, outgoing, bounds, partly))
    .pipe(
      Effect.mapError((error) =>
        error._tag === "DeviceUnreachable" && error.phase === "Response"
          ? new DeviceUnreachable({ ...error, operation: outgoing.operation })
          : error
      ),
      Effect.flatMap(({ received }) =>
        Effect.mapError(
          decode(received, limit),
          (detail) => new ProtocolViolation({ target: target.name, operation: outgoing.operation, detail })
        )
      )
    )
}
