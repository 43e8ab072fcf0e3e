import * as Cause from "effect/Cause"
import * as ConfigError from "effect/ConfigError"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as EnvironmentVariable from "../transport/EnvironmentVariable.ts"
import * as EffectMistake from "./EffectMistake.ts"
import * as ScriptLine from "./ScriptLine.ts"

/**
 * `format` gives a failure as one readable block for a terminal. Without `debug` it holds neither stack nor value: what
 * a schema refused and what a request carried may be secret. The line of the script is told where it is known.
 */
export const format = (cause: Cause.Cause<unknown>, options: { readonly debug: boolean }): string => {
  const failures = [...Cause.failures(cause), ...Cause.defects(cause)].map(Cause.originalError)
  const lines = failures.length > 0 ? failures.map(failureLines) : ["Interrupted"]
  if (options.debug) return `\n${Cause.pretty(cause)}\n`
  return `\n${lines.join("\n")}\n\nSALLYPORT_DEBUG=1 in the environment shows the stack.\n`
}

// A chain that is longer, or goes round, says nothing more.
const maxReasons = 5

/** `failureLines` tell what failed, and what is behind it. */
const failureLines = (failure: unknown): string => {
  const lines = [failureLine(failure)]
  let last = failure
  for (let depth = 0; depth < maxReasons; depth++) {
    const reasons = reasonsOf(last)
    lines.push(...reasons.map((reason) => `  because of ${failureLine(reason)}`))
    if (reasons.length !== 1) break
    last = reasons[0]
  }
  const where = ScriptLine.lineOf(failure)
  return [...lines, ...(where === undefined ? [] : [where])].join("\n")
}

const reasonsOf = (failure: unknown): ReadonlyArray<unknown> => {
  // What stands behind an error of HttpClient holds the request, its headers and its body.
  if (!(failure instanceof Error) || httpErrors.has(failure.name)) return []
  if (failure instanceof AggregateError) return failure.errors.slice(0, maxReasons)
  return failure.cause instanceof Error ? [Cause.originalError(failure.cause)] : []
}

const httpErrors: ReadonlySet<string> = new Set(["RequestError", "ResponseError"])

const failureLine = (failure: unknown): string => {
  const name =
    Predicate.hasProperty(failure, "_tag") && typeof failure._tag === "string" ? failure._tag : undefined
  if (ParseResult.isParseError(failure)) {
    const paths = ParseResult.ArrayFormatter.formatErrorSync(failure).map(
      ({ path }) => path.join(".") || "the whole"
    )
    return `${failure._tag}: the data is not what the script's schema describes, at: ${[...new Set(paths)].join(", ")}`
  }
  if (name !== undefined && httpErrors.has(name)) return `${name}: ${httpFacts(failure)}`
  // Its message holds what could not be read.
  if (failure instanceof SyntaxError) return `${failure.name}: something is not of the form that was expected`
  const mistake = failure instanceof Error ? EffectMistake.textOf(failure) : undefined
  if (mistake !== undefined) return mistake
  if (failure instanceof Error)
    return failure.message ? `${name ?? failure.name}: ${failure.message}` : (name ?? failure.name)
  if (ConfigError.isConfigError(failure))
    return `Configuration: ${EnvironmentVariable.configErrorText(failure)}`
  if (name !== undefined) return name
  return typeof failure === "string" ? failure : `The script failed with a value of type ${typeof failure}`
}

// The errors of HttpClient print the request, its headers and its body included.
const httpFacts = (failure: unknown): string => {
  const { reason, request, response } = failure as {
    readonly reason?: string
    readonly request?: { readonly method?: string; readonly url?: string }
    readonly response?: { readonly status?: number }
  }
  const where = `${request?.method ?? ""} ${request?.url?.split(/[?#]/, 1)[0] ?? ""}`.trim()
  return [reason, where, response?.status && `status ${response.status}`].filter(Boolean).join(", ")
}
