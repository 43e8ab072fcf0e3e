/** `leastFor` is left to writes and reads, however many sessions there are. */
const leastFor = (limit: number): number => Math.max(1, Math.floor(limit / 10))

/**
 * `reserveOf` is kept for logins, refreshes and logouts: five, less where there is little to keep them from, and one for
 * each more that is expected.
 */
const reserveOf = (limit: number, expected: number): number => {
  if (limit === Number.POSITIVE_INFINITY) return 0
  const least = Math.min(5, Math.floor(limit / 10))
  return Math.max(least, Math.min(Math.max(0, least - 1) + expected, limit - leastFor(limit)))
}

/** `Expected` are those that a permit is kept for. */
export interface Expected {
  readonly logins: number
  readonly logouts: number
}

/** `roomOf` is how many permits may be taken where all that is expected is still to have one. */
export const roomOf = (limit: number, { logins, logouts }: Expected): number =>
  limit - logins - Math.min(logouts, Math.max(0, limit - leastFor(limit) - 1))

/** `Quota` is how many requests may go in any 60 seconds, and which. */
export interface Quota {
  readonly limit: number
  /** `requests` is the part that is not kept for logins. */
  readonly requests: number
  /**
   * `readsBesideWrites` is how many permits reads may have beside writes. Writes go one at a time, so reads that wait
   * in hundreds would take all permits before the next one comes.
   */
  readonly readsBesideWrites: number
}

export const make = (limit: number, { logins, logouts }: Expected): Quota => {
  const rest = limit - reserveOf(limit, logins + logouts)
  return { limit, requests: rest, readsBesideWrites: Math.max(1, rest - Math.floor(rest / 4)) }
}
