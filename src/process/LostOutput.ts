import { fstatSync, writeFileSync } from "node:fs"
import process from "node:process"
import * as Predicate from "effect/Predicate"
import { failureCode } from "../transport/SystemErrorCode.ts"
import { exitCodes } from "./ExitCodes.ts"

/** `Stream` is one of those that this process prints to. */
export type Stream = typeof process.stdout | typeof process.stderr

const lost = new WeakSet<Stream>()

/**
 * `note` is told of a write that failed, to a full disk say. Others may need what is under way: so it goes on, and its
 * exit code tells, as does a line where one can still be read.
 */
export const note = (stream: Stream, error: unknown): void => {
  if (lost.has(stream)) return
  lost.add(stream)
  // What ends by itself, without anybody who takes its exit code from here.
  process.exitCode ||= exitCodes.notKept
  if (stream === process.stderr) return
  process.stderr.write(
    `\nStandard output cannot be written (${failureCode(error)}): some of what was printed is lost; make room there, or lead it elsewhere.\n`
  )
}

/** `codeOf` is the exit code of what has this one, where one of these means that all went well. */
export const codeOf = (code: number, well: ReadonlySet<number>): number =>
  well.has(code) && (lost.has(process.stdout) || lost.has(process.stderr)) ? exitCodes.notKept : code

/**
 * `watchWrites` has a stream tell of each write that fails, as an event. Deno throws it into the midst of whoever writes,
 * and Node takes a file to hold all of which it has written a part.
 */
export const watchWrites = (stream: Stream): (() => void) => {
  const earlier = Object.getOwnPropertyDescriptor(stream, "_write")
  const write = isDeno ? telling(stream) : isNode && isFile(stream) ? writingAll(stream) : undefined
  if (write === undefined) return () => undefined
  stream._write = write
  return () => {
    if (stream._write !== write) return
    if (earlier === undefined) Reflect.deleteProperty(stream, "_write")
    else Object.defineProperty(stream, "_write", earlier)
  }
}

type Write = Stream["_write"]

const telling = (stream: Stream): Write => {
  const write = stream._write.bind(stream)
  return (chunk, encoding, done) => {
    try {
      write(chunk, encoding, done)
    } catch (error) {
      // That nobody reads any more is known by what is thrown.
      if (!(error instanceof Error) || (Predicate.hasProperty(error, "code") && error.code === "EPIPE"))
        throw error
      done(error)
    }
  }
}

const writingAll =
  ({ fd }: Stream): Write =>
  (chunk, _encoding, done) => {
    try {
      // A device that is full refuses nothing, too.
      if (chunk.length > 0) writeFileSync(fd, chunk)
    } catch (error) {
      return done(error instanceof Error ? error : new Error("Failed"))
    }
    done()
  }

/**
 * `isFile` is a file or a device: what Node writes to at once. Asked in `bigint`: after it was told of a pipe in plain
 * numbers, Node 20 takes the link to a package, as pnpm makes them, for the package's own folder, and what that package
 * needs is missing.
 */
const isFile = ({ fd, isTTY }: Stream): boolean => {
  try {
    const stat = fstatSync(fd, { bigint: true })
    return stat.isFile() || (stat.isCharacterDevice() && !isTTY)
  } catch {
    return false
  }
}

const isDeno = process.versions.deno !== undefined
const isNode = process.versions.bun === undefined && !isDeno
