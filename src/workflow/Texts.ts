/** `withTexts` gives a value as JSON has it, with another text in the place of each, at any depth. */
export const withTexts = <A>(value: A, replaced: (text: string) => string): A => {
  const within = (one: unknown): unknown => {
    if (typeof one === "string") return replaced(one)
    if (Array.isArray(one)) return one.map(within)
    if (typeof one !== "object" || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([field, inner]) => [field, within(inner)]))
  }
  // Only texts have become other texts.
  return within(value) as A
}
