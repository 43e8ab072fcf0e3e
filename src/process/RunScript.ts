import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { isUnread } from "./BrokenPipe.ts"
import { exitCodeOf, exitRequested } from "./DeferredExit.ts"
import { exitCodes } from "./ExitCodes.ts"
import * as ExitHandling from "./ExitHandling.ts"
import * as FailureText from "./FailureText.ts"
import { withStderrLogger } from "./StderrLogger.ts"

/**
 * `run` runs a script: its scopes close, and so its sessions log out, before the process ends, whatever happens.
 *
 * Exits with 0, with 1 on failure, with 130 on SIGINT (Ctrl-C), 143 on SIGTERM and 129 on SIGHUP, and without a word
 * with 141 where nobody reads what it prints any more (`script | head -1`). A further signal, 0.3 s later or more, exits
 * at once, without waiting for logouts. `process.exit` in the middle of the script waits for the logouts too, however
 * often it is called, for ten seconds at most; the code of the first call stands. Where all is well and something that was
 * printed could not be written, to a full disk say, it exits with 74. A failure is printed in one block
 * without stack or secret; the environment variable `SALLYPORT_DEBUG=1` shows more. Log lines go to standard error.
 *
 * Of several in one process each runs to its end, unless one fails: that stops the others. With the last of them, what
 * a script has opened without Effect is closed too.
 *
 * @example
 * Main.run(Effect.scoped(Effect.gen(function* () {
 *   const fmc = yield* Fmc.make({ target, credentials: Credentials.fromEnv("FMC") })
 * })))
 */
export const run = <A, E>(script: Effect.Effect<A, E>): void => runCommand(script)

/** `runCommand` does so, of what has other exit codes than 0, too, where all is well. */
export const runCommand = <A, E>(script: Effect.Effect<A, E>, well?: ReadonlySet<number>): void => {
  // Its first step comes once its exit is watched.
  const fiber = Effect.runFork(Effect.zipRight(Effect.yieldNow(), withStderrLogger(script)))
  // A script that only waits has nothing else that keeps the process.
  const alive = setInterval(() => {}, 2 ** 31 - 1)

  const { decided, leave } = ExitHandling.watchExit({
    stop: () => fiber.unsafeInterruptAsFork(fiber.id()),
    tell: (thrown) => FailureText.print(Cause.die(thrown))
  })

  fiber.addObserver((exit) => {
    const isQuiet = Exit.isFailure(exit) && isUnreadAlone(exit.cause)
    if (Exit.isFailure(exit) && !isQuiet && !(decided() !== undefined && isExitRequest(exit.cause)))
      FailureText.print(exit.cause)
    Effect.runFork(ExitHandling.awaitBackground).addObserver(() => {
      clearInterval(alive)
      const failure = isQuiet ? exitCodes.brokenPipe : exitCodes.failed
      leave(Exit.isSuccess(exit) ? exitCodeOf(undefined) : failure, Exit.isFailure(exit), well)
    })
  })
}

/** `isExitRequest` says that nothing has failed but what a script that is being stopped cannot do any more. */
const isExitRequest = (cause: Cause.Cause<unknown>): boolean =>
  reasonsOf(cause).every((reason) => reason === exitRequested || isUnread(reason))

/** `isUnreadAlone` says that nothing has failed but a write that nobody reads. */
const isUnreadAlone = (cause: Cause.Cause<unknown>): boolean => {
  const reasons = reasonsOf(cause)
  return reasons.length > 0 && reasons.every(isUnread)
}

const reasonsOf = (cause: Cause.Cause<unknown>): ReadonlyArray<unknown> => [
  ...Cause.failures(cause),
  ...Cause.defects(cause)
]
