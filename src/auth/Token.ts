import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Needed from "../validation/Needed.ts"
import type * as Instant from "./Instant.ts"

/** `Token` is what a login or a refresh gave. */
export interface Token {
  readonly access: Redacted.Redacted
  /** `refresh` is `undefined` where the token cannot be refreshed. */
  readonly refresh: Redacted.Redacted | undefined
  /** `issued` is when the request that brought it was sent: the device cannot have counted from an earlier moment. */
  readonly issued: Instant.Instant
  /** `lifetime` is how long the access token is good, or `undefined` where it never expires. */
  readonly lifetime: Duration.Duration | undefined
  /** `expiresAt` is in milliseconds since 1970 by this machine's clock, or `undefined` where it never expires. */
  readonly expiresAt: number | undefined
  /** `refreshLifetime` is how long the refresh token is good, where the device says so. */
  readonly refreshLifetime: Duration.Duration | undefined
  /** `refreshesLeft` is how many more times it can be refreshed; `Infinity` where no limit is known. */
  readonly refreshesLeft: number
  /** `revocable` says whether a logout can end it. */
  readonly revocable: boolean
  /**
   * `attributes` hold what else the provider learned at the login: an FMC's domains, say. They are JSON data, so that
   * they can be kept, and never a secret.
   */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** `TokenResponse` is what a provider reads from a device's answer. */
export interface TokenResponse {
  readonly access: Redacted.Redacted
  /** `refresh` is absent where the token cannot be refreshed. */
  readonly refresh?: Redacted.Redacted | undefined
  /** `lifetime` is absent where the token never expires. */
  readonly lifetime?: Duration.DurationInput | undefined
  /** `refreshLifetime` is absent where the device does not say it. */
  readonly refreshLifetime?: Duration.DurationInput | undefined
  /**
   * `refreshesLeft` is how many more times it can be refreshed.
   *
   * @default without limit where there is a refresh token, else 0
   */
  readonly refreshesLeft?: number | undefined
  /** `revocable` says whether a logout can end it. @default true */
  readonly revocable?: boolean | undefined
  /** `attributes` are as those of `Token`. @default none */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** `make` gives the token of a provider's answer and the moment at which its request was sent. */
export const make = (response: TokenResponse, issued: Instant.Instant): Token => {
  Needed.object("response", response, "{ access, refresh, lifetime }")
  Needed.object("issued", issued, "the moment at which the request was sent")
  const lifetime = finiteDuration(response.lifetime)
  return {
    access: response.access,
    refresh: response.refresh,
    issued,
    lifetime,
    expiresAt: lifetime === undefined ? undefined : issued.wall + Duration.toMillis(lifetime),
    refreshLifetime: finiteDuration(response.refreshLifetime),
    refreshesLeft: response.refresh === undefined ? 0 : (response.refreshesLeft ?? Number.POSITIVE_INFINITY),
    revocable: response.revocable ?? true,
    attributes: response.attributes ?? {}
  }
}

/** `secrets` are what of a token nobody may read: for what has to be left out of a device's words. */
export const secrets = (
  token: Pick<TokenResponse, "access" | "refresh">
): ReadonlyArray<Redacted.Redacted> => {
  Needed.object("token", token)
  return token.refresh === undefined ? [token.access] : [token.access, token.refresh]
}

// Milliseconds: some 27,000 years. What expires later than a date can tell never expires.
const maxLifetime = 8.64e14

const finiteDuration = (input: Duration.DurationInput | undefined): Duration.Duration | undefined => {
  if (input === undefined) return undefined
  // The device has issued it already: a lifetime that cannot be read must not lose it.
  const duration = Option.getOrUndefined(Duration.decodeUnknown(input))
  return duration !== undefined && Duration.toMillis(duration) <= maxLifetime ? duration : undefined
}
