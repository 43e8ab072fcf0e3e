import { type Domain, isWithin } from "./Domains.ts"

/** A change that the devices of its domain, and of those below, do not have yet. */
export interface Change {
  /** Grows with every write: what a device's `version` is compared with. */
  readonly version: number
  readonly action: "ADD" | "UPDATE" | "DELETE"
  readonly domain: Domain
  readonly id: string
  readonly name: string
  readonly type: string
}

const most = 200_000

/** Every change of the configuration, the oldest first. */
export class ChangeLog {
  readonly #now: () => number
  #changes: Array<Change> = []
  #newest = new Map<Domain, number>()
  #last = 0

  constructor(now: () => number) {
    this.#now = now
    this.#last = now()
  }

  /** A version for one write: the time in milliseconds, and later than the last one whatever the clock says. */
  stamp(): number {
    this.#last = Math.max(this.#last + 1, this.#now())
    return this.#last
  }

  /** `reach` makes later stamps later than this version, too. */
  reach(version: number): void {
    this.#last = Math.max(this.#last, version)
  }

  add(change: Change): void {
    this.#changes.push(change)
    this.#newest.set(change.domain, change.version)
    // A sandbox that runs for days must not grow for ever.
    if (this.#changes.length > most) this.#changes = this.#changes.slice(most / 2)
  }

  /** The version of the newest change that a device of this domain has to get. */
  newest(domain: Domain): number {
    const versions = [...this.#newest].filter(([changed]) => isWithin(domain, changed))
    return Math.max(0, ...versions.map(([, version]) => version))
  }

  /** The changes after a version, one for each object: what was added and deleted meanwhile is none. */
  since(version: number, domain: Domain): ReadonlyArray<Change> {
    const pending = new Map<string, Change>()
    for (const change of this.#changes) {
      if (change.version <= version || !isWithin(domain, change.domain)) continue
      const before = pending.get(change.id)
      if (before?.action !== "ADD") pending.set(change.id, change)
      else if (change.action === "DELETE") pending.delete(change.id)
      else pending.set(change.id, { ...change, action: "ADD" })
    }
    return [...pending.values()]
  }
}
