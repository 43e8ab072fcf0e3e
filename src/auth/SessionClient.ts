import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { pipe } from "effect/Function"
import * as AtOnce from "../transport/AtOnce.ts"
import * as Attempt from "../transport/Attempt.ts"
import { bufferBody } from "../transport/http/RequestBody.ts"
import type { RateLimiter } from "../transport/limits/RateLimiter.ts"
import type { TargetLimits } from "../transport/limits/Traffic.ts"
import * as Metrics from "../transport/Metrics.ts"
import { redactedSpan } from "../transport/RedactedSpan.ts"
import * as Reply from "../transport/Reply.ts"
import { operationOf } from "../transport/RequestPath.ts"
import * as Retry from "../transport/Retry.ts"
import type { Send, Transport } from "../transport/Transport.ts"
import type { SessionError } from "./AuthError.ts"
import type { AuthProvider } from "./AuthProvider.ts"
import { type AuthorizedRequest, authorized, withCurrentToken } from "./session/AuthorizedRequest.ts"
import { gated } from "./session/Gates.ts"
import { type JudgedRequest, recovering } from "./session/Recovery.ts"
import * as SessionRequest from "./session/SessionRequest.ts"
import type { TokenLifecycle } from "./session/TokenLifecycle.ts"
import type * as WriteGate from "./WriteGate.ts"

export interface RetryOptions {
  readonly policy: Retry.Policy
  readonly maxRetryAfter: Duration.DurationInput
}

/**
 * `make` gives the client of a session. Each request goes through what is listed here from the last line to the first,
 * and its answer back. The token is put on below, so that neither the request nor the response that a script may print
 * holds it.
 */
export const make = (
  provider: AuthProvider,
  lifecycle: TokenLifecycle,
  retry: RetryOptions,
  /** `gate` is the one under which the session was opened. */
  gate: WriteGate.Gate | undefined
): HttpClient.HttpClient.With<SessionError> => {
  const { limits, target } = provider.transport
  const exchange = pipe(
    authorized(provider, lifecycle),
    rateLimited(provider.transport),
    withCurrentToken(lifecycle),
    recovering(provider, lifecycle),
    attempted(target.name),
    serializedWrites(limits),
    retried(retry, limits.rateLimiter)
  )
  const send = (request: HttpClientRequest): Effect.Effect<HttpClientResponse, SessionError> =>
    // Its body is read before it waits for its turn: a stream may write through this very session.
    AtOnce.flatMap(bufferBody(request, target.maxBodyBytes), (buffered) =>
      exchange(SessionRequest.make(request, buffered))
    ).pipe(
      Effect.map((reply) => Reply.toResponse(reply, request)),
      redactedSpan("sallyport.request", { target: target.name, operation: operationOf(request) }),
      Effect.tapError(({ _tag: error }) => Metrics.failure({ target: target.name, error }))
    )
  const admitted = gated(provider, gate)
  return HttpClient.makeWith<never, never, SessionError, never>(
    // What is asked for in the end, with the base of whoever asks, and not as it was written.
    Effect.flatMap((request) => admitted(request, send(request))),
    Effect.succeed
  )
}

/** `rateLimited` waits until the target's limits let a request go, at each time that it is sent. */
const rateLimited =
  (transport: Transport) =>
  <Request extends AuthorizedRequest, A, E>(
    exchange: (send: Send) => (asked: Request) => Effect.Effect<A, E>
  ) =>
  (asked: Request): Effect.Effect<A, E> =>
    transport.withPermit(asked.request.method, (send) => exchange(send)(asked), asked.holding)

/** `attempted` says of an answer, or of none, whether the request may be repeated. */
const attempted =
  (targetName: string) =>
  (exchange: SessionRequest.Step<JudgedRequest>) =>
  (asked: SessionRequest.SessionRequest) =>
    Effect.flatMap(exchange(asked), ({ reply, verdict }) => {
      const { isResendable, operation, request } = asked
      const isBusy = verdict === "Busy"
      return Attempt.resultOf({ targetName, operation, method: request.method, isResendable, reply, isBusy })
    })

/** `serializedWrites` lets one request at a time write, its replay included. */
const serializedWrites =
  (limits: TargetLimits) =>
  <A>(exchange: SessionRequest.Step<A>): SessionRequest.Step<A> =>
  (asked) =>
    limits.serializeWrites(asked.request.method, exchange(asked))

/** `retried` repeats what may be repeated, as long as the policy says. */
const retried =
  ({ maxRetryAfter, policy }: RetryOptions, rateLimiter: RateLimiter) =>
  <A>(exchange: SessionRequest.Step<Retry.AttemptResult<A, SessionError>>): SessionRequest.Step<A> =>
  (asked) =>
    Retry.withRetries(policy, exchange(asked), {
      maxRetryAfter,
      // 429 is said of the address, not of the request: if one waits, all wait, and none learns it for itself.
      onWait: ({ status }, wait) => (status === 429 ? rateLimiter.pause(wait) : wait)
    })
