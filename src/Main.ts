import process from "node:process"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FailureText from "./FailureText.ts"
import * as Leaving from "./Leaving.ts"
import { toStandardError } from "./StandardError.ts"

/**
 * Runs a script: its scopes close, and so its sessions log out, before the process ends, whatever happens.
 *
 * Exits with 0, with 1 on failure, with 130 on SIGINT (Ctrl-C), 143 on SIGTERM and 129 on SIGHUP. A second signal
 * exits at once, without waiting for logouts. `process.exit` in the middle of the script waits for the logouts too,
 * however often it is called, for ten seconds at most; the code of the first call stands. A failure is printed in one
 * block without stack or secret; the environment variable `SALLYPORT_DEBUG=1` shows more. Log lines go to standard error.
 *
 * @example
 * Main.run(Effect.scoped(Effect.gen(function* () {
 *   const fmc = yield* Fmc.make({ target, credentials: Credentials.fromEnv("FMC") })
 * })))
 */
export const run = <A, E>(script: Effect.Effect<A, E>): void => {
  const fiber = Effect.runFork(Effect.provide(script, toStandardError))
  // A script that only waits has nothing else that keeps the process.
  const alive = setInterval(() => {}, 2 ** 31 - 1)

  const { decided } = Leaving.watch({
    stop: () => fiber.unsafeInterruptAsFork(fiber.id()),
    tell: (thrown) => tell(Cause.die(thrown))
  })

  fiber.addObserver((exit) => {
    if (Exit.isFailure(exit) && (decided() === undefined || !isLeaving(exit.cause))) tell(exit.cause)
    Effect.runFork(Leaving.leftovers).addObserver(() => {
      clearInterval(alive)
      Leaving.leave(decided() ?? (Exit.isSuccess(exit) ? Leaving.codeOf(undefined) : 1))
    })
  })
}

const isLeaving = (cause: Cause.Cause<unknown>): boolean =>
  [...Cause.failures(cause)].length === 0 &&
  [...Cause.defects(cause)].every((defect) => defect === Leaving.leaving)

const tell = (cause: Cause.Cause<unknown>): void => {
  process.stderr.write(FailureText.block(cause, { debug: Leaving.isDebugging() }))
}
