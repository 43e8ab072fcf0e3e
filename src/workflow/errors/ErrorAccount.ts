import * as Cause from "effect/Cause"
import * as ConfigError from "effect/ConfigError"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import { operationOf } from "../../transport/RequestPath.ts"
import * as EnvironmentVariable from "../../validation/EnvironmentVariable.ts"
import * as EffectMistake from "./EffectMistake.ts"
import * as ScriptLine from "./ScriptLine.ts"

/**
 * `ErrorAccount` is what may be told of an error to anybody: neither stack nor value, since what a schema refused and
 * what a request carried may be secret.
 */
export interface ErrorAccount {
  /** `tag` is its tag, or else its name. */
  readonly tag: string
  /** `message` is what it says, without what is behind it. */
  readonly message: string
  /** `line` is both in one line. */
  readonly line: string
  /** `advice` is the part of the message that says what to do next, where the error has it apart. */
  readonly advice: string | undefined
  /** `reasons` are the lines of what is behind it. */
  readonly reasons: ReadonlyArray<string>
  /** `at` is the line of the script that it is due to, where it is known. */
  readonly at: string | undefined
}

/** `accountsOf` tells of each error in a cause. There are none where it was interrupted alone. */
export const accountsOf = (cause: Cause.Cause<unknown>): ReadonlyArray<ErrorAccount> =>
  [...Cause.failures(cause), ...Cause.defects(cause)].map((failure) =>
    accountOf(Cause.originalError(failure))
  )

const accountOf = (failure: unknown): ErrorAccount => ({
  ...wordsOf(failure),
  advice:
    failure instanceof Error && Predicate.hasProperty(failure, "advice") && Predicate.isString(failure.advice)
      ? failure.advice
      : undefined,
  reasons: reasonsBehind(failure),
  at: ScriptLine.lineOf(failure)
})

// A chain that is longer, or goes round, says nothing more.
const maxReasons = 5

const reasonsBehind = (failure: unknown): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let last = failure
  for (let depth = 0; depth < maxReasons; depth++) {
    const reasons = reasonsOf(last)
    lines.push(...reasons.map((reason) => wordsOf(reason).line))
    if (reasons.length !== 1) break
    last = reasons[0]
  }
  return lines
}

const reasonsOf = (failure: unknown): ReadonlyArray<unknown> => {
  // What stands behind an error of HttpClient holds the request, its headers and its body.
  if (!(failure instanceof Error) || httpErrors.has(failure.name)) return []
  if (failure instanceof AggregateError) return failure.errors.slice(0, maxReasons)
  return failure.cause instanceof Error ? [Cause.originalError(failure.cause)] : []
}

const httpErrors: ReadonlySet<string> = new Set(["RequestError", "ResponseError"])

type Words = Pick<ErrorAccount, "tag" | "message" | "line">

const words = (tag: string, message: string): Words => ({
  tag,
  message,
  line: message === "" ? tag : `${tag}: ${message}`
})

/** `inOneSentence` are words that stand by themselves, without the tag. */
const inOneSentence = (tag: string, message: string): Words => ({ tag, message, line: message })

const wordsOf = (failure: unknown): Words => {
  const name =
    Predicate.hasProperty(failure, "_tag") && typeof failure._tag === "string" ? failure._tag : undefined
  if (ParseResult.isParseError(failure)) {
    const paths = ParseResult.ArrayFormatter.formatErrorSync(failure).map(
      ({ path }) => path.join(".") || "the whole"
    )
    return words(
      failure._tag,
      `the data is not what the script's schema describes, at: ${[...new Set(paths)].join(", ")}`
    )
  }
  if (name !== undefined && httpErrors.has(name)) return words(name, httpFacts(failure))
  // Its message holds what could not be read.
  if (failure instanceof SyntaxError)
    return words(failure.name, "something is not of the form that was expected")
  if (failure instanceof Error) {
    const mistake = EffectMistake.textOf(failure)
    return mistake === undefined
      ? words(name ?? failure.name, failure.message)
      : inOneSentence(name ?? failure.name, mistake)
  }
  if (ConfigError.isConfigError(failure))
    return words("Configuration", EnvironmentVariable.configErrorText(failure))
  if (name !== undefined) return words(name, "")
  if (typeof failure === "string" && failure.trim() !== "") return inOneSentence("Failure", failure)
  return inOneSentence(
    "Failure",
    `The script failed with ${valueName(failure)}, of which nothing is told; throw an Error in its place, with words.`
  )
}

/** `valueName` says what kind of value it is that is no error. */
const valueName = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (value === "") return "an empty text"
  return typeof value === "object" ? "an object that is no Error" : `a ${typeof value}`
}

// The errors of HttpClient print the request, its headers and its body included.
const httpFacts = (failure: unknown): string => {
  const { reason, request, response } = failure as {
    readonly reason?: string
    readonly request?: { readonly method?: string; readonly url?: string }
    readonly response?: { readonly status?: number }
  }
  const where = operationOf({ method: request?.method ?? "", url: request?.url ?? "" }).trim()
  return [reason, where, response?.status && `status ${response.status}`].filter(Boolean).join(", ")
}
