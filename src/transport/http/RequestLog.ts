import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import { grantedVariable } from "../../validation/GrantedVariable.ts"
import type { Reply } from "../Reply.ts"
import { redact } from "../redaction/Redaction.ts"

/** `LoggedRequest` is a request as its line shows it. */
interface LoggedRequest {
  readonly target: string
  readonly method: string
  /** `path` is without the query, which may hold a secret. */
  readonly path: string
}

/**
 * `withRequestLog` writes a line to standard error once a request is over: when, target, method, path, status (or the
 * error's tag), milliseconds. Never a header, never a body.
 */
export const withRequestLog =
  ({ method, path, target: targetName }: LoggedRequest) =>
  <A extends Reply, E, R>(exchange: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const begin = performance.now()
      return Effect.onExit(exchange, (exit) => {
        const took = `${Math.round(performance.now() - begin)} ms`
        const at = new Date().toISOString()
        return Console.error(
          `${at} sallyport ${redact(targetName)} ${method} ${path.slice(0, 300)} ${outcomeOf(exit)} ${took}`
        )
      })
    })

const outcomeOf = (exit: Exit.Exit<Reply, unknown>): string => {
  if (Exit.isSuccess(exit)) return String(exit.value.status)
  if (Exit.isInterrupted(exit)) return "interrupted"
  const error = exit.cause._tag === "Fail" ? exit.cause.error : undefined
  return Predicate.hasProperty(error, "_tag") ? String(error._tag) : "broken off"
}

/** `isEnabled` says whether the environment asks for it: `SALLYPORT_LOG=requests`. */
export const isEnabled = (): boolean =>
  grantedVariable("SALLYPORT_LOG")
    .split(",")
    .some((what) => what.trim() === "requests")
