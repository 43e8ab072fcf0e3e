import type { EventEmitter } from "node:events"
import { fstatSync } from "node:fs"
import { performance } from "node:perf_hooks"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { Background } from "../auth/session/Background.ts"
import * as UndoStops from "../workflow/run/UndoStops.ts"
import * as Participants from "./Participants.ts"
import * as SignalWords from "./SignalWords.ts"

// 128 and the signal's number, as shells have it.
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

type Signal = keyof typeof signals

/** `ExitWatch` keeps a process until its sessions are logged out. */
export interface ExitWatch {
  /** `decided` gives the exit code, once something else than the script's own end has decided it. */
  readonly decided: () => number | undefined
  /** `end` leaves the process as it was found. */
  readonly end: () => void
  /** `leave` ends the process once nobody in it is at work any more. */
  readonly leave: (code: number, isFailure: boolean) => void
}

/**
 * `watchExit` takes what would end the process: signals, `process.exit`, and what is thrown where nobody catches it.
 * The first of them calls `stop` with the exit code, which stands, and the process goes on until that has called
 * `leave`. A signal after that ends the undos that there are, and the next leaves at once; a further `process.exit` does so only once it has waited for ten
 * seconds.
 *
 * Whoever else watches this process is stopped along with it, and waited for.
 */
export const watchExit = (participant: Participants.Participant): ExitWatch => {
  Participants.join(participant)
  undo ??= takeOver()
  return {
    decided: Participants.decision,
    end: () => {
      if (!Participants.part(participant)) return
      for (const one of undo ?? []) one()
      undo = undefined
    },
    leave: (code, isFailure) => {
      const decided = Participants.over(participant, code, isFailure)
      if (decided !== undefined) exitWhenFlushed(decided)
    }
  }
}

/** `undo` gives the process back, while somebody watches it. */
let undo: ReadonlyArray<() => void> | undefined

const takeOver = (): ReadonlyArray<() => void> => {
  const undo: Array<() => void> = []
  const stop = Participants.decide
  const isTheHosts = (event: string) => Participants.yielding() && hasHostListeners(event)
  const on = (event: string, listener: Listener) => {
    try {
      // Before those of the host: one that is called once would be gone by now.
      if (Participants.yielding()) events.prependListener(event, listener)
      else events.on(event, listener)
      ownListeners.add(listener)
      undo.push(() => process.off(event, listener))
    } catch {
      // This system has no such signal.
    }
  }

  undo.push(deferExit(stop))
  for (const signal of Object.keys(signals) as Array<Signal>) {
    on(signal, () => {
      if (Participants.decision() !== undefined) {
        const undo = UndoStops.stopAll()
        if (undo === undefined) exitNow(signals[signal])
        else process.stderr.write(`\n${SignalWords.endingUndo(signal, undo)}\n`)
        return
      }
      if (isTheHosts(signal)) return
      process.stderr.write(`\n${SignalWords.stopping(signal, UndoStops.stage())}\n`)
      stop(signals[signal])
    })
  }
  // What is thrown outside the script's effects, by a timer say, would end the process without a logout.
  for (const event of thrown) {
    on(event, (error) => {
      if (error === exitRequested || isTheHosts(event)) return
      // Without our listener it would have come there: as Node has it.
      if (isTheHosts("uncaughtException")) return void process.emit("uncaughtException", error as Error)
      if (isBrokenPipe(error)) return void stop(brokenPipeCode)
      Participants.tell(error)
      stop(1)
    })
  }
  // A reader that goes away, as in `script | head -1`: nobody wants the rest.
  for (const stream of [process.stdout, process.stderr]) {
    const onError = (error: unknown) => {
      if (!isBrokenPipe(error)) return
      if (Participants.yielding() && stream.listenerCount("error") > watches(stream)) return
      stop(brokenPipeCode)
    }
    stream.on("error", onError)
    ownListeners.add(onError)
    undo.push(() => stream.off("error", onError))
  }
  // The console of Bun and of Deno keeps it to itself. A socket that is closed raises no signal, but another pipe may.
  if (!isNode) {
    on("SIGPIPE", () => {
      if (!isTheHosts("SIGPIPE") && (isPipe(1) || isPipe(2))) stop(brokenPipeCode)
    })
  }
  return undo
}

/** `thrown` are the events of what is thrown where nobody catches it. */
const thrown = ["uncaughtException", "unhandledRejection"] as const
const dispatched = ["uncaughtExceptionMonitor", ...thrown] as const

// 128 and the number of SIGPIPE, by which other programs end then.
export const brokenPipeCode = 141

/** `isBrokenPipe` says whether a write has failed because nobody reads any more. */
export const isBrokenPipe = (error: unknown): boolean =>
  Predicate.hasProperty(error, "code") &&
  error.code === "EPIPE" &&
  Predicate.hasProperty(error, "syscall") &&
  error.syscall === "write"

const isNode = process.versions.bun === undefined && process.versions.deno === undefined

const isPipe = (descriptor: number): boolean => {
  try {
    const stat = fstatSync(descriptor)
    return stat.isFIFO() || stat.isSocket()
  } catch {
    return false
  }
}

const watches = (stream: EventEmitter): number =>
  stream.listeners("error").filter((one) => ownListeners.has(one)).length

type Listener = (...given: ReadonlyArray<unknown>) => void

/** `events` is the process, for events of any name. */
const events: EventEmitter = process

/** `ownListeners` are the listeners of every watch in this process. */
const ownListeners = new WeakSet<object>()

const hasHostListeners = (event: string): boolean => {
  const others = events.listeners(event).filter((one) => !ownListeners.has(one)).length
  return others > (event in signals ? bystanders() : 0)
}

/**
 * `bystanders` are the listeners of the package signal-exit, which many command line packages bring along: they decide
 * nothing, but wait for whoever else listens. If we waited for them in turn, nobody would leave.
 */
const bystanders = (): number => {
  const emitter: unknown = Reflect.get(globalThis, Symbol.for("signal-exit emitter"))
  const count: unknown = typeof emitter === "object" && emitter !== null ? Reflect.get(emitter, "count") : 0
  return typeof count === "number" ? count : 0
}

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

// A logout and what is left of the exchanges have five seconds each.
const maxDeferral = 10_000

/**
 * `deferExit` stops a script first that calls process.exit in the middle, whatever name it has for it. It may well
 * catch what that throws, and call it again, with another code.
 */
const deferExit = (stop: (code: number) => number): (() => void) => {
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
  ownListeners.add(dispatching)
  for (const event of dispatched) events.prependListener(event, dispatching)
  process.prependListener("exit", ending)
  return () => {
    isOver = true
    // Somebody else may have put a function of their own round ours by now.
    if (process.exit === deferred) process.exit = original.exit
    if (processInternals.reallyExit === reallyDeferred) processInternals.reallyExit = original.reallyExit
    denoExit = original.denoExit
    for (const event of dispatched) events.off(event, dispatching)
    process.off("exit", ending)
  }
}

const exitNow = (code: number): never => {
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
const exitWhenFlushed = (code: number): void => {
  const end = () => exitNow(code)
  setTimeout(end, 1000)
  process.stdout.write("", () => process.stderr.write("", end))
}

/**
 * `awaitBackground` waits for exchanges that outlived their callers: a login that still arrives has to be logged out.
 */
export const awaitBackground: Effect.Effect<unknown> = Effect.flatMap(
  Background,
  ({ settled }) => settled
).pipe(Effect.timeoutOption("5 seconds"))

/** `isDebugging` says whether the environment asks for stacks. */
export const isDebugging = (): boolean => {
  try {
    return Boolean(process.env.SALLYPORT_DEBUG)
  } catch {
    // Deno without the permission to read it.
    return false
  }
}
