import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import { timedOut } from "../../transport/LostAnswer.ts"
import { redactedSpan } from "../../transport/RedactedSpan.ts"
import * as Retry from "../../transport/Retry.ts"
import type { AuthError } from "../AuthError.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type { Token } from "../Token.ts"
import type * as Background from "./Background.ts"
import * as CurrentToken from "./CurrentToken.ts"
import { inTime } from "./InTime.ts"
import { retryWhileBusy } from "./RetryWhileBusy.ts"

export interface Options {
  readonly provider: AuthProvider.AuthProvider
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

/** `timeout` is how long a logout has, in milliseconds. */
export const timeout = 5000

/**
 * `startOnce` begins what ends a token: once however often it is asked to, in a fiber that nobody's interruption ends.
 * Hands back the wait for its end.
 */
export const startOnce = (
  background: Background.Service,
  held: CurrentToken.CurrentToken,
  end: Effect.Effect<unknown>
): Effect.Effect<Effect.Effect<void>> =>
  Effect.suspend(() => {
    const first = held.history.logout
    if (first !== undefined) return Effect.succeed(Deferred.await(first))
    const over = Deferred.unsafeMake<void>(FiberId.none)
    held.history.logout = over
    const started = background.start(Effect.ensuring(end, Deferred.succeed(over, undefined)))
    return Effect.as(started, Deferred.await(over))
  }).pipe(Effect.uninterruptible)

/**
 * `logout` ends a token at the device, within `limit`, and tells whether it is over. A failure is an event and a
 * warning, never an error: it must not hide the program's own result. `quietly`: its end is no event, since it is not
 * that of the session.
 */
export const logout = (
  { provider, publish }: Options,
  current: CurrentToken.CurrentToken,
  limit: Duration.DurationInput,
  how?: "quietly"
): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    const targetName = provider.transport.target.name
    const { token } = current
    const now = yield* Instant.now
    const ended =
      how === "quietly"
        ? Effect.succeed(true)
        : Instant.nowWith(({ wall }) =>
            Effect.as(publish(SessionEvent.LoggedOut({ at: wall, targetName })), true)
          )
    if (!token.revocable) return true
    if (CurrentToken.hasSurelyExpired(current, now)) return yield* ended
    return yield* revokeWhileBusy(provider, token, now, limit).pipe(
      inTime({
        duration: limit,
        onTimeout: (flight) => timedOut(provider.transport.target, flight),
        repeatable: true
      }),
      redactedSpan("sallyport.logout", { target: targetName }),
      Effect.matchCauseEffect({
        onSuccess: () => ended,
        onFailure: (cause) => {
          // The device had refused it before: it is as dead as a logout could make it.
          if (current.history.rejected && cause._tag === "Fail" && cause.error._tag === "DeviceRefused")
            return Effect.succeed(true)
          const message =
            cause._tag === "Fail" ? cause.error.message : `${targetName}: the plugin's logout broke off`
          return Effect.zipRight(
            Effect.logWarning(`${message} The session was not logged out${until(token.expiresAt)}.`),
            Instant.nowWith(({ wall }) =>
              Effect.as(
                publish(
                  SessionEvent.LogoutFailed({ at: wall, targetName, message, expiresAt: token.expiresAt })
                ),
                false
              )
            )
          )
        }
      })
    )
  })

/**
 * `revokeWhileBusy` sends a logout again for which the device has no time, as far as `limit` lets it. A 429 was not
 * processed; behind a 503 it may have been.
 */
const revokeWhileBusy = (
  provider: AuthProvider.AuthProvider,
  token: Token,
  began: Instant.Instant,
  limit: Duration.DurationInput
): Effect.Effect<void, AuthError> => {
  const { limits } = provider.transport
  const timeout = Duration.toMillis(limit)
  return retryWhileBusy(
    { limits, backOff: Retry.backOff, closed: Effect.never, began, timeout },
    (_, last) => {
      const revoke = revokeTwice(provider, token)
      return last === undefined || last.status === 429 ? revoke : acceptUnknown(revoke)
    }
  )
}

/**
 * `revokeTwice` sends a logout that was lost once more, on another connection: what it ends stays ended. So it does where
 * what came is no answer: it may belong to what the connection has carried before.
 */
const revokeTwice = (provider: AuthProvider.AuthProvider, token: Token): Effect.Effect<void, AuthError> => {
  const revoke = Effect.suspend(() => provider.revoke(token))
  return Effect.catchTags(revoke, {
    DeviceUnreachable: (lost) =>
      // Who has waited for an answer in vain has no time for another.
      lost.reason === "Timeout" ? Effect.fail(lost) : lost.sent === "maybe" ? acceptUnknown(revoke) : revoke,
    ProtocolViolation: () => acceptUnknown(revoke)
  })
}

/** `acceptUnknown` takes a repeated logout for done where the device knows the token no longer: the first has arrived. */
const acceptUnknown = (revoke: Effect.Effect<void, AuthError>): Effect.Effect<void, AuthError> =>
  Effect.catchTag(revoke, "DeviceRefused", (refused) =>
    [400, 401, 403].includes(refused.status) ? Effect.void : Effect.fail(refused)
  )

const until = (expiresAt: number | undefined): string =>
  expiresAt === undefined ? "" : ` and stays open until ${new Date(expiresAt).toISOString()}`
