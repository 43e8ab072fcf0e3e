import { near } from "sallyport/plugin"

/**
 * `suggest` gives the end of a sentence on a mistyped name, such as ` (near ones: "NetworkObject")`. Empty where none
 * is near.
 */
export const suggest = (given: string, names: ReadonlyArray<string>): string => {
  const suggestions = near(given, names).map((name) => JSON.stringify(name))
  return suggestions.length === 0 ? "" : ` (near ones: ${suggestions.join(", ")})`
}
