import * as Effect from "effect/Effect"
import { DeviceUnreachable, ProtocolViolation } from "../../transport/DeviceError.ts"
import * as Retry from "../../transport/Retry.ts"
import { type SessionError, TokenRejected } from "../AuthError.ts"
import type { AuthProvider, Verdict } from "../AuthProvider.ts"
import * as Instant from "../Instant.ts"
import { currentToken, type SentRequest } from "./AuthorizedRequest.ts"
import * as CheckedProvider from "./CheckedProvider.ts"
import * as CurrentToken from "./CurrentToken.ts"
import type { SessionRequest, Step } from "./SessionRequest.ts"
import type { TokenLifecycle } from "./TokenLifecycle.ts"

/** `JudgedRequest` is a request that was sent, and what its answer says of the token. */
export interface JudgedRequest extends SentRequest {
  readonly verdict: Verdict
}

/**
 * `recovering` sends a request once more, with another token, where the device refuses the one that it carries: a second
 * refusal is `TokenRejected`. Errors of the session itself are final: it has a back-off of its own.
 */
export const recovering =
  (provider: AuthProvider, lifecycle: TokenLifecycle) =>
  (send: Step<SentRequest>): Step<JudgedRequest> =>
  (asked) =>
    Effect.flatMap(send(asked), (sent) => {
      const first = judged(provider, asked, sent)
      if (first instanceof ProtocolViolation) return Effect.fail(first)
      if (first.verdict !== "TokenDoubted" && first.verdict !== "TokenRefused") {
        noteHistory(lifecycle, first)
        return Effect.succeed(first)
      }
      return Effect.map(recovered(provider, lifecycle, asked, first, send), (last) => {
        noteHistory(lifecycle, last)
        return last
      })
    })

/** `recovered` is what becomes of a request whose token was refused, or may have been. */
const recovered = (
  provider: AuthProvider,
  lifecycle: TokenLifecycle,
  asked: SessionRequest,
  first: JudgedRequest,
  send: Step<SentRequest>
): Effect.Effect<JudgedRequest, SessionError> =>
  Effect.gen(function* () {
    if (first.verdict === "TokenDoubted") {
      const isNew = yield* renewDoubted(lifecycle, first.held)
      if (!isNew || !Retry.isRead(asked.request.method)) return first
    } else yield* renewRefused(provider, lifecycle, asked, first)

    const second = judged(provider, asked, yield* send(asked))
    if (second instanceof ProtocolViolation) return yield* second
    if (second.verdict !== "TokenRefused") return second
    yield* lifecycle.noteRejected(second.held, asked.operation)
    return yield* reject(provider, asked, refusedTwice)
  })

const judged = (
  provider: AuthProvider,
  { request }: SessionRequest,
  { held, outlived, reply }: SentRequest
): JudgedRequest | ProtocolViolation => {
  const verdict =
    reply instanceof DeviceUnreachable ? "Fine" : CheckedProvider.judge(provider, reply, request)
  return verdict instanceof ProtocolViolation ? verdict : { held, outlived, reply, verdict }
}

/** `renewRefused` waits for another token than the refused one. Fails where the request cannot be sent with it. */
const renewRefused = (
  provider: AuthProvider,
  lifecycle: TokenLifecycle,
  asked: SessionRequest,
  { held }: SentRequest
): Effect.Effect<void, SessionError> =>
  Effect.gen(function* () {
    yield* lifecycle.noteRejected(held, asked.operation)
    if (!asked.isResendable) return yield* reject(provider, asked, notResendable)
    const newer = yield* currentToken(lifecycle)
    if (CurrentToken.isSame(newer.token, held.token)) return yield* reject(provider, asked, noOther)
  })

/**
 * `renewDoubted` renews a token that the device may have refused, where that costs nothing that is counted. Tells
 * whether there is a newer one now. One that no answer has accepted yet is not made better by yet another.
 */
const renewDoubted = (lifecycle: TokenLifecycle, held: CurrentToken.CurrentToken): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    if (!held.history.accepted || held.token.refreshesLeft !== Number.POSITIVE_INFINITY) return false
    if (lifecycle.isCurrent(held, yield* Instant.now)) {
      yield* Effect.ignore(Effect.timeout(lifecycle.renew, maxDoubtWait))
    }
    return !lifecycle.isCurrent(held, yield* Instant.now)
  })

// A request waits no longer for a renewal that it may not need.
const maxDoubtWait = "5 seconds"

/** `noteHistory` notes what the last answer says of the token, and of the device that has to know it. */
const noteHistory = (lifecycle: TokenLifecycle, { held, outlived, reply }: SentRequest): void => {
  const { status } = reply instanceof DeviceUnreachable ? { status: undefined } : reply
  if (status === undefined || (status >= 502 && status <= 504)) lifecycle.noteDisturbed(held)
  else if (status !== 429 && status !== 408) lifecycle.noteAccepted(held, outlived)
}

const reject = (provider: AuthProvider, { operation }: SessionRequest, reason: string) =>
  Effect.fail(new TokenRejected({ targetName: provider.transport.target.name, operation, reason }))

const notResendable =
  "its body is a stream and cannot be sent again. The session renews itself: run the step again."
const noOther = "there is no other to be had. Get a new one and start again."
const refusedTwice = "and the next one too. Check whether someone else logs in with this account."
