import { type Domain, isWithin } from "./Domains.ts"

/** `Change` is a change that the devices of its domain, and of those below, do not have yet. */
export interface Change {
  /** `version` grows with every write: a device's `version` is compared with it. */
  readonly version: number
  readonly action: "ADD" | "UPDATE" | "DELETE"
  readonly domain: Domain
  readonly id: string
  readonly name: string
  readonly type: string
}

const most = 200_000

/** `ChangeLog` has every change of the configuration, the oldest first. */
export interface ChangeLog {
  /**
   * `stamp` gives a version for one write: the time in milliseconds, and later than the last one whatever the clock
   * says.
   */
  readonly stamp: () => number
  /** `reach` makes later stamps later than this version, too. */
  readonly reach: (version: number) => void
  readonly add: (change: Change) => void
  /** `newest` gives the version of the newest change that a device of this domain has to get. */
  readonly newest: (domain: Domain) => number
  /** `since` gives the changes after a version, one for each object: what was added and deleted meanwhile is none. */
  readonly since: (version: number, domain: Domain) => ReadonlyArray<Change>
}

export const make = (now: () => number): ChangeLog => {
  let changes: Array<Change> = []
  const newestByDomain = new Map<Domain, number>()
  let last = now()

  const stamp = (): number => {
    last = Math.max(last + 1, now())
    return last
  }

  const reach = (version: number): void => {
    last = Math.max(last, version)
  }

  const add = (change: Change): void => {
    changes.push(change)
    newestByDomain.set(change.domain, change.version)
    // A sandbox that runs for days must not grow for ever.
    if (changes.length > most) changes = changes.slice(most / 2)
  }

  const newest = (domain: Domain): number => {
    const versions = [...newestByDomain].filter(([changed]) => isWithin(domain, changed))
    return Math.max(0, ...versions.map(([, version]) => version))
  }

  const since = (version: number, domain: Domain): ReadonlyArray<Change> => {
    const pending = new Map<string, Change>()
    for (const change of changes) {
      if (change.version <= version || !isWithin(domain, change.domain)) continue
      const before = pending.get(change.id)
      if (before?.action !== "ADD") pending.set(change.id, change)
      else if (change.action === "DELETE") pending.delete(change.id)
      else pending.set(change.id, { ...change, action: "ADD" })
    }
    return [...pending.values()]
  }

  return { stamp, reach, add, newest, since }
}
