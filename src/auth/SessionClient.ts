import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { DeviceBusy, DeviceUnreachable, OutcomeUnknown } from "../device/DeviceError.ts"
import * as Reply from "../device/Reply.ts"
import * as Retry from "../device/Retry.ts"
import { span } from "../device/Span.ts"
import { type SessionError, TokenRejected } from "./AuthError.ts"
import type * as AuthProvider from "./AuthProvider.ts"
import type { Held } from "./session/Held.ts"
import type { Keeper } from "./session/Keeper.ts"

/**
 * The client of a session. Round each request, outermost first: repeat, sign and recover, send. The token is put
 * on below, so that neither the request nor the response that a script may print holds it.
 */
export const make = (
  provider: AuthProvider.AuthProvider,
  keeper: Keeper,
  policy: Retry.Policy
): HttpClient.HttpClient.With<SessionError> =>
  HttpClient.makeWith<never, never, SessionError, never>(
    Effect.flatMap((request) =>
      Retry.repeating(policy, attempt(provider, keeper, request)).pipe(
        Effect.map((reply) => Reply.toResponse(reply, request)),
        span("sallyport.request", { target: provider.transport.target.name, operation: operationOf(request) })
      )
    ),
    Effect.succeed
  )

type Attempt = Retry.Attempt<Reply.Reply, SessionError>

/**
 * One try, recovery included. What fails it is final: errors of the session itself are never repeated here, since
 * the session has a back-off of its own.
 */
const attempt = (
  provider: AuthProvider.AuthProvider,
  keeper: Keeper,
  request: HttpClientRequest
): Effect.Effect<Attempt, SessionError> => {
  const { transport } = provider
  const target = transport.target.name
  const operation = operationOf(request)
  const resendable = request.body._tag !== "Stream"

  const send = (held: Held) =>
    keeper.carry(held, transport.exchange(provider.sign(request, held.grant))).pipe(
      Effect.tapErrorTag("DeviceUnreachable", () => keeper.disturbed(held)),
      // No answer is a result too: it may be repeated.
      Effect.catchTag("DeviceUnreachable", Effect.succeed)
    )

  const reject = (reason: string) => Effect.fail(new TokenRejected({ target, operation, reason }))

  const over = (end: Effect.Effect<Reply.Reply, SessionError>, again: Retry.Failure | undefined): Attempt =>
    again === undefined || !resendable ? { _tag: "Over", end } : { _tag: "Again", failure: again, end }

  const unanswered = (error: DeviceUnreachable): Attempt => {
    const mayHaveHappened = error.sent === "maybe" && !Retry.isRead(request.method)
    return over(
      Effect.fail(mayHaveHappened ? new OutcomeUnknown({ target, operation, reason: error.reason }) : error),
      mayHaveHappened ? undefined : { operation, status: undefined, retryAfter: undefined }
    )
  }

  const answered = (held: Held, reply: Reply.Reply, isBusy: boolean): Effect.Effect<Attempt> =>
    Effect.gen(function* () {
      const { status } = reply
      if (status === 503) yield* keeper.disturbed(held)
      else if (status !== 429) yield* keeper.accepted(held)
      const retryAfter = yield* Retry.retryAfter(reply)
      const sent = status === 429 ? "no" : "maybe"
      return over(
        status === 429 || status === 503
          ? Effect.fail(new DeviceBusy({ target, operation, status, retryAfter, sent }))
          : Effect.succeed(reply),
        Retry.mayRepeat(request.method, reply, isBusy) ? { operation, status, retryAfter } : undefined
      )
    })

  return Effect.gen(function* () {
    const held = yield* keeper.use
    const reply = yield* send(held)
    if (reply instanceof DeviceUnreachable) return unanswered(reply)
    const verdict = provider.judge(reply)
    if (verdict !== "TokenRefused") return yield* answered(held, reply, verdict === "Busy")

    yield* keeper.rejected(held, operation)
    if (!resendable) {
      return yield* reject(
        "its body is a stream and cannot be sent again. The session renews itself: run the step again."
      )
    }
    const newer = yield* keeper.use
    if (Redacted.value(newer.grant.access) === Redacted.value(held.grant.access)) {
      return yield* reject("there is no other to be had. Get a new one and start again.")
    }
    const replay = yield* send(newer)
    if (replay instanceof DeviceUnreachable) return unanswered(replay)
    const second = provider.judge(replay)
    if (second !== "TokenRefused") return yield* answered(newer, replay, second === "Busy")

    yield* keeper.rejected(newer, operation)
    return yield* reject("and the next one too. Check whether someone else logs in with this account.")
  })
}

// Without the query: a filter may hold names that are nobody's business.
const operationOf = (request: HttpClientRequest): string =>
  `${request.method} ${request.url.split(/[?#]/, 1)[0] ?? ""}`
