import * as Effect from "effect/Effect"
import { DeviceBusy, DeviceUnreachable, ProtocolViolation } from "../../transport/DeviceError.ts"
import * as Holding from "../../transport/Holding.ts"
import type { Reply } from "../../transport/Reply.ts"
import type { Send } from "../../transport/Transport.ts"
import type { AuthError, SessionError } from "../AuthError.ts"
import type { AuthProvider } from "../AuthProvider.ts"
import * as Instant from "../Instant.ts"
import * as CheckedProvider from "./CheckedProvider.ts"
import type { CurrentToken } from "./CurrentToken.ts"
import { tellingGivenUp } from "./GivenUp.ts"
import type { SessionRequest, Step } from "./SessionRequest.ts"
import type { TokenLifecycle } from "./TokenLifecycle.ts"
import { writes } from "./Writes.ts"

/** `AuthorizedRequest` is a request, and the token that it is to carry. */
export interface AuthorizedRequest extends SessionRequest {
  readonly held: CurrentToken
  /** `holding` is what is held for this try of it. */
  readonly holding: Holding.Holding
  /** `unlessOutdated` says that it does not go if the token has been replaced, or its time is over, by then. */
  readonly unlessOutdated: boolean
}

/** `SentRequest` is a token, and what the device answered to the request that carried it: nothing at all, perhaps. */
export interface SentRequest {
  readonly held: CurrentToken
  readonly reply: Reply | DeviceUnreachable
  /** `outlived` is how often the token had been disturbed when it was sent. */
  readonly outlived: number
}

/** `Outdated` says that the token was renewed, or its time was over, while the request waited for its turn. */
const Outdated = { _tag: "Outdated" } as const

/** `authorized` puts the token on in the moment in which the request can go, and sends it. */
export const authorized =
  (provider: AuthProvider, lifecycle: TokenLifecycle) =>
  (send: Send) =>
  ({
    held,
    holding,
    operation,
    request,
    unlessOutdated
  }: AuthorizedRequest): Effect.Effect<SentRequest, SessionError | typeof Outdated> => {
    const { name: targetName } = provider.transport.target
    type Sending = Effect.Effect<SentRequest, SessionError | typeof Outdated>
    return Instant.nowWith((now): Sending => {
      if (unlessOutdated && !lifecycle.isCurrent(held, now)) return Effect.fail(Outdated)
      const outlived = held.history.disturbances
      const withToken = CheckedProvider.authorize(provider, request, held.token)
      if (withToken instanceof ProtocolViolation) return Effect.fail(withToken)
      const flight = writes(provider, request) ? tellingGivenUp(targetName, operation, holding) : undefined
      return Effect.matchEffect(send(withToken, { shown: request, flight }), {
        // No answer is a result too: it may be repeated.
        onFailure: (error) =>
          error._tag === "DeviceUnreachable"
            ? Effect.succeed({ held, reply: error, outlived })
            : Effect.fail(error),
        onSuccess: (reply) => Effect.succeed({ held, reply, outlived })
      })
    })
  }

/**
 * `withCurrentToken` gives each request the session's token, which is not logged out before the request is over. If it
 * is outdated when the request can go, a newer one is asked for, but not for ever: tokens may live shorter than the way
 * to the device is long.
 */
export const withCurrentToken =
  (lifecycle: TokenLifecycle) =>
  (
    send: (request: AuthorizedRequest) => Effect.Effect<SentRequest, SessionError | typeof Outdated>
  ): Step<SentRequest> => {
    const sendWith = (held: CurrentToken, now: Instant.Instant, tries: number, asked: SessionRequest) => {
      const { isResendable, operation, request } = asked
      // One that was due on arrival serves those who waited for it, once.
      const unlessOutdated = lifecycle.isCurrent(held, now) && tries > 0
      return Holding.during((holding) => {
        lifecycle.keep(held, holding)
        return send({ request, operation, isResendable, held, holding, unlessOutdated })
      })
    }
    const sendBy = (tries: number, asked: SessionRequest): Effect.Effect<SentRequest, SessionError> =>
      Instant.nowWith((now) => {
        const token = lifecycle.currentAt(now)
        return Effect.isEffect(token)
          ? Effect.flatMap(notSentYet(token), (held) =>
              Instant.nowWith((later) => sendWith(held, later, tries, asked))
            )
          : sendWith(token, now, tries, asked)
      }).pipe(
        Effect.catchAll((error) =>
          error._tag === "Outdated" ? sendBy(tries - 1, asked) : Effect.fail(error)
        )
      )
    return (asked) => sendBy(3, asked)
  }

/** `currentToken` waits for a token that may be sent. */
export const currentToken = (lifecycle: TokenLifecycle): Effect.Effect<CurrentToken, SessionError> =>
  notSentYet(lifecycle.current)

/** `notSentYet` has a renewal fail as what waits for it: the renewal may have been sent; the request was not. */
const notSentYet = <A>(token: Effect.Effect<A, AuthError>): Effect.Effect<A, SessionError> =>
  Effect.mapError(token, (error) => {
    if (error._tag === "DeviceUnreachable") return new DeviceUnreachable({ ...error, sent: "no" })
    if (error._tag === "DeviceBusy") return new DeviceBusy({ ...error, sent: "no" })
    return error
  })
