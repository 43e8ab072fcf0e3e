import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as GivenValue from "./GivenValue.ts"
import type { InvalidInput } from "./InvalidInput.ts"
import { refuseInput } from "./RefuseInput.ts"

// What JSON.stringify makes of a value is not always that value: NaN becomes null, a Map {}, what is Redacted a word that
// says so, and a function is left out. A device would get that, and say that all is well.

/**
 * `faultOf` finds what JSON cannot say of a value as it is. A field that is `undefined` is left out.
 *
 * @example
 * const fault = JsonValue.faultOf("body", body)
 */
export const faultOf = (field: string, value: unknown): InvalidInput | undefined =>
  faultIn(field, value, false)

/** `faultOfOpened` does so for a value of which what is `Redacted` is sent as what it holds. */
export const faultOfOpened = (field: string, value: unknown): InvalidInput | undefined =>
  faultIn(field, value, true)

const faultIn = (field: string, value: unknown, opens: boolean): InvalidInput | undefined => {
  const above = new Set<unknown>()
  const search = (at: string, one: unknown): InvalidInput | undefined => {
    if (Predicate.isString(one) || Predicate.isBoolean(one) || one === null) return undefined
    if (Predicate.isNumber(one)) return Number.isFinite(one) ? undefined : refuse(at, `it is ${one}`)
    if (opens && Redacted.isRedacted(one)) return search(at, Redacted.value(one))
    if (!isPlain(one)) return refuse(at, `it is ${kindOf(one)}`, adviceOf(one))
    if (above.has(one)) return refuse(at, "it is within itself")
    above.add(one)
    const fault = Array.isArray(one)
      ? firstOf(one.keys(), (index) => search(`${at}.${index}`, one[index]))
      : firstOf(Object.entries(one), ([name, inner]) =>
          inner === undefined ? undefined : search(`${at}.${name}`, inner)
        )
    above.delete(one)
    return fault
  }
  try {
    return search(field, value)
  } catch {
    return refuse(field, "it lies too deep, or cannot be read")
  }
}

const refuse = (field: string, what: string, advice = "give plain data"): InvalidInput =>
  refuseInput(field, `${what}, which JSON cannot say; ${advice}.`)

/** `isPlain` is false of what says in a way of its own what becomes of it, as a Date or a URL does. */
const isPlain = (one: unknown): one is object =>
  Array.isArray(one) || (GivenValue.isPlainObject(one) && !Predicate.hasProperty(one, "toJSON"))

const kindOf = (one: unknown): string => {
  if (Redacted.isRedacted(one)) return "Redacted"
  const kind = GivenValue.kindOf(one)
  return kind === "an object" ? "an object with a toJSON of its own" : kind
}

const adviceOf = (one: unknown): string | undefined =>
  Redacted.isRedacted(one)
    ? "give what it holds, as by Redacted.value"
    : Predicate.hasProperty(one, "toJSON") && GivenValue.adviceOf(one) === undefined
      ? "give text, as the device spells it"
      : GivenValue.adviceOf(one)

const firstOf = <A>(
  all: Iterable<A>,
  find: (one: A) => InvalidInput | undefined
): InvalidInput | undefined => {
  for (const one of all) {
    const fault = find(one)
    if (fault !== undefined) return fault
  }
  return undefined
}
