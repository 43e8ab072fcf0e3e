import * as GivenValue from "./GivenValue.ts"
import type { InvalidInput } from "./InvalidInput.ts"
import { refuseInput } from "./RefuseInput.ts"
import { leaveOut, unknownIn } from "./Spelling.ts"

/**
 * `faultOf` finds an option that there is not: the types say so too, and in a script in JavaScript a slip of the pen
 * would be ignored. `owner` is whose options they are.
 */
export const faultOf = (
  owner: string,
  options: unknown,
  names: ReadonlyArray<string>
): InvalidInput | undefined => {
  if (options !== undefined && options !== null && !GivenValue.isPlainObject(options)) {
    const advice = GivenValue.adviceOf(options) ?? "give an object, or leave it out"
    return refuseInput("options", `these are no options of ${owner}; ${advice}.`)
  }
  const unknown = unknownIn(options ?? {}, names)
  return unknown === undefined
    ? undefined
    : refuseInput(unknown, `${owner} has no such option; ${leaveOut(unknown, names)}`)
}
