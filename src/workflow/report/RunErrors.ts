import type * as Cause from "effect/Cause"
import * as ErrorAccount from "../errors/ErrorAccount.ts"
import type { RunError } from "./RunReport.ts"

/** `runErrors` gives the errors of a cause as a report has them. There are none where it was interrupted alone. */
export const runErrors = (cause: Cause.Cause<unknown>): ReadonlyArray<RunError> =>
  ErrorAccount.accountsOf(cause).map(({ advice, at, message, reasons, tag }) => ({
    tag,
    message: [message, ...reasons.map((reason) => `because of ${reason}`)].join("\n"),
    ...(advice !== undefined && { advice }),
    ...(at !== undefined && { at })
  }))
