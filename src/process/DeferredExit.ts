import { performance } from "node:perf_hooks"
import process from "node:process"
import * as Predicate from "effect/Predicate"
import * as HostListeners from "./HostListeners.ts"

type Exit = (code?: number | string | null) => never

const exit: Exit = process.exit.bind(process)

/**
 * `processInternals` is where the process is left through; `process.exit` ends there too, also one that a script took
 * by its name before.
 */
const processInternals = process as unknown as {
  reallyExit: (code?: number) => unknown // not among Node's types; each of the three runtimes has it
  _exiting: boolean
}

/** `isLeaving` says that nothing is deferred any more. */
let isLeaving = false

/** `denoExit` stands in for `Deno.exit` while somebody watches. */
let denoExit: Exit | undefined

const deno: unknown = Reflect.get(globalThis, "Deno")
if (Predicate.hasProperty(deno, "exit") && typeof deno.exit === "function") {
  const original = deno.exit
  // Nothing stops Deno's own once it is called. A script may take it by its name, `const { exit } = Deno`, after its
  // imports and before there is anything to close: so this is done here, and not by the watch.
  deno.exit = (code?: number) => (denoExit === undefined || isLeaving ? original(code) : denoExit(code))
}

const dispatched = ["uncaughtExceptionMonitor", ...HostListeners.thrown] as const

// A logout and what is left of the exchanges have five seconds each.
const maxDeferral = 10_000

/**
 * `deferExit` stops a script first that calls process.exit in the middle, whatever name it has for it. It may well
 * catch what that throws, and call it again, with another code.
 */
export const deferExit = (stop: (code: number) => number): (() => void) => {
  const original = { exit: process.exit, reallyExit: processInternals.reallyExit, denoExit }
  let since: number | undefined
  let hasEnded = false
  let isDispatching = false
  let isOver = false
  const deferCall: Exit = (code) => {
    const first = stop(exitCodeOf(code))
    since ??= performance.now()
    if (performance.now() - since > maxDeferral) exitNow(first)
    // A handler of what nobody catches that throws ends the process there and then.
    if (!isDispatching) throw exitRequested
    return undefined as never // the handler has nothing more to do
  }
  const deferred: Exit = (code) => (isOver ? original.exit(code) : hasEnded ? exit(code) : deferCall(code))
  const reallyDeferred = (code?: number) => {
    if (isLeaving || isOver) return Reflect.apply(original.reallyExit, process, [code])
    // Called by its own name, or by a `process.exit` from before: that has told the listeners of "exit", who will hear
    // it once more at the end, and has switched the process off.
    hasEnded = false
    processInternals._exiting = false
    return deferCall(code)
  }
  process.exit = deferred
  denoExit = deferred
  processInternals.reallyExit = reallyDeferred
  const dispatching = () => {
    isDispatching = true
    setImmediate(() => {
      isDispatching = false
    })
  }
  const ending = () => {
    hasEnded = true
  }
  HostListeners.addOwn(dispatching)
  for (const event of dispatched) HostListeners.events.prependListener(event, dispatching)
  process.prependListener("exit", ending)
  return () => {
    isOver = true
    // Somebody else may have put a function of their own round ours by now.
    if (process.exit === deferred) process.exit = original.exit
    if (processInternals.reallyExit === reallyDeferred) processInternals.reallyExit = original.reallyExit
    denoExit = original.denoExit
    for (const event of dispatched) HostListeners.events.off(event, dispatching)
    process.off("exit", ending)
  }
}

/** `exitNow` leaves without waiting for anybody. */
export const exitNow = (code: number): never => {
  isLeaving = true
  return exit(code)
}

/** `exitRequested` is thrown by process.exit, which must not return to a script that still has to be ended. */
export const exitRequested = new Error("the script calls process.exit")

/**
 * `exitCodeOf` gives the exit code that a script asks for. What is no number is a failure that somebody meant to tell.
 */
export const exitCodeOf = (code: number | string | null | undefined): number => {
  const given = Number(code ?? process.exitCode ?? 0)
  return Number.isInteger(given) ? given : 1
}

/**
 * `exitWhenFlushed` exits once what was written has gone out: a pipe may be slower than the script, or have no reader
 * any more.
 */
export const exitWhenFlushed = (code: () => number): void => {
  const end = () => exitNow(code())
  setTimeout(end, 1000)
  // A stream tells of what it could not write after that, and of this there may be something to say.
  const tell = () => setImmediate(() => process.stderr.write("", end))
  process.stdout.write("", () => process.stderr.write("", tell))
}
