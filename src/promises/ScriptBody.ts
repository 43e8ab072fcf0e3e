import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { refuseInput } from "../validation/RefuseInput.ts"

/** `faultOf` says what is wrong with what stands in the place of a script's function. The types say so too. */
export const faultOf = (field: string, body: unknown): InvalidInput | undefined =>
  typeof body === "function"
    ? undefined
    : refuseInput(
        field,
        "it is no function; give one that works with what is opened, as in use(given, async (client) => …)."
      )

/** `faultOfPart` says what is wrong with what stands in the place of a part of a script: of a step, say. */
export const faultOfPart = (tool: string, part: unknown): InvalidInput | undefined => {
  if (typeof part === "function") return undefined
  const isPromise = Predicate.isPromiseLike(part)
  // It is stopped along with the script, and a rejection that nobody handles would end the process in its place.
  if (isPromise) part.then(undefined, () => undefined)
  const what = isPromise
    ? "a promise, whose work has begun outside of it"
    : isUnrun(part)
      ? "an Effect"
      : "no function"
  return refuseInput(tool, `this is ${what}; give an async function, as in ${tool}("…", async () => …).`)
}

/** `faultOfName` says what is wrong with what stands in the place of a name: by an empty one, nobody could call it. */
export const faultOfName = (field: string, name: unknown): InvalidInput | undefined =>
  faultOfText(field, name) ??
  (String(name).trim() === "" ? refuseInput(field, "it is empty; give what plans call it by.") : undefined)

/** `faultOfText` says what is wrong with what stands in the place of a text. */
export const faultOfText = (field: string, text: unknown): InvalidInput | undefined =>
  typeof text === "string" ? undefined : refuseInput(field, "what stands there is no text; give one.")

/** `faultOfSchema` says what is wrong with what stands in the place of a Schema. */
export const faultOfSchema = (field: string, schema: unknown): InvalidInput | undefined =>
  Schema.isSchema(schema)
    ? undefined
    : refuseInput(field, "this is no Schema; give one such as Schema.Array(Schema.String), or leave it out.")

/** `faultOfResult` finds what does nothing by itself: a script that gives it would end well, with nothing done. */
export const faultOfResult = (field: string, result: unknown): InvalidInput | undefined => {
  const what = isUnrun(result) ? "an Effect" : isGenerator(result) ? "a generator" : undefined
  if (what === undefined) return undefined
  return refuseInput(
    field,
    `it gives ${what}, which does nothing by itself; give an async function, which awaits its steps.`
  )
}

// These are Effects too, and data.
const isUnrun = (result: unknown): boolean =>
  Effect.isEffect(result) && !Option.isOption(result) && !Either.isEither(result) && !Exit.isExit(result)

const isGenerator = (result: unknown): boolean =>
  /^\[object (Async)?Generator\]$/.test(Object.prototype.toString.call(result))
