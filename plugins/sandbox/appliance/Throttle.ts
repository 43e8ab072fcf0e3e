/** `Throttle` lets at most so many requests go in any 60 seconds of the sandbox's clock; refused ones do not count. */
export interface Throttle {
  readonly admits: () => boolean
}

export const make = (limit: number, now: () => number): Throttle => {
  let admitted: Array<number> = []

  const admits = (): boolean => {
    if (limit === Number.POSITIVE_INFINITY) return true
    const present = now()
    admitted = admitted.filter((at) => present - at < 60_000)
    if (admitted.length >= limit) return false
    admitted.push(present)
    return true
  }

  return { admits }
}
