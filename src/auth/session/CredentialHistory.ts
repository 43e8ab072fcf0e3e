import type * as Deferred from "effect/Deferred"
import type * as Option from "effect/Option"
import type { AuthError, CredentialsRefused } from "../AuthError.ts"
import type { Account } from "../Credentials.ts"
import type * as Instant from "../Instant.ts"

/** What is known of one pair of user name and password. */
export interface Pair {
  /** Some device has accepted it. */
  isGood: boolean
  /** By device: its refusal, which is final there. `isLocal`: it counts nowhere else. */
  readonly refusals: Map<string, { readonly error: CredentialsRefused; readonly isLocal: boolean }>
  /** By device: when it last accepted the pair. */
  readonly proven: Map<string, Instant.Instant>
  /** By device: the login under way there; those who wait for it may share its failure. */
  readonly flights: Map<string, Deferred.Deferred<Option.Option<AuthError>>>
  /** Logins under way that may yet be refused, and have not been waited for long enough. */
  holding: number
  /** When a device last answered a login, or the first of those under way began, by the monotonic clock. */
  heard: number
  /** Those who wait for one of them. */
  readonly waiting: Set<Deferred.Deferred<Option.Option<AuthError>>>
}

// What a process that runs for years with rotated passwords keeps: the pairs that were used last.
const most = 1000
const mostDevices = 10_000

export const make = (keyOf: (account: Account) => string) => {
  const pairs = new Map<string, Pair>()
  const isIdle = ({ flights, waiting }: Pair) => flights.size === 0 && waiting.size === 0
  const forget = (wanted: Pair, of: (pair: Pair) => boolean) => {
    for (const [key, pair] of pairs) {
      if (pairs.size <= most) return
      if (pair !== wanted && isIdle(pair) && of(pair)) pairs.delete(key)
    }
  }

  return {
    of: (account: Account): Pair => {
      const key = keyOf(account)
      const pair: Pair = pairs.get(key) ?? {
        isGood: false,
        refusals: new Map(),
        proven: new Map(),
        flights: new Map(),
        holding: 0,
        heard: 0,
        waiting: new Set()
      }
      // The last that was used is the last that is forgotten; refusals are worth more.
      pairs.delete(key)
      pairs.set(key, pair)
      forget(pair, ({ refusals }) => refusals.size === 0)
      forget(pair, () => true)
      for (const known of [pair.refusals, pair.proven]) {
        for (const device of known.keys()) {
          if (known.size <= mostDevices) break
          known.delete(device)
        }
      }
      return pair
    }
  }
}
