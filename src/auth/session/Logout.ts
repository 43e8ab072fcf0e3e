import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { DeviceUnreachable } from "../../device/DeviceError.ts"
import { span } from "../../device/Span.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type * as Exchanges from "./Exchanges.ts"
import * as Held from "./Held.ts"

export interface Options {
  readonly provider: AuthProvider.AuthProvider
  readonly exchanges: Exchanges.Service
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

/** Of the session itself, or of a grant that a newer login has replaced: its end is no event. */
export type Of = "session" | "predecessor"

/**
 * Ends a grant at the device, once however often it is asked to, in a fiber that nobody's interruption ends, within
 * `limit`. Hands back the wait for its end. A failure is an event and a warning, never an error: it must not hide
 * the program's own result.
 */
export const logout = (
  options: Options,
  held: Held.Held,
  limit: Duration.DurationInput,
  of: Of
): Effect.Effect<Effect.Effect<void>> =>
  Effect.gen(function* () {
    const over = yield* Deferred.make<void>()
    const first = yield* Effect.sync(() => {
      const known = held.seen.logout
      held.seen.logout = known ?? over
      return known
    })
    if (first !== undefined) return Deferred.await(first)
    yield* options.exchanges.start(
      Effect.ensuring(revoke(options, held, limit, of), Deferred.succeed(over, undefined))
    )
    return Deferred.await(over)
  }).pipe(Effect.uninterruptible)

const revoke = (
  { provider, publish }: Options,
  held: Held.Held,
  limit: Duration.DurationInput,
  of: Of
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const target = provider.transport.target.name
    const { grant } = held
    const now = yield* Instant.now
    const ended =
      of === "predecessor"
        ? Effect.void
        : Effect.flatMap(Instant.now, ({ wall }) => publish(SessionEvent.LoggedOut({ at: wall, target })))
    if (!grant.revocable) return
    if (Held.hasSurelyExpired(held, now)) return yield* ended
    yield* Effect.suspend(() => provider.revoke(grant)).pipe(
      Effect.timeoutFail({
        duration: limit,
        onTimeout: () =>
          new DeviceUnreachable({ target, phase: "Response", reason: "Timeout", sent: "maybe" })
      }),
      span("sallyport.logout", { target }),
      Effect.matchCauseEffect({
        onSuccess: () => ended,
        onFailure: (cause) => {
          // The device had refused it before: it is as dead as a logout could make it.
          if (held.seen.rejected && cause._tag === "Fail" && cause.error._tag === "DeviceRefused")
            return Effect.void
          const message =
            cause._tag === "Fail" ? cause.error.message : `${target}: the plugin's logout broke off`
          return Effect.zipRight(
            Effect.logWarning(`${message} The session was not logged out${until(grant.expiresAt)}.`),
            Effect.flatMap(Instant.now, ({ wall }) =>
              publish(SessionEvent.LogoutFailed({ at: wall, target, message, expiresAt: grant.expiresAt }))
            )
          )
        }
      })
    )
  })

const until = (expiresAt: number | undefined): string =>
  expiresAt === undefined ? "" : ` and stays open until ${new Date(expiresAt).toISOString()}`
