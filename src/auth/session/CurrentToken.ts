import type * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Instant from "../Instant.ts"
import type { Grant } from "../Token.ts"

/** A grant in a session's hands, and what the session has seen of it. */
export interface Held {
  readonly grant: Grant
  /** Milliseconds before its expiry at which its renewal is due. */
  readonly lead: number
  /** The login in the store that it belongs to. Others use it too. `undefined`: it is the session's own. */
  readonly sharedLogin: string | undefined
  readonly seen: {
    /** The device has accepted it at least once. */
    accepted: boolean
    /** The device has refused it: it is not sent again. */
    rejected: boolean
    /** It did so before its time, and it is not known yet whether another process has renewed it. */
    suspect: boolean
    /** How often a connection was lost or the device was busy: it may have restarted. */
    disturbances: number
    /** So many of them lie before the sending of a request that was accepted: they have cost nothing. */
    outlived: number
    /** Requests under way that carry it. */
    requests: number
    /** Attempts that failed before it was there; forgotten once it is accepted. */
    failures: number
    /** Its logout, once one was begun. */
    logout: Deferred.Deferred<void> | undefined
  }
}

/** Draws the lead once, so that a thousand sessions opened together do not renew together. */
export const make = (grant: Grant, failures: number): Effect.Effect<Held> =>
  Effect.map(Random.nextRange(0.02, 0.07), (share) => ({
    grant,
    lead: Math.min(lifetimeOf(grant) * share, 5 * 60_000),
    sharedLogin: undefined,
    seen: {
      accepted: false,
      rejected: false,
      suspect: false,
      disturbances: 0,
      outlived: 0,
      requests: 0,
      failures,
      logout: undefined
    }
  }))

/** A grant of another session or of an earlier run, which was used there. */
export const adopted = (grant: Grant, sharedLogin: string): Effect.Effect<Held> =>
  Effect.map(make(grant, 0), (held) => ({
    ...held,
    sharedLogin,
    // What has become of the device since then nobody here knows.
    seen: { ...held.seen, accepted: true, disturbances: 1 }
  }))

export const isSame = (one: Grant, other: Grant): boolean =>
  Redacted.value(one.access) === Redacted.value(other.access)

/** `Good` to send; `Due`: good to send and to be renewed beside it; `Spent`: not to be sent again. */
export type Phase = "Good" | "Due" | "Spent"

export const phase = (held: Held, now: Instant.Instant): Phase => {
  if (held.seen.rejected) return "Spent"
  const lifetime = lifetimeOf(held.grant)
  const left = lifetime - Instant.longest(held.grant.issued, now)
  // What is sent in the last moments may arrive after them.
  if (left <= Math.min(30_000, lifetime / 60)) return "Spent"
  return left <= held.lead ? "Due" : "Good"
}

/** Whether the device has certainly forgotten it. One clock alone may be wrong, and so is whoever says it lives for no time. */
export const hasSurelyExpired = ({ grant }: Held, now: Instant.Instant): boolean =>
  lifetimeOf(grant) > 0 && Instant.shortest(grant.issued, now) >= lifetimeOf(grant)

export const canBeRefreshed = ({ grant }: Held, now: Instant.Instant): boolean =>
  grant.refresh !== undefined &&
  grant.refreshesLeft > 0 &&
  (grant.refreshLifetime === undefined ||
    Instant.longest(grant.issued, now) < Duration.toMillis(grant.refreshLifetime))

const lifetimeOf = (grant: Grant): number =>
  grant.lifetime === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(grant.lifetime)
