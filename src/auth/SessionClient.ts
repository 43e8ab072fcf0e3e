import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { DeviceBusy, DeviceUnreachable, OutcomeUnknown } from "../transport/DeviceError.ts"
import { inMemory } from "../transport/http/RequestBody.ts"
import { span } from "../transport/RedactedSpan.ts"
import * as Reply from "../transport/Reply.ts"
import * as Retry from "../transport/Retry.ts"
import { type SessionError, TokenRejected } from "./AuthError.ts"
import type * as AuthProvider from "./AuthProvider.ts"
import * as Provided from "./session/CheckedProvider.ts"
import type { Held } from "./session/CurrentToken.ts"
import type { Keeper } from "./session/TokenLifecycle.ts"

/**
 * The client of a session. Round each request, outermost first: repeat, lane, recover, budget, sign, send. The token
 * is put on below, so that neither the request nor the response that a script may print holds it.
 */
export const make = (
  provider: AuthProvider.AuthProvider,
  keeper: Keeper,
  retry: { readonly policy: Retry.Policy; readonly longestWait: Duration.DurationInput }
): HttpClient.HttpClient.With<SessionError> => {
  // 429 is said of the address, not of the request: if one waits, all wait, and none learns it for itself.
  const waiting: Retry.Repeating["waiting"] = ({ status }, wait) =>
    status === 429 ? provider.transport.lanes.budget.pause(wait) : wait
  return HttpClient.makeWith<never, never, SessionError, never>(
    Effect.flatMap((request) =>
      // Its body is read before it takes a lane: a stream may write through this very session.
      Effect.flatMap(inMemory(request, provider.transport.target.maxBodyBytes), (ready) =>
        Retry.repeating(
          retry.policy,
          provider.transport.lanes.inLane(
            request.method,
            attempt(provider, keeper, ready, request.body._tag !== "Stream")
          ),
          { longestWait: retry.longestWait, waiting }
        )
      ).pipe(
        Effect.map((reply) => Reply.toResponse(reply, request)),
        span("sallyport.request", { target: provider.transport.target.name, operation: operationOf(request) })
      )
    ),
    Effect.succeed
  )
}

type Attempt = Retry.Attempt<Reply.Reply, SessionError>

/** A grant, and what the device answered to the request that carried it: nothing at all, perhaps. */
interface Sent {
  readonly held: Held
  readonly reply: Reply.Reply | DeviceUnreachable
  /** How often the grant had been disturbed when it was sent. */
  readonly outlived: number
}

/** The grant was renewed, or its time was over, while the request waited for its turn. */
const Outdated = { _tag: "Outdated" } as const

/**
 * One try, recovery included. What fails it is final: errors of the session itself are never repeated here, since
 * the session has a back-off of its own.
 */
const attempt = (
  provider: AuthProvider.AuthProvider,
  keeper: Keeper,
  request: HttpClientRequest,
  resendable: boolean
): Effect.Effect<Attempt, SessionError> => {
  const { transport } = provider
  const target = transport.target.name
  const operation = operationOf(request)

  /**
   * Signs in the moment in which the request can go. If the grant has been replaced or its time is over by then, a
   * newer one is asked for, but not for ever: tokens may live shorter than the way to the device is long.
   */
  const sendBy = (tries: number): Effect.Effect<Sent, SessionError> =>
    Effect.flatMap(Effect.mapError(keeper.use, unsent), (held) =>
      Effect.flatMap(keeper.isCurrent(held), (wasCurrent) => {
        let outlived = 0
        // One that was due on arrival serves those who waited for it, once.
        const signed = Effect.gen(function* () {
          const isCurrent = yield* keeper.isCurrent(held)
          outlived = held.seen.disturbances
          if (!isCurrent && wasCurrent && tries > 0) return yield* Effect.fail(Outdated)
          return yield* Provided.sign(provider, request, held.grant)
        })
        return keeper.carry(held, transport.exchangeWith(request.method, signed, request)).pipe(
          Effect.tapErrorTag("DeviceUnreachable", () => keeper.disturbed(held)),
          // No answer is a result too: it may be repeated.
          Effect.catchTag("DeviceUnreachable", (error) => Effect.succeed(error)),
          Effect.map((reply): Sent => ({ held, reply, outlived })),
          Effect.catchTag("Outdated", () => sendBy(tries - 1))
        )
      })
    )

  const send = sendBy(3)
  const judged = (reply: Reply.Reply) => Provided.judge(provider, reply, request)

  const reject = (reason: string) => Effect.fail(new TokenRejected({ target, operation, reason }))

  const over = (end: Effect.Effect<Reply.Reply, SessionError>, again: Retry.Failure | undefined): Attempt =>
    again === undefined || !resendable ? { _tag: "Over", end } : { _tag: "Again", failure: again, end }

  const unanswered = (error: DeviceUnreachable): Attempt => {
    if (!Retry.hasDoneNothing(request.method, error))
      return over(Effect.fail(new OutcomeUnknown({ target, operation, reason: error.reason })), undefined)
    const mayRepeat = Retry.mayRepeatUnanswered(request.method, error)
    return over(
      Effect.fail(error),
      mayRepeat ? { operation, status: undefined, retryAfter: undefined } : undefined
    )
  }

  const answered = ({ held, outlived }: Sent, reply: Reply.Reply, isBusy: boolean): Effect.Effect<Attempt> =>
    Effect.gen(function* () {
      const { status } = reply
      if (status >= 502 && status <= 504) yield* keeper.disturbed(held)
      else if (status !== 429 && status !== 408) yield* keeper.accepted(held, outlived)
      // The device may have begun: nobody but a look at it can tell.
      if (status === 408 && !Retry.isRead(request.method)) {
        return over(Effect.fail(new OutcomeUnknown({ target, operation, reason: ranOut })), undefined)
      }
      const retryAfter = yield* Retry.retryAfter(reply)
      const sent = status === 429 ? "no" : "maybe"
      return over(
        status === 429 || status === 503
          ? Effect.fail(new DeviceBusy({ target, operation, status, retryAfter, sent }))
          : Effect.succeed(reply),
        Retry.mayRepeat(request.method, reply, isBusy) ? { operation, status, retryAfter } : undefined
      )
    })

  const replay = Effect.gen(function* () {
    const second = yield* send
    if (second.reply instanceof DeviceUnreachable) return unanswered(second.reply)
    const verdict = yield* judged(second.reply)
    if (verdict !== "TokenRefused") return yield* answered(second, second.reply, verdict === "Busy")

    yield* keeper.rejected(second.held, operation)
    return yield* reject("and the next one too. Check whether someone else logs in with this account.")
  })

  return Effect.gen(function* () {
    const first = yield* send
    if (first.reply instanceof DeviceUnreachable) return unanswered(first.reply)
    const verdict = yield* judged(first.reply)
    if (verdict === "TokenDoubted") {
      const isNew = yield* doubted(keeper, first.held)
      return yield* isNew && Retry.isRead(request.method) ? replay : answered(first, first.reply, false)
    }
    if (verdict !== "TokenRefused") return yield* answered(first, first.reply, verdict === "Busy")

    yield* keeper.rejected(first.held, operation)
    if (!resendable) {
      return yield* reject(
        "its body is a stream and cannot be sent again. The session renews itself: run the step again."
      )
    }
    const newer = yield* Effect.mapError(keeper.use, unsent)
    if (Redacted.value(newer.grant.access) === Redacted.value(first.held.grant.access)) {
      return yield* reject("there is no other to be had. Get a new one and start again.")
    }
    return yield* replay
  })
}

/**
 * Renews a grant that the device may have refused, where that costs nothing that is counted. Tells whether there is a
 * newer one now. One that no answer has accepted yet is not made better by yet another.
 */
const doubted = (keeper: Keeper, held: Held): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    if (!held.seen.accepted || held.grant.refreshesLeft !== Number.POSITIVE_INFINITY) return false
    if (yield* keeper.isCurrent(held)) {
      yield* Effect.ignore(Effect.timeout(keeper.renewed, longestDoubt))
    }
    return !(yield* keeper.isCurrent(held))
  })

// A request waits no longer for a renewal that it may not need.
const longestDoubt = "5 seconds"

const ranOut = "only that its time ran out, status 408"

/** A renewal that failed says whether *it* was sent; the request that waited for it was not. */
const unsent = (error: SessionError): SessionError => {
  if (error._tag === "DeviceUnreachable") return new DeviceUnreachable({ ...error, sent: "no" })
  if (error._tag === "DeviceBusy") return new DeviceBusy({ ...error, sent: "no" })
  return error
}

// Without the query: a filter may hold names that are nobody's business.
const operationOf = (request: HttpClientRequest): string =>
  `${request.method} ${request.url.split(/[?#]/, 1)[0] ?? ""}`
