import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import {
  type AuthProvider,
  Credentials,
  type InvalidInput,
  type Token,
  TokenRejected
} from "sallyport/plugin"

/**
 * `CustomToken` is a token for a job of its own: it outlives the session that made it, and belongs to one node of an HA
 * pair.
 */
export interface CustomToken {
  readonly access: Redacted.Redacted
  /** `refresh` is `undefined` where it cannot be refreshed. */
  readonly refresh: Redacted.Redacted | undefined
  readonly subject: string
  /** `expiresAt` is in milliseconds since 1970 by this machine's clock. */
  readonly expiresAt: number
  /** `refreshesLeft` is how many more times it can be refreshed. */
  readonly refreshesLeft: number
}

/** `GivenToken` is the access token alone, of which nothing else is known, or all that came with it. */
export type GivenToken = Redacted.Redacted | CustomToken

export const accessOf = (token: GivenToken): Redacted.Redacted =>
  Credentials.withoutLineBreak(Redacted.isRedacted(token) ? token : token.access)

/**
 * `validate` takes a token as a script may give it: plain text, as JavaScript may have it or a file that kept it, is
 * hidden from here on. Fails with `InvalidInput`, which never shows it.
 */
export const validate = (given: unknown): Effect.Effect<GivenToken, InvalidInput> =>
  Effect.gen(function* () {
    if (Redacted.isRedacted(given) || !Predicate.hasProperty(given, "access")) {
      return yield* Credentials.secret("token", given)
    }
    const token = given as CustomToken // what the types say; its secrets are looked at here
    const { access, refresh } = token
    return {
      ...token,
      access: yield* Credentials.secret("token.access", access),
      refresh: refresh === undefined ? undefined : yield* Credentials.secret("token.refresh", refresh)
    }
  })

/**
 * `login` gives the login of a session that runs on a custom token: it hands the token over once, and nothing is sent.
 * The token belongs to whoever made it, so it is never revoked; once it is used up, no login can follow.
 */
export const login = (targetName: string, token: GivenToken): AuthProvider.AuthProvider["login"] => {
  let handedOver = false
  return () =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const reject = (reason: string) =>
        Effect.fail(new TokenRejected({ targetName, operation: "login", reason: `${reason}. ${advice}` }))
      if (handedOver) return reject("the custom token is used up, and it cannot log in again")
      const response = tokenResponseOf(token, now)
      if (response === undefined) return reject("the custom token has expired")
      handedOver = true
      return Effect.succeed(response)
    })
}

const tokenResponseOf = (token: GivenToken, now: number): Token.TokenResponse | undefined => {
  // A bare token is good until the device refuses it.
  if (Redacted.isRedacted(token)) return { access: accessOf(token), revocable: false }
  const { expiresAt, refreshesLeft } = token
  const access = accessOf(token)
  const refresh = token.refresh === undefined ? undefined : Credentials.withoutLineBreak(token.refresh)
  const isRefreshable = refresh !== undefined && refreshesLeft > 0
  if (expiresAt <= now && !isRefreshable) return undefined
  const lifetime = Duration.millis(Math.max(0, expiresAt - now))
  return { access, refresh, lifetime, refreshesLeft, revocable: false }
}

const advice =
  "A new one must be obtained, with fdm.customToken on a session that logged in with a password; then start again"
