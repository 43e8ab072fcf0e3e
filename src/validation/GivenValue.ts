import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

// What a script has given where something else is needed: in JavaScript nothing says so before it runs.

/** `kindOf` says what a value is, as in "it is a promise where a text is needed". */
export const kindOf = (value: unknown): string => {
  if (value === undefined || value === null) return String(value)
  if (Array.isArray(value)) return "a list"
  if (typeof value === "string") return value.trim() === "" ? "an empty text" : "text"
  if (typeof value === "function") return Effect.isEffect(value) ? "an Effect" : "a function"
  if (typeof value !== "object") return `of type ${typeof value}`
  if (Predicate.isPromiseLike(value)) return "a promise"
  if (Option.isOption(value)) return "an Option"
  if (Effect.isEffect(value)) return "an Effect"
  if (isStream(value)) return "a stream"
  if (Symbol.asyncIterator in value) return "a list that was not read"
  if (value instanceof Date) return "a Date"
  return Symbol.iterator in value ? `a ${value.constructor?.name ?? "list"}` : "an object"
}

/** `adviceOf` says what has to be done with what is given, before what is in it can be used. */
export const adviceOf = (value: unknown): string | undefined => adviceByKind[kindOf(value)]

const adviceByKind: Readonly<Record<string, string>> = {
  "a promise": "await it first",
  "an Effect": "yield* it first",
  "an Option": "take out of it first what is in it, as by Option.getOrThrow",
  "a stream": "read it first, as by Stream.runCollect",
  "a list that was not read": "read it first, as by await list.toArray()"
}

/** `isPlainObject` says whether it has fields by their names, and is nothing that has to be opened first. */
export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  kindOf(value) === "an object"

const isStream = (value: object): boolean => streamTypeId in value

/** `streamTypeId` is that of `effect/Stream`, which is not loaded for it. */
const streamTypeId = Symbol.for("effect/Stream")
