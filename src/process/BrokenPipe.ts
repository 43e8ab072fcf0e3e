import { fstatSync } from "node:fs"
import * as Predicate from "effect/Predicate"

/** `isBrokenPipe` says whether a write has failed because nobody reads any more. */
export const isBrokenPipe = (error: unknown): boolean =>
  Predicate.hasProperty(error, "code") &&
  error.code === "EPIPE" &&
  Predicate.hasProperty(error, "syscall") &&
  error.syscall === "write"

/** `isPipe` says whether what is behind a descriptor may lose its reader. */
export const isPipe = (descriptor: number): boolean => {
  try {
    const stat = fstatSync(descriptor)
    return stat.isFIFO() || stat.isSocket()
  } catch {
    return false
  }
}
