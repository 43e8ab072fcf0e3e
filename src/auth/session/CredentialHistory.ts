import type * as Deferred from "effect/Deferred"
import type * as Option from "effect/Option"
import type { AuthError, CredentialsRefused } from "../AuthError.ts"
import type { Account } from "../Credentials.ts"
import type * as Instant from "../Instant.ts"

/** `CredentialHistory` is what is known of one pair of user name and password. */
export interface CredentialHistory {
  /** `isAccepted` says that some device has accepted it. */
  isAccepted: boolean
  /** `refusals` hold, by device, its refusal, which is final there. `isLocal`: it counts nowhere else. */
  readonly refusals: Map<string, { readonly error: CredentialsRefused; readonly isLocal: boolean }>
  /** `acceptedAt` holds, by device, when it last accepted the pair. */
  readonly acceptedAt: Map<string, Instant.Instant>
  /** `loginsUnderWay` hold, by device, the login under way there; those who wait for it may share its failure. */
  readonly loginsUnderWay: Map<string, Deferred.Deferred<Option.Option<AuthError>>>
  /** `undecided` are logins under way that may yet be refused, and have not been waited for long enough. */
  undecided: number
  /**
   * `lastAnswerAt` is when a device last answered a login, or the first of those under way began, by the monotonic
   * clock.
   */
  lastAnswerAt: number
  /** `waiting` are the callers who wait for one of them. */
  readonly waiting: Set<Deferred.Deferred<Option.Option<AuthError>>>
}

// What a process that runs for years with rotated passwords keeps: the pairs that were used last.
const maxPairs = 1000
const maxDevices = 10_000

export const make = (keyOf: (account: Account) => string) => {
  const pairs = new Map<string, CredentialHistory>()
  const isIdle = ({ loginsUnderWay, waiting }: CredentialHistory) =>
    loginsUnderWay.size === 0 && waiting.size === 0
  const forget = (wanted: CredentialHistory, of: (pair: CredentialHistory) => boolean) => {
    for (const [key, pair] of pairs) {
      if (pairs.size <= maxPairs) return
      if (pair !== wanted && isIdle(pair) && of(pair)) pairs.delete(key)
    }
  }

  return {
    of: (account: Account): CredentialHistory => {
      const key = keyOf(account)
      const pair: CredentialHistory = pairs.get(key) ?? {
        isAccepted: false,
        refusals: new Map(),
        acceptedAt: new Map(),
        loginsUnderWay: new Map(),
        undecided: 0,
        lastAnswerAt: 0,
        waiting: new Set()
      }
      // The last that was used is the last that is forgotten; refusals are worth more.
      pairs.delete(key)
      pairs.set(key, pair)
      forget(pair, ({ refusals }) => refusals.size === 0)
      forget(pair, () => true)
      for (const known of [pair.refusals, pair.acceptedAt]) {
        for (const device of known.keys()) {
          if (known.size <= maxDevices) break
          known.delete(device)
        }
      }
      return pair
    }
  }
}
