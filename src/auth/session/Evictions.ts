import * as Instant from "../Instant.ts"

/** `EvictionCount` is how often, and since when, a device ended the session early. */
interface EvictionCount {
  readonly count: number
  readonly since: Date
}

export interface Evictions {
  /** `add` counts one more; those of more than five minutes ago are forgotten. */
  readonly add: (now: Instant.Instant) => EvictionCount
}

// Two scripts that take one account from each other do so within seconds. A device that loses a session now and
// then, which was seen too, does not three times in this window.
const windowMillis = 5 * 60_000

export const make = (): Evictions => {
  let past: ReadonlyArray<Instant.Instant> = []
  return {
    add: (now) => {
      past = [...past.filter((one) => Instant.elapsedAtMost(one, now) < windowMillis), now]
      return { count: past.length, since: new Date((past[0] ?? now).wall) }
    }
  }
}
