/** `Throttle` lets at most so many requests go in any 60 seconds of the sandbox's clock; refused ones do not count. */
export class Throttle {
  readonly #limit: number
  readonly #now: () => number
  #admitted: Array<number> = []

  constructor(limit: number, now: () => number) {
    this.#limit = limit
    this.#now = now
  }

  admits(): boolean {
    if (this.#limit === Number.POSITIVE_INFINITY) return true
    const now = this.#now()
    this.#admitted = this.#admitted.filter((at) => now - at < 60_000)
    if (this.#admitted.length >= this.#limit) return false
    this.#admitted.push(now)
    return true
  }
}
