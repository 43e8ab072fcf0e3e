// Enough to find a slip of the pen by; there may be hundreds.
const maxNames = 10

/** `listNames` gives names for an error's message: the first ten, in quotes, and how many more there are. */
export const listNames = (names: ReadonlyArray<string>, redact: (words: string) => string): string => {
  const first = names.slice(0, maxNames).map((name) => JSON.stringify(redact(name)))
  const more = names.length > maxNames ? `, and ${names.length - maxNames} more` : ""
  return `${first.join(", ")}${more}`
}
