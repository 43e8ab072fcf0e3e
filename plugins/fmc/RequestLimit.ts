import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type AuthProvider, Reply, type Session } from "sallyport/plugin"
import * as ServerVersion from "./domain/ServerVersion.ts"

/** `defaultLimit` is how many requests a minute every FMC takes from one address (FMC guide, Rate Limiting). */
export const defaultLimit = 120

/** `newerLimit` is how many requests a minute it takes from 7.4.1 on (read in public clients' code). */
const newerLimit = 300

/**
 * `raiseIfAllowed` finds out whether the FMC takes more, in a fiber that ends with the scope. A script that never comes
 * near what all of them take sends nothing for it: the version is asked for when a request has to wait for the first
 * time, and by the way that is kept for logins, since all others are taken then; once for all sessions on it. A target
 * that names its own `requestsPerMinute` is never asked.
 */
export const raiseIfAllowed = (
  { authorize, transport }: AuthProvider.AuthProvider,
  session: Session.Session
): Effect.Effect<void, never, Scope.Scope> =>
  transport.target.requestsPerMinute !== undefined
    ? Effect.void
    : Effect.gen(function* () {
        const { rateLimiter, once } = transport.limits
        yield* rateLimiter.onSaturated
        yield* once(
          "fmc allowance",
          Effect.gen(function* () {
            const token = yield* session.token
            const request = authorize(HttpClientRequest.get(ServerVersion.serverVersionPath), token)
            const version = ServerVersion.parse(Reply.json(yield* transport.exchangeAuth(request)))
            if (version !== undefined && ServerVersion.isAtLeast(version, 7, 4, 1))
              yield* rateLimiter.raiseLimit(newerLimit)
          })
        )
      }).pipe(Effect.ignore, Effect.forkScoped, Effect.asVoid)
