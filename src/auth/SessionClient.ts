import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { DeviceBusy, DeviceUnreachable, OutcomeUnknown } from "../transport/DeviceError.ts"
import { bufferBody } from "../transport/http/RequestBody.ts"
import { redactedSpan } from "../transport/RedactedSpan.ts"
import * as Reply from "../transport/Reply.ts"
import * as Retry from "../transport/Retry.ts"
import { type SessionError, TokenRejected } from "./AuthError.ts"
import type * as AuthProvider from "./AuthProvider.ts"
import * as CheckedProvider from "./session/CheckedProvider.ts"
import type { CurrentToken } from "./session/CurrentToken.ts"
import type { TokenLifecycle } from "./session/TokenLifecycle.ts"

/**
 * `make` gives the client of a session. Round each request, outermost first: retry, concurrency, recover, rate limit,
 * authorize, send. The token is put on below, so that neither the request nor the response that a script may print
 * holds it.
 */
export const make = (
  provider: AuthProvider.AuthProvider,
  lifecycle: TokenLifecycle,
  retry: { readonly policy: Retry.Policy; readonly maxRetryAfter: Duration.DurationInput }
): HttpClient.HttpClient.With<SessionError> => {
  // 429 is said of the address, not of the request: if one waits, all wait, and none learns it for itself.
  const waiting: Retry.RetryOptions["onWait"] = ({ status }, wait) =>
    status === 429 ? provider.transport.limits.rateLimiter.pause(wait) : wait
  const { limits, target } = provider.transport
  return HttpClient.makeWith<never, never, SessionError, never>(
    Effect.flatMap((request) =>
      // Its body is read before it waits for its turn: a stream may write through this very session.
      bufferBody(request, target.maxBodyBytes).pipe(
        Effect.flatMap((ready) =>
          attempt(provider, lifecycle, ready, request.body._tag !== "Stream").pipe(
            (one) => limits.serializeWrites(request.method, one),
            (one) =>
              Retry.withRetries(retry.policy, one, { maxRetryAfter: retry.maxRetryAfter, onWait: waiting })
          )
        ),
        Effect.map((reply) => Reply.toResponse(reply, request)),
        redactedSpan("sallyport.request", { target: target.name, operation: operationOf(request) })
      )
    ),
    Effect.succeed
  )
}

type Attempt = Retry.AttemptResult<Reply.Reply, SessionError>

/** `SentRequest` is a token, and what the device answered to the request that carried it: nothing at all, perhaps. */
interface SentRequest {
  readonly held: CurrentToken
  readonly reply: Reply.Reply | DeviceUnreachable
  /** `outlived` is how often the token had been disturbed when it was sent. */
  readonly outlived: number
}

/** `Outdated` says that the token was renewed, or its time was over, while the request waited for its turn. */
const Outdated = { _tag: "Outdated" } as const

/**
 * `attempt` makes one try, recovery included. What fails it is final: errors of the session itself are never repeated
 * here, since the session has a back-off of its own.
 */
const attempt = (
  provider: AuthProvider.AuthProvider,
  lifecycle: TokenLifecycle,
  request: HttpClientRequest,
  resendable: boolean
): Effect.Effect<Attempt, SessionError> => {
  const { transport } = provider
  const targetName = transport.target.name
  const operation = operationOf(request)

  /**
   * `sendBy` authorizes in the moment in which the request can go. If the token has been replaced or its time is over
   * by then, a newer one is asked for, but not for ever: tokens may live shorter than the way to the device is long.
   */
  const sendBy = (tries: number): Effect.Effect<SentRequest, SessionError> =>
    Effect.flatMap(Effect.mapError(lifecycle.current, unsent), (held) =>
      Effect.flatMap(lifecycle.isCurrent(held), (wasCurrent) => {
        let outlived = 0
        // One that was due on arrival serves those who waited for it, once.
        const authorized = Effect.gen(function* () {
          const isCurrent = yield* lifecycle.isCurrent(held)
          outlived = held.history.disturbances
          if (!isCurrent && wasCurrent && tries > 0) return yield* Effect.fail(Outdated)
          return yield* CheckedProvider.authorize(provider, request, held.token)
        })
        return lifecycle.whileSending(held, transport.exchangeWith(request.method, authorized, request)).pipe(
          Effect.tapErrorTag("DeviceUnreachable", () => lifecycle.noteDisturbed(held)),
          // No answer is a result too: it may be repeated.
          Effect.catchTag("DeviceUnreachable", (error) => Effect.succeed(error)),
          Effect.map((reply): SentRequest => ({ held, reply, outlived })),
          Effect.catchTag("Outdated", () => sendBy(tries - 1))
        )
      })
    )

  const send = sendBy(3)
  const verdictOf = (reply: Reply.Reply) => CheckedProvider.judge(provider, reply, request)

  const reject = (reason: string) => Effect.fail(new TokenRejected({ targetName, operation, reason }))

  const resultOf = (
    end: Effect.Effect<Reply.Reply, SessionError>,
    again: Retry.Failure | undefined
  ): Attempt =>
    again === undefined || !resendable ? { _tag: "Over", end } : { _tag: "Again", failure: again, end }

  const unanswered = (error: DeviceUnreachable): Attempt => {
    if (!Retry.hasDoneNothing(request.method, error))
      return resultOf(
        Effect.fail(new OutcomeUnknown({ targetName, operation, reason: error.reason })),
        undefined
      )
    const mayRepeat = Retry.isRetryableUnanswered(request.method, error)
    return resultOf(
      Effect.fail(error),
      mayRepeat ? { operation, status: undefined, retryAfter: undefined } : undefined
    )
  }

  const answered = (
    { held, outlived }: SentRequest,
    reply: Reply.Reply,
    isBusy: boolean
  ): Effect.Effect<Attempt> =>
    Effect.gen(function* () {
      const { status } = reply
      if (status >= 502 && status <= 504) yield* lifecycle.noteDisturbed(held)
      else if (status !== 429 && status !== 408) yield* lifecycle.noteAccepted(held, outlived)
      // The device may have begun: nobody but a look at it can tell.
      if (status === 408 && !Retry.isRead(request.method)) {
        return resultOf(
          Effect.fail(new OutcomeUnknown({ targetName, operation, reason: timedOut })),
          undefined
        )
      }
      const retryAfter = yield* Retry.retryAfter(reply)
      const sent = status === 429 ? "no" : "maybe"
      return resultOf(
        status === 429 || status === 503
          ? Effect.fail(new DeviceBusy({ targetName, operation, status, retryAfter, sent }))
          : Effect.succeed(reply),
        Retry.isRetryable(request.method, reply, isBusy) ? { operation, status, retryAfter } : undefined
      )
    })

  const replay = Effect.gen(function* () {
    const second = yield* send
    if (second.reply instanceof DeviceUnreachable) return unanswered(second.reply)
    const verdict = yield* verdictOf(second.reply)
    if (verdict !== "TokenRefused") return yield* answered(second, second.reply, verdict === "Busy")

    yield* lifecycle.noteRejected(second.held, operation)
    return yield* reject("and the next one too. Check whether someone else logs in with this account.")
  })

  return Effect.gen(function* () {
    const first = yield* send
    if (first.reply instanceof DeviceUnreachable) return unanswered(first.reply)
    const verdict = yield* verdictOf(first.reply)
    if (verdict === "TokenDoubted") {
      const isNew = yield* renewDoubted(lifecycle, first.held)
      return yield* isNew && Retry.isRead(request.method) ? replay : answered(first, first.reply, false)
    }
    if (verdict !== "TokenRefused") return yield* answered(first, first.reply, verdict === "Busy")

    yield* lifecycle.noteRejected(first.held, operation)
    if (!resendable) {
      return yield* reject(
        "its body is a stream and cannot be sent again. The session renews itself: run the step again."
      )
    }
    const newer = yield* Effect.mapError(lifecycle.current, unsent)
    if (Redacted.value(newer.token.access) === Redacted.value(first.held.token.access)) {
      return yield* reject("there is no other to be had. Get a new one and start again.")
    }
    return yield* replay
  })
}

/**
 * `renewDoubted` renews a token that the device may have refused, where that costs nothing that is counted. Tells
 * whether there is a newer one now. One that no answer has accepted yet is not made better by yet another.
 */
const renewDoubted = (lifecycle: TokenLifecycle, token: CurrentToken): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    if (!token.history.accepted || token.token.refreshesLeft !== Number.POSITIVE_INFINITY) return false
    if (yield* lifecycle.isCurrent(token)) {
      yield* Effect.ignore(Effect.timeout(lifecycle.renew, maxDoubtWait))
    }
    return !(yield* lifecycle.isCurrent(token))
  })

// A request waits no longer for a renewal that it may not need.
const maxDoubtWait = "5 seconds"

const timedOut = "only that its time ran out, status 408"

/**
 * `unsent` gives a renewal's failure to a request that waited for it: that was not sent, whatever became of the
 * renewal.
 */
const unsent = (error: SessionError): SessionError => {
  if (error._tag === "DeviceUnreachable") return new DeviceUnreachable({ ...error, sent: "no" })
  if (error._tag === "DeviceBusy") return new DeviceBusy({ ...error, sent: "no" })
  return error
}

// Without the query: a filter may hold names that are nobody's business.
const operationOf = (request: HttpClientRequest): string =>
  `${request.method} ${request.url.split(/[?#]/, 1)[0] ?? ""}`
