import * as Cause from "effect/Cause"
import * as Predicate from "effect/Predicate"
import * as ScriptLine from "../workflow/errors/ScriptLine.ts"

/** `CallSite` is the line of a script from which something was called. */
export interface CallSite {
  readonly stack?: string
}

/**
 * `callerOf` gives the line that called this function: what it calls in turn is not the script's to read. It must not
 * be an async function, which JavaScriptCore does not find among the frames.
 */
export const callerOf = (called: (...given: never) => unknown): CallSite => {
  const site = {}
  Error.captureStackTrace(site, called)
  return site
}

/**
 * `attributed` gives an error as a script gets it: the one that was made, not Effect's proxy of it, which runtimes
 * print by its tag alone and cannot copy. Its message is a field of its own, since copies of an error have no other,
 * and its stack begins at the script's line and not inside Effect. What has no tag is nobody's answer but a bug: that
 * keeps the stack which shows where.
 */
export const attributed = (failure: unknown, site: CallSite): unknown => {
  const error = Cause.originalError(failure)
  if (!(error instanceof Error && Predicate.hasProperty(error, "_tag")) || thrownErrors.has(error))
    return error
  const { message, name } = error
  const frames = (site.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !isOwnFrame(line))
    // Bun prints the stack from inside where the first frame has no name.
    .map((line) => line.replace(/^(\s+at )([^\s()]+:\d+:\d+)$/, "$1<anonymous> ($2)"))
  if (frames[0] !== undefined) ScriptLine.blame(error, frames[0])
  defineHidden(error, "message", message)
  defineHidden(error, "stack", [`${name}: ${message}`, ...frames].join("\n"))
  return error
}

/** `thrown` marks what a function of a script has thrown: it keeps its line, wherever that function is awaited. */
export const thrown = (error: unknown): unknown => {
  if (Predicate.isObject(error)) thrownErrors.add(error)
  return error
}

const thrownErrors = new WeakSet<object>()

/** `isOwnFrame` holds for the runtime's loader, and for what calls the function that a script hands to `use`. */
const isOwnFrame = (line: string): boolean =>
  line.includes("node:internal") || ownFolders.some((folder) => line.replaceAll("\\", "/").includes(folder))

// The folder of this file, in which its callers are as well: encoded as in a URL, and as a path.
const ownFolder = new URL(".", import.meta.url).pathname.replace(/^\/(?=[a-z]:)/i, "")
const ownFolders = [ownFolder, decodeURI(ownFolder)]

// Not to be seen among its facts. An error that is frozen stays as it is.
const defineHidden = (error: Error, field: string, value: string): void => {
  Reflect.defineProperty(error, field, { value, enumerable: false, configurable: true, writable: true })
}
