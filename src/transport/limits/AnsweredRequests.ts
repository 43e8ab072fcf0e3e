/**
 * `AnsweredRequests` are those that a device may still count, in the order of their answers. To note one, and to forget
 * those that are too old, takes as long for many as for few.
 */
export interface AnsweredRequests<Purpose extends string> {
  readonly count: (purpose: Purpose) => number
  /** `add` notes that one was answered at a moment, in milliseconds: not before those that were noted earlier. */
  readonly add: (purpose: Purpose, at: number) => void
  /** `forget` forgets all that were answered at that moment or before. */
  readonly forget: (until: number) => void
  /** `oldest` is when the first of those that are left was answered. */
  readonly oldest: () => number | undefined
}

/** `make` begins with none. */
export const make = <Purpose extends string>(): AnsweredRequests<Purpose> => {
  const counts = new Map<Purpose, number>()
  const count = (purpose: Purpose) => counts.get(purpose) ?? 0
  let all: Array<{ readonly purpose: Purpose; readonly at: number }> = []
  /** `first` is where those begin that are not forgotten. */
  let first = 0
  return {
    count,
    add: (purpose, at) => {
      counts.set(purpose, count(purpose) + 1)
      all.push({ purpose, at })
    },
    forget: (until) => {
      for (let oldest = all[first]; oldest !== undefined && oldest.at <= until; oldest = all[first]) {
        counts.set(oldest.purpose, count(oldest.purpose) - 1)
        first += 1
      }
      if (first <= all.length / 2) return
      all = all.slice(first)
      first = 0
    },
    oldest: () => all[first]?.at
  }
}
