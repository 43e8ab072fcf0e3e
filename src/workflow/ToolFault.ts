import * as Predicate from "effect/Predicate"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as GivenValue from "../validation/GivenValue.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { leaveOut, unknownIn } from "../validation/Spelling.ts"

/**
 * `toolFault` finds what says nothing of a change or a job: the types say so too; a script in JavaScript has none. `tool`
 * is which of the two it is, and `names` are those of its fields.
 */
export const toolFault = (
  tool: "change" | "job",
  given: unknown,
  names: ReadonlyArray<string>
): InvalidInput | undefined => {
  if (!GivenValue.isPlainObject(given)) {
    const advice = GivenValue.adviceOf(given) ?? "give one behind the name, as in { on: fmc, path, … }"
    return refuseInput(tool, `it is ${GivenValue.kindOf(given)} where an object is needed; ${advice}.`)
  }
  const { on } = given
  if (!Predicate.hasProperty(on, "session") || !Predicate.hasProperty(on.session, "target"))
    return refuseInput(
      `${tool}.on`,
      `it is ${GivenValue.kindOf(on)} where a client is needed; ${GivenValue.adviceOf(on) ?? "give that of the device, such as fmc"}.`
    )
  const unknown = unknownIn(given, names)
  return unknown === undefined
    ? undefined
    : refuseInput(`${tool}.${unknown}`, `a ${tool} has no such field; ${leaveOut(unknown, names)}`)
}
