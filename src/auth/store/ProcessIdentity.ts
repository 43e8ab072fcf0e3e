import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import process from "node:process"

/** `ProcessIdentity` is a process, as another one can look it up: `host/pid/start`. */
export interface ProcessIdentity {
  /** `host` is where a process number means one process: a machine, and on Linux its run and its container. */
  readonly host: string
  readonly pid: number
  /**
   * `start` tells it from another process with the same number. All threads of a process have the same; empty: not
   * known.
   */
  readonly start: string
}

/**
 * `startOf` is, on Linux, the moment at which a process began, in ticks; `undefined` where it has ended, even if not
 * collected yet.
 */
const startOf = (pid: number): string | undefined => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  // The name, in parentheses, may hold anything.
  const facts = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  if (facts[0] === "Z" || facts[0] === "X") return undefined
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}.${facts[19]}`
}

const isLinux = process.platform === "linux"

const orElse = <A>(read: () => A, other: A): A => {
  try {
    return read()
  } catch {
    return other
  }
}

const unknown = "?"

// Containers on the host's network have its name, and each its own process 1. Deno tells it only to a script that may
// do everything: others are told apart by the host's name alone.
const pidNamespace = (): string => (isLinux ? orElse(() => readlinkSync("/proc/self/ns/pid"), unknown) : "")

let known: ProcessIdentity | undefined

/**
 * `currentProcess` is this process. It is asked only where a token is kept: Deno would ask its user for a permission.
 */
export const currentProcess = (): ProcessIdentity => {
  known ??= {
    host: orElse(() => `${hostname()}.${pidNamespace()}`.replaceAll("/", "_"), unknown),
    pid: process.pid,
    start: isLinux ? (orElse(() => startOf(process.pid), "") ?? "") : ""
  }
  return known
}

export const format = ({ host, pid, start }: ProcessIdentity): string => `${host}/${pid}/${start}`

export const parse = (words: string): ProcessIdentity | undefined => {
  const [host, pid, start] = words.split("/")
  return host === undefined || start === undefined || !/^\d+$/.test(pid ?? "")
    ? undefined
    : { host, pid: Number(pid), start }
}

/** `hasEnded` says whether it has certainly ended. Of a process of another machine nothing is known. */
export const hasEnded = ({ host, pid, start }: ProcessIdentity): boolean => {
  const self = currentProcess()
  if (host !== self.host || host === unknown) return false
  if (pid === self.pid) return start !== self.start
  try {
    process.kill(pid, 0)
    return start !== "" && orElse(() => startOf(pid), start) !== start
  } catch (error) {
    // Any other code, and none at all on Deno without --allow-run, says nothing.
    return Object(error).code === "ESRCH"
  }
}

/**
 * `isRunning` says whether it certainly runs, be it stopped. Only Linux tells it from a later process with the same
 * number.
 */
export const isRunning = ({ host, pid, start }: ProcessIdentity): boolean =>
  host === currentProcess().host &&
  host !== unknown &&
  start !== "" &&
  orElse(() => startOf(pid), undefined) === start
