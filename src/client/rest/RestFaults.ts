import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as OptionNames from "../../validation/OptionNames.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"

/**
 * `faultOf` finds what is wrong with a request before it is made. The types say so too; a script in JavaScript has none,
 * and what it calls `params` or `data` would not be sent.
 */
export const faultOf = (
  method: unknown,
  path: unknown,
  answer: unknown,
  options: unknown
): InvalidInput | undefined => {
  if (typeof method !== "string" || !/^[A-Z]+$/.test(method))
    return refuseInput("method", "this is no method; give GET, POST, PUT or DELETE.")
  if (typeof path !== "string") return refuseInput("path", "it is no text; give one such as /object/hosts.")
  if (!Schema.isSchema(answer))
    return refuseInput("answer", "this is no Schema; give one, or use request, which gives whatever comes.")
  return OptionNames.faultOf("a request", options, ["body", "query"]) ?? faultOfQuery(options)
}

const faultOfQuery = (options: unknown): InvalidInput | undefined => {
  const query = Predicate.hasProperty(options, "query") ? options.query : undefined
  if (query === undefined) return undefined
  if (!Predicate.isReadonlyRecord(query) || query instanceof URLSearchParams || query instanceof Map)
    return refuseInput("query", "this is no object; give parameters by their names, as in { limit: 10 }.")
  const wrong = Object.entries(query).find(([, value]) => !isParameter(value))
  return wrong && refuseInput(`query.${wrong[0]}`, "it is neither text, a number, true nor false; give one.")
}

const isParameter = (value: unknown): boolean =>
  value === undefined ||
  Array.isArray(value) ||
  ["string", "number", "boolean", "bigint"].includes(typeof value)
