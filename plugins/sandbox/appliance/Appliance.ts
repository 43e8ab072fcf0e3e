import type { Protocol } from "./Call.ts"
import type { Recorder } from "./Ledger.ts"
import type { Settings } from "./Options.ts"
import type { Session, Sessions } from "./Sessions.ts"

/** `Appliance` is what both protocols share: one account, one clock, one ledger. */
export interface Appliance {
  readonly settings: Settings
  readonly sessions: Sessions
  readonly recorder: Recorder
  /** `now` is in milliseconds since 1970, by the clock that the sandbox was made under. */
  readonly now: () => number
  /** `accepts` says whether this is the account, with its password of this moment. */
  readonly accepts: (username: unknown, password: unknown) => boolean
  /** `setPassword` changes the account's password; sessions stay open. */
  readonly setPassword: (password: string) => void
  /** `acceptsToken` says whether this is the API token of this moment. */
  readonly acceptsToken: (token: unknown) => boolean
}

/** `sessionOf` gives the session of a good access token; a dead one that this sandbox gave out is put on the ledger. */
export const sessionOf = (
  appliance: Appliance,
  protocol: Protocol,
  value: string | undefined
): Session | undefined => {
  const token = appliance.sessions.find(value, protocol, "access")
  if (token === undefined) return undefined
  const dead = appliance.sessions.deadBy(token)
  if (dead === undefined) return token.session
  appliance.recorder.deadTokenSent(protocol, dead)
  return undefined
}
