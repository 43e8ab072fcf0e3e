import * as Cause from "effect/Cause"
import * as ErrorAccount from "../workflow/errors/ErrorAccount.ts"

/**
 * `format` gives a failure as one readable block for a terminal. Without `debug` it holds neither stack nor value: what
 * a schema refused and what a request carried may be secret. The line of the script is told where it is known.
 */
export const format = (cause: Cause.Cause<unknown>, options: { readonly debug: boolean }): string => {
  const accounts = ErrorAccount.accountsOf(cause)
  const lines = accounts.length > 0 ? accounts.map(block) : ["Interrupted"]
  if (options.debug) return `\n${Cause.pretty(cause)}\n`
  return `\n${lines.join("\n")}\n\nSALLYPORT_DEBUG=1 in the environment shows the stack.\n`
}

/** `block` tells what failed, and what is behind it. */
const block = ({ at, line, reasons }: ErrorAccount.ErrorAccount): string =>
  [line, ...reasons.map((reason) => `  because of ${reason}`), ...(at === undefined ? [] : [at])].join("\n")
