import * as Predicate from "effect/Predicate"

const lines = new WeakMap<Error, string>()

/** `blame` says which line of a script, as a stack has it, an error is due to. */
export const blame = (error: Error, line: string): void => void lines.set(error, line)

/**
 * `lineOf` gives the line of a script that an error was blamed on. Of what has no tag, and so is a bug, it is the line
 * at which it showed.
 */
export const lineOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  return lines.get(error) ?? (Predicate.hasProperty(error, "_tag") ? undefined : firstOwnLine(error))
}

/** `firstOwnLine` is no line of a package or of the runtime. It stands for itself, and not as the first of a stack. */
const firstOwnLine = ({ message, stack = "" }: Error): string | undefined =>
  stack
    // What it says may look like a line of a stack, and hold anything.
    .slice(stack.indexOf(message) + message.length)
    .split("\n")
    .find((line) => /^\s+at .*:\d+:\d+\)?$/.test(line) && !/node_modules|\b(node|ext|native):/.test(line))
    ?.trim()
