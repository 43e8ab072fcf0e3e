import process from "node:process"
import * as Cause from "effect/Cause"
import * as ErrorAccount from "../workflow/errors/ErrorAccount.ts"
import { printableLines } from "../workflow/plan/PlanWords.ts"

/**
 * `format` gives a failure as one readable block for a terminal. Without `debug` it holds neither stack nor value: what
 * a schema refused and what a request carried may be secret. The line of the script is told where it is known.
 */
export const format = (cause: Cause.Cause<unknown>, options: { readonly debug: boolean }): string => {
  const accounts = ErrorAccount.accountsOf(cause)
  const lines = accounts.length > 0 ? accounts.map(block) : ["Interrupted"]
  if (options.debug) return `\n${printableLines(Cause.pretty(cause))}\n`
  return `\n${lines.join("\n")}\n\nSALLYPORT_DEBUG=1 in the environment shows the stack.\n`
}

/** `print` writes it to standard error; with the stack, where the environment asks for that. */
export const print = (cause: Cause.Cause<unknown>): void =>
  void process.stderr.write(format(cause, { debug: isDebugging() }))

const isDebugging = (): boolean => {
  try {
    return Boolean(process.env.SALLYPORT_DEBUG)
  } catch {
    // Deno without the permission to read it.
    return false
  }
}

/** `block` tells what failed, and what is behind it. */
const block = ({ at, line, reasons }: ErrorAccount.ErrorAccount): string =>
  [line, ...reasons.map((reason) => `  because of ${reason}`), ...(at === undefined ? [] : [at])]
    .map(printableLines)
    .join("\n")
