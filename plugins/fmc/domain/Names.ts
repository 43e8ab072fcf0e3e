// Enough to find a slip of the pen by; there may be hundreds.
const most = 10

/** Names for an error's message: the first ten, in quotes, and how many more there are. */
export const among = (names: ReadonlyArray<string>, safe: (words: string) => string): string => {
  const first = names.slice(0, most).map((name) => JSON.stringify(safe(name)))
  const more = names.length > most ? `, and ${names.length - most} more` : ""
  return `${first.join(", ")}${more}`
}
