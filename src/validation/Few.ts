import * as Needed from "./Needed.ts"

/** `few` names the first of several in a sentence, and says how many more there are: `a, b, and 3 more`. */
export const few = (all: ReadonlyArray<string>, most = 10): string => {
  Needed.list("all", all)
  const rest = all.length - most
  return `${all.slice(0, most).join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`
}
