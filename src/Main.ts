import process from "node:process"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import { Exchanges } from "./auth/session/Exchanges.ts"
import * as FailureText from "./FailureText.ts"

// 128 and the signal's number, as shells have it.
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

type Signal = keyof typeof signals

/**
 * Runs a script: its scopes close, and so its sessions log out, before the process ends, whatever happens.
 *
 * Exits with 0, with 1 on failure, with 130 on SIGINT (Ctrl-C), 143 on SIGTERM and 129 on SIGHUP. A second signal
 * exits at once, without waiting for logouts. `process.exit` in the middle of the script ends it in the same way: its
 * first call waits for the logouts, a second one does not. A failure is printed in one block without stack or secret;
 * the environment variable `SALLYPORT_DEBUG=1` shows more. Log lines go to standard error.
 *
 * @example
 * Main.run(Effect.scoped(Effect.gen(function* () {
 *   const fmc = yield* Fmc.make({ target, credentials: Credentials.fromEnv("FMC") })
 * })))
 */
export const run = <A, E>(script: Effect.Effect<A, E>): void => {
  /** The exit code, once something else than the script's own end has decided it. */
  let decided: number | undefined
  const fiber = Effect.runFork(Effect.provide(script, toStandardError))
  // A script that only waits has nothing else that keeps the process.
  const alive = setInterval(() => {}, 2 ** 31 - 1)

  const stop = (code: number) => {
    decided = code
    fiber.unsafeInterruptAsFork(fiber.id())
  }
  deferExit((code) => {
    if (decided === undefined) stop(code)
  })
  for (const signal of Object.keys(signals) as Array<Signal>) {
    listen(signal, () => {
      if (decided !== undefined) exit(signals[signal])
      process.stderr.write(`\n${signal}: closing what is open. Once more to leave at once.\n`)
      stop(signals[signal])
    })
  }
  // What is thrown outside the script's effects, by a timer say, would end the process without a logout.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      if (error === leaving) return
      tell(Cause.die(error))
      if (decided === undefined) stop(1)
    })
  }
  // So would a reader that goes away, as in `script | head -1`.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})

  fiber.addObserver((exit) => {
    if (Exit.isFailure(exit) && (decided === undefined || !isLeaving(exit.cause))) tell(exit.cause)
    Effect.runFork(leftovers).addObserver(() => {
      clearInterval(alive)
      leave(decided ?? (Exit.isSuccess(exit) ? codeOf(undefined) : 1))
    })
  })
}

const exit: (code?: number | string | null) => never = process.exit.bind(process)

/** A script that calls process.exit in the middle is stopped first; called a second time, it leaves at once. */
const deferExit = (stop: (code: number) => void): void => {
  let calls = 0
  let hasEnded = false
  let isDispatching = false
  process.exit = (code) => {
    if (calls++ > 0 || hasEnded) exit(code)
    stop(codeOf(code))
    // A handler of uncaughtException that throws ends the process there and then.
    if (!isDispatching) throw leaving
    return undefined as never // the handler has nothing more to do
  }
  process.prependListener("uncaughtException", () => {
    isDispatching = true
    setImmediate(() => {
      isDispatching = false
    })
  })
  process.prependListener("exit", () => {
    hasEnded = true
  })
}

// What is no number is a failure that somebody meant to tell.
const codeOf = (code: number | string | null | undefined): number => {
  const given = Number(code ?? process.exitCode ?? 0)
  return Number.isInteger(given) ? given : 1
}

// Thrown by process.exit, which must not return to a script that still has to be ended.
const leaving = new Error("the script calls process.exit")

const isLeaving = (cause: Cause.Cause<unknown>): boolean =>
  [...Cause.failures(cause)].length === 0 && [...Cause.defects(cause)].every((defect) => defect === leaving)

const tell = (cause: Cause.Cause<unknown>): void => {
  process.stderr.write(FailureText.block(cause, { debug: isDebugging() }))
}

// Exchanges that outlived their callers: a login that still arrives has to be logged out.
const leftovers = Effect.flatMap(Exchanges, ({ settled }) => settled).pipe(Effect.timeoutOption("5 seconds"))

const toStandardError = Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.logfmtLogger))

const listen = (signal: Signal, onSignal: () => void): void => {
  try {
    process.on(signal, onSignal)
  } catch {
    // This system has no such signal.
  }
}

const isDebugging = (): boolean => {
  try {
    return Boolean(process.env.SALLYPORT_DEBUG)
  } catch {
    // Deno without the permission to read it.
    return false
  }
}

/** Exits once what was written has gone out: a pipe may be slower than the script, or have no reader any more. */
const leave = (code: number): void => {
  const end = () => exit(code)
  setTimeout(end, 1000)
  process.stdout.write("", () => process.stderr.write("", end))
}
