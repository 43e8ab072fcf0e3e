const mostNear = 5

// More names than that are no help in one line.
const mostListed = 12

/** `near` gives the names that were probably meant, the nearest first, in whichever case they are written. */
export const near = (given: string, names: Iterable<string>): ReadonlyArray<string> => {
  // A name of a thousand letters would be compared for long, and nobody means it.
  const wanted = given.slice(0, 100).toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return [...names]
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((one, other) => one.far - other.far)
    .slice(0, mostNear)
    .map(({ name }) => name)
}

/** `nearest` gives the one that was probably meant; `undefined` where none is like what was given. */
export const nearest = (given: string, names: Iterable<string>): string | undefined => near(given, names)[0]

/** `unknownIn` gives the first field of an object that is none of those of these names. */
export const unknownIn = (given: object, names: ReadonlyArray<string>): string | undefined =>
  Object.keys(given).find((name) => !names.includes(name))

/** `leaveOut` says what to do about a field that is none of those of these names. */
export const leaveOut = (given: string, names: ReadonlyArray<string>): string => {
  const meant = nearest(given, names)
  if (meant !== undefined) return `leave it out, or check its spelling: did you mean ${meant}?`
  if (names.length === 0) return "leave it out."
  if (names.length > mostListed) return "leave it out, or check its spelling."
  return `leave it out, or give ${names.join(", ")}.`
}

/**
 * `distance` counts the letters that are put in, left out or changed, two that have changed places as one; half a letter
 * where one name begins with the other.
 */
const distance = (one: string, other: string): number => {
  if (
    one !== other &&
    Math.min(one.length, other.length) > 2 &&
    (one.startsWith(other) || other.startsWith(one))
  )
    return 0.5
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
