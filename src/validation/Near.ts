import * as Needed from "./Needed.ts"
import * as Spelling from "./Spelling.ts"

/** `near` gives the names that were probably meant, the nearest first, in whichever case they are written. */
export const near = (given: string, names: Iterable<string>): ReadonlyArray<string> => {
  Needed.text("given", given)
  Needed.names("names", names)
  return Spelling.near(given, names)
}
