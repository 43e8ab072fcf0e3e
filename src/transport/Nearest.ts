/** `nearest` gives the name that was probably meant; `undefined` where none is like what was given. */
export const nearest = (given: string, names: Iterable<string>): string | undefined => {
  const limit = Math.max(1, Math.floor(given.length / 3))
  const [first] = [...names]
    .map((name) => ({ name, distance: distance(given, name) }))
    .filter((one) => one.distance <= limit || (given.length > 2 && one.name.startsWith(given)))
    .sort((one, other) => one.distance - other.distance)
  return first?.name
}

/** `distance` counts the letters that are put in, left out or changed, two that have changed places as one. */
const distance = (one: string, other: string): number => {
  let beforeLast: ReadonlyArray<number> = []
  let last: ReadonlyArray<number> = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      )
    }
    beforeLast = last
    last = current
  }
  return last[other.length] ?? 0
}
