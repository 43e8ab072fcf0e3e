import type { InvalidInput } from "../../transport/DeviceError.ts"
import { refuseInput } from "../../transport/RefuseInput.ts"

/**
 * `faultOf` finds an option that there is not: the types say so too, and in a script in JavaScript a slip of the pen
 * would be ignored. `owner` is whose options they are.
 */
export const faultOf = (
  owner: string,
  options: object | null | undefined,
  names: ReadonlyArray<string>
): InvalidInput | undefined => {
  const field = Object.keys(options ?? {}).find((name) => !names.includes(name))
  if (field === undefined) return undefined
  return refuseInput(field, `${owner} has no such option; give ${names.join(", ")}.`)
}
