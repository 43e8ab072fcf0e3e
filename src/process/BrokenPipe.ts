import { fstatSync } from "node:fs"
import * as Predicate from "effect/Predicate"

/**
 * `isUnread` says whether a write has failed because nobody reads any more what this process prints: one of its streams
 * has said so, or it was a write to a descriptor. A pipe to a program that the script has started is another matter.
 */
export const isUnread = (error: unknown): boolean =>
  isBrokenPipe(error) && (told.has(error) || /^EPIPE\b/.test(error.message))

/** `note` is told of an error of standard output or standard error. */
export const note = (error: BrokenPipe): void => void told.add(error)

const told = new WeakSet<BrokenPipe>()

/** `BrokenPipe` is a write to which nobody listens. */
interface BrokenPipe extends Error {
  readonly code: "EPIPE"
}

/** `isBrokenPipe` says whether a write has failed because nobody reads any more, whatever it was written to. */
export const isBrokenPipe = (error: unknown): error is BrokenPipe =>
  error instanceof Error &&
  Predicate.hasProperty(error, "code") &&
  error.code === "EPIPE" &&
  Predicate.hasProperty(error, "syscall") &&
  error.syscall === "write"

/** `isPipe` says whether what a descriptor leads to can be closed at its other end. */
export const isPipe = (descriptor: number): boolean => {
  try {
    const stat = fstatSync(descriptor)
    return stat.isFIFO() || stat.isSocket()
  } catch {
    return false
  }
}
