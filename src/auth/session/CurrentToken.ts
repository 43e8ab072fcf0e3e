import type * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Instant from "../Instant.ts"
import type { Token } from "../Token.ts"
import type * as TokenStore from "../TokenStore.ts"

/** `CurrentToken` is a token in a session's hands, and what the session has seen of it. */
export interface CurrentToken {
  readonly token: Token
  /** `lifetime` is in milliseconds, and without end where the token has none. */
  readonly lifetime: number
  /** `renewalLead` is how many milliseconds before its expiry its renewal is due. */
  readonly renewalLead: number
  /** `username` is the account's whose login brought it; empty where the credentials are a token. */
  readonly username: string
  /** `shared` says where others find it, who use it too. `undefined`: it is the session's own. */
  readonly shared: Shared | undefined
  readonly history: {
    /** `accepted` says that the device has accepted it at least once. */
    accepted: boolean
    /** `rejected` says that the device has refused it: it is not sent again. */
    rejected: boolean
    /**
     * `suspect` says that the device did so before its time, and that it is not known yet whether another process has
     * renewed it.
     */
    suspect: boolean
    /** `disturbances` counts lost connections and answers of a busy device: it may have restarted. */
    disturbances: number
    /** `outlived` counts those that lie before the sending of a request that was accepted: they have cost nothing. */
    outlived: number
    /** `requests` counts the requests under way that carry it. */
    requests: number
    /** `failures` counts attempts that failed before it was there; forgotten once it is accepted. */
    failures: number
    /** `logout` is its logout, once one was begun. */
    logout: Deferred.Deferred<void> | undefined
  }
}

/** `Shared` is where a store keeps a token, and the login that it comes from. */
export interface Shared {
  readonly slot: TokenStore.Slot
  readonly login: string
}

/** `make` draws the lead once, so that a thousand sessions opened together do not renew together. */
export const make = (token: Token, username: string, failures: number): Effect.Effect<CurrentToken> =>
  Effect.map(Random.nextRange(0.02, 0.07), (share) => {
    const lifetime =
      token.lifetime === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(token.lifetime)
    return {
      token,
      lifetime,
      renewalLead: Math.min(lifetime * share, 5 * 60_000),
      username,
      shared: undefined,
      history: {
        accepted: false,
        rejected: false,
        suspect: false,
        disturbances: 0,
        outlived: 0,
        requests: 0,
        failures,
        logout: undefined
      }
    }
  })

/** `adopted` gives a token of another session or of an earlier run, which was used there. */
export const adopted = (token: Token, username: string, shared: Shared): Effect.Effect<CurrentToken> =>
  Effect.map(make(token, username, 0), (held) => ({
    ...held,
    shared,
    // What has become of the device since then nobody here knows.
    history: { ...held.history, accepted: true, disturbances: 1 }
  }))

export const isSame = (one: Token, other: Token): boolean =>
  Redacted.value(one.access) === Redacted.value(other.access)

/**
 * `Phase` says how a token may be used. `Good`: to send; `Due`: good to send and to be renewed beside it; `Spent`: not
 * to be sent again.
 */
export type Phase = "Good" | "Due" | "Spent"

export const phaseOf = (held: CurrentToken, now: Instant.Instant): Phase => {
  const { lifetime } = held
  if (held.history.rejected) return "Spent"
  const left = lifetime - Instant.elapsedAtMost(held.token.issued, now)
  // What is sent in the last moments may arrive after them.
  if (left <= Math.min(30_000, lifetime / 60)) return "Spent"
  return left <= held.renewalLead ? "Due" : "Good"
}

/**
 * `hasSurelyExpired` says whether the device has certainly forgotten it. One clock alone may be wrong, and so may a
 * provider that says it lives for no time.
 */
export const hasSurelyExpired = ({ lifetime, token }: CurrentToken, now: Instant.Instant): boolean =>
  lifetime > 0 && Instant.elapsedAtLeast(token.issued, now) >= lifetime

export const isRefreshable = ({ token }: CurrentToken, now: Instant.Instant): boolean =>
  token.refresh !== undefined &&
  token.refreshesLeft > 0 &&
  (token.refreshLifetime === undefined ||
    Instant.elapsedAtMost(token.issued, now) < Duration.toMillis(token.refreshLifetime))

/** `noteAccepted` notes in its history that the device accepted the token. */
export const noteAccepted = ({ history }: CurrentToken, outlived: number): void => {
  history.accepted = true
  history.outlived = Math.max(history.outlived, outlived)
  history.failures = 0
}

/** `noteDisturbed` notes in its history that a connection was lost or the device went away. */
export const noteDisturbed = ({ history }: CurrentToken): void => {
  history.disturbances += 1
}
