/**
 * `suggest` gives the end of a sentence on a mistyped name, such as ` (near ones: "NetworkObject")`. Empty where none
 * is near.
 */
export const suggest = (given: string, names: ReadonlyArray<string>): string => {
  const suggestions = names
    .map((name) => ({ name, far: editDistance(given.slice(0, 100).toLowerCase(), name.toLowerCase()) }))
    .filter(({ far, name }) => far <= Math.max(2, name.length / 3))
    .sort((one, other) => one.far - other.far)
    .slice(0, 5)
  return suggestions.length === 0
    ? ""
    : ` (near ones: ${suggestions.map(({ name }) => JSON.stringify(name)).join(", ")})`
}

/**
 * `editDistance` is how many letters have to be put in, left out or replaced; half a letter where one name holds the
 * other.
 */
const editDistance = (one: string, other: string): number => {
  if (one === other) return 0
  if (one.length > 2 && (other.includes(one) || one.includes(other))) return 0.5
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let at = 1; at <= one.length; at++) {
    const next = [at]
    for (let to = 1; to <= other.length; to++) {
      const replaced = (row[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
