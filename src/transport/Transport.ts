import process from "node:process"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import { identity } from "effect/Function"
import * as Scope from "effect/Scope"
import * as OptionNames from "../validation/OptionNames.ts"
import * as AtOnce from "./AtOnce.ts"
import { type InvalidInput, ProtocolViolation, type WireError } from "./DeviceError.ts"
import { type Dispatch, Dispatcher } from "./Dispatcher.ts"
import * as ExchangeWatch from "./ExchangeWatch.ts"
import * as Flight from "./Flight.ts"
import * as Holding from "./Holding.ts"
import * as Connections from "./http/Connections.ts"
import { exchange } from "./http/Exchange.ts"
import { type Request, toRequest } from "./http/Request.ts"
import { bufferBody } from "./http/RequestBody.ts"
import * as RequestLog from "./http/RequestLog.ts"
import { decode, type Response } from "./http/Response.ts"
import * as ResponseHead from "./http/ResponseHead.ts"
import { type Late, LateAnswer } from "./LateAnswer.ts"
import type * as RateLimiter from "./limits/RateLimiter.ts"
import * as Traffic from "./limits/Traffic.ts"
import * as Turn from "./limits/Turn.ts"
import * as Metrics from "./Metrics.ts"
import { redactedSpan } from "./RedactedSpan.ts"
import { maxJsonBytes, type Reply, toResponse } from "./Reply.ts"
import * as RequestError from "./RequestError.ts"
import { isRead } from "./Retry.ts"
import * as SendOptions from "./SendOptions.ts"
import * as Target from "./Target.ts"
import * as RuntimeVersion from "./tls/RuntimeVersion.ts"

/** `Transport` is the one way to a target: TLS that is checked, its own origin only, answers read whole. */
export interface Transport {
  readonly target: Target.Target
  /**
   * `exchange` sends as given and hands back the whole answer, whatever its status. Waits until the target's rate limit
   * has a permit for it, and while requests use `maxConnections` less two, by whatever sessions of this process. A body
   * that is a stream, a form or a file is read before that.
   */
  readonly exchange: (request: HttpClientRequest.HttpClientRequest) => Effect.Effect<Reply, WireError>
  /**
   * `withPermit` waits as `exchange` does, and hands over the sending of one request in the moment in which it can go:
   * to be authorized with the token of then. The permit is given back when `use` is over.
   */
  readonly withPermit: <A, E>(
    method: HttpClientRequest.HttpClientRequest["method"],
    use: (send: Send) => Effect.Effect<A, E>,
    /** `holding` holds the permit, where somebody holds more for the same request. */
    holding?: Holding.Holding
  ) => Effect.Effect<A, E>
  /**
   * `exchangeAuth` does the same for logins, refreshes and logouts, which have two connections and a reserve of the rate
   * limit to themselves, and of the other connections those that no request uses, less two: a login that hangs does not
   * keep its own logout from going, and they never queue behind requests that may be waiting for them. With
   * `maxConnections` of 2 they have one, with 1 they share it with the requests. They go on when the scope has closed: a
   * login that is answered then still has to be logged out. Their answers have at most 1 MiB, or `maxBodyBytes` where
   * that is less, and 4 MiB of headers: an FMC lists all its domains there.
   *
   * Each goes on a connection of its own, a session's logout apart: one that was used before may have been closed by the
   * device a moment ago, and what is lost on it cannot be sent again.
   */
  readonly exchangeAuth: (
    request: HttpClientRequest.HttpClientRequest,
    /** `shownPath` is what errors and spans call its path, where the path holds a token. */
    shownPath?: string,
    /**
     * `salvage` is what is done with an answer that was too large or broke off, as far as it was read, before its error
     * is told: a login may have brought a token, whose session would stay open.
     */
    salvage?: (part: Reply) => Effect.Effect<unknown, unknown>
  ) => Effect.Effect<Reply, WireError>
  /** `http` is `exchange` as an `HttpClient`, for what needs no session. */
  readonly http: HttpClient.HttpClient.With<WireError>
  /** `limits` are what it shares with all that goes from this process to the target. */
  readonly limits: Traffic.TargetLimits
}

/** `Send` sends a request as given, at once, and hands back the whole answer, whatever its status. */
export type Send = (
  request: HttpClientRequest.HttpClientRequest,
  options?: {
    /**
     * `shown` is the request without the token, for a `transformClient`: without it, that sees method and path alone.
     */
    readonly shown?: HttpClientRequest.HttpClientRequest
    /** `flight` is noted of it. */
    readonly flight?: Flight.Flight | undefined
  }
) => Effect.Effect<Reply, WireError>

/**
 * `make` opens the way to a target, within `limits` where the target says nothing else; connections are made when
 * requests need them. When the scope closes, all of them are destroyed, in use or idle, except one that carries a
 * login, refresh or logout: it ends with its exchange.
 *
 * Fails with `InvalidInput` on a runtime whose certificate checks cannot be relied on.
 */
export const make = (
  target: Target.Target,
  defaults: Traffic.DefaultLimits = {}
): Effect.Effect<Transport, InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const refused = RuntimeVersion.unsupported(process.versions)
    if (refused !== undefined) return yield* refused
    // The types say so too; a script in JavaScript has none.
    yield* Target.check(target)
    yield* OptionNames.faultOf("a transport", defaults, ["requestsPerMinute"]) ?? Effect.void
    const limits = (yield* Traffic.Traffic).limitsOf(target, defaults)
    const metrics = Metrics.make(target.name)
    const defaultSendOptions = (yield* SendOptions.SendOptions) ?? {}
    const isLogWanted = RequestLog.isEnabled()
    const connections = Connections.make(target, limits.openConnections)
    yield* Scope.addFinalizer(yield* Effect.scope, Effect.sync(connections.close))
    const dispatch = (yield* Dispatcher)?.(target) ?? dispatchOn(target, connections)

    const send = (
      purpose: RateLimiter.Purpose,
      permit: RateLimiter.Permit,
      holding: Holding.Holding,
      authorized: HttpClientRequest.HttpClientRequest,
      { flight: given, partly, shown, shownPath }: SendDetails
    ): Effect.Effect<Reply, WireError> =>
      Effect.withFiberRuntime((fiber) => {
        const context: Context.Context<never> = fiber.currentContext
        const sending = Context.get(context, SendOptions.SendOptions) ?? defaultSendOptions
        const isLogged = sending.logRequests ?? isLogWanted
        const watch = purpose === "auth" ? undefined : Context.get(context, ExchangeWatch.ExchangeWatch)
        const late = purpose === "auth" ? Context.get(context, LateAnswer) : undefined
        const flight = purpose === "auth" ? Context.get(context, Flight.InFlight) : given
        Flight.note(flight, "Leaving")
        const sendWhole = (whole: HttpClientRequest.HttpClientRequest) =>
          AtOnce.flatMap(toRequest(target, whole), (checked) => {
            const request = withShownPath(checked, shownPath)
            permit.wasSent = true
            const facts = { target: target.name, method: request.method, path: request.pathname }
            const exchanged = exchangeOnce(target, dispatch, request, purpose, {
              holding,
              partly,
              late,
              flight,
              watch,
              noteSent: (status) => metrics.sent(fiber.getFiberRef(FiberRef.currentMetricLabels), status)
            }).pipe(redactedSpan("sallyport.exchange", facts, ({ status }) => ({ status })))
            return isLogged ? RequestLog.withRequestLog(facts)(exchanged) : exchanged
          })
        const { transformClient } = sending
        if (transformClient === undefined) return sendWhole(authorized)
        const base = `${target.origin}${target.basePath}`
        const bare = SendOptions.withoutSecrets(base, authorized, shown, shownPath)
        const sendWith = (headers: Readonly<Record<string, string>>) =>
          sendWhole(
            HttpClientRequest.setHeaders(authorized, { ...headers, ...ownHeaders(authorized, shown) })
          )
        return SendOptions.sendThrough(transformClient, bare, sendWith, purpose === "auth")
      })

    const withPermitFor = <A, E>(
      purpose: RateLimiter.Purpose,
      use: (send: SendInDetail) => Effect.Effect<A, E>,
      given?: Holding.Holding
    ): Effect.Effect<A, E> => {
      const within = (holding: Holding.Holding) =>
        Turn.inTurn(limits, purpose, holding, (permit) => {
          const sent = use((request, details = {}) => send(purpose, permit, holding, request, details))
          return permit.waitedFor === undefined
            ? sent
            : Effect.zipRight(metrics.waited(permit.waitedFor), sent)
        })
      return given === undefined ? Holding.during(within) : within(given)
    }

    const withPermit: Transport["withPermit"] = (method, use, holding) =>
      withPermitFor(isRead(method) ? "read" : "write", use, holding)
    const exchange = (request: HttpClientRequest.HttpClientRequest) =>
      Effect.suspend(() =>
        AtOnce.flatMap(bufferBody(request, target.maxBodyBytes), (ready) =>
          withPermit(ready.method, (send) => send(ready))
        )
      )
    return {
      target,
      exchange,
      withPermit,
      exchangeAuth: (request, shownPath, salvage) =>
        Effect.withFiberRuntime(({ currentContext }) => {
          const context: Context.Context<never> = currentContext
          Flight.note(Context.get(context, Flight.InFlight), "Waiting")
          let part: Response | undefined
          const note = (read: Response) => {
            part = read
          }
          const exchanged = AtOnce.flatMap(bufferBody(request, target.maxBodyBytes), (ready) =>
            withPermitFor("auth", (send) => send(ready, { shownPath, partly: note }))
          )
          return Effect.tapError(exchanged, () =>
            part === undefined || salvage === undefined
              ? Effect.void
              : salvage(part).pipe(Effect.ignore, Effect.provideService(LateAnswer, undefined))
          )
        }),
      limits,
      // By `makeWith`: `make` would send trace headers to the device, and wants errors that print headers.
      http: HttpClient.makeWith<never, never, WireError, never>(
        Effect.flatMap((request) => Effect.map(exchange(request), (reply) => toResponse(reply, request))),
        Effect.succeed
      )
    }
  })

/** `SendDetails` is what is particular to the request of a session, and to a login, refresh or logout. */
interface SendDetails {
  readonly shown?: HttpClientRequest.HttpClientRequest | undefined
  readonly flight?: Flight.Flight | undefined
  readonly shownPath?: string | undefined
  readonly partly?: ((read: Response) => void) | undefined
}

type SendInDetail = (
  request: HttpClientRequest.HttpClientRequest,
  details?: SendDetails
) => Effect.Effect<Reply, WireError>

// An FMC's answer to a login names each domain in a header: a thousand are 100 KiB.
const maxAuthHeadBytes = 4 * 1024 * 1024

// What was put on below the request that the script made: it stays, whatever a decoration does.
const ownHeaders = (
  { headers }: HttpClientRequest.HttpClientRequest,
  shown: HttpClientRequest.HttpClientRequest | undefined
): Readonly<Record<string, string>> =>
  shown === undefined
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([name, value]) => shown.headers[name] !== value))

const withShownPath = (request: Request, path: string | undefined): Request =>
  path === undefined ? request : { ...request, pathname: path, operation: `${request.method} ${path}` }

const dispatchOn =
  (target: Target.Target, connections: Connections.Connections): Dispatch =>
  (request, errand, holding, reading) =>
    connections.withConnection(errand, holding, (connection) =>
      exchange(target, connection, request, reading)
    )

/** `ExchangeDetails` are what there is beside a request. */
interface ExchangeDetails {
  readonly holding: Holding.Holding
  readonly partly: ((read: Response) => void) | undefined
  readonly late: Late | undefined
  readonly flight: Flight.Flight | undefined
  readonly watch: ExchangeWatch.Watch | undefined
  /** `noteSent` is told once it is over: of its status, where it was answered. */
  readonly noteSent: (status?: number) => void
}

const exchangeOnce = (
  target: Target.Target,
  dispatch: Dispatch,
  request: Request,
  purpose: RateLimiter.Purpose,
  { flight, holding, late, noteSent, partly, watch = identity }: ExchangeDetails
): Effect.Effect<Reply, WireError> => {
  const { operation } = request
  const maxBodyBytes = purpose === "auth" ? Math.min(maxJsonBytes, target.maxBodyBytes) : target.maxBodyBytes
  const reading = {
    maxBodyBytes,
    maxHeadBytes: purpose === "auth" ? maxAuthHeadBytes : ResponseHead.maxBytes,
    partly,
    flight,
    late: RequestError.lateOf(late, request)
  }
  const over = (status?: number) => {
    if (flight?.stage === "Sent") flight.stage = "Answered"
    noteSent(status)
  }
  const failed = (error: WireError) => {
    over()
    return Effect.fail(RequestError.ofRequest(error, request, purpose === "auth"))
  }
  const answered = (reply: Reply) => {
    over(reply.status)
    return Effect.succeed(reply)
  }
  const errand = purpose === "auth" && flight?.repeatable ? "repeatable" : purpose
  const violation = (detail: string) => new ProtocolViolation({ targetName: target.name, operation, detail })
  return Effect.matchEffect(watch(dispatch(request, errand, holding, reading)), {
    onFailure: failed,
    onSuccess: (response) => {
      const decoded = decode(response, maxBodyBytes, violation)
      return Effect.isEffect(decoded)
        ? Effect.matchEffect(decoded, { onFailure: failed, onSuccess: answered })
        : answered(decoded)
    }
  })
}
