import process from "node:process"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as HashSet from "effect/HashSet"
import * as Logger from "effect/Logger"

const stderrLogger = Logger.make<unknown, void>(
  (options) => void process.stderr.write(`${Logger.logfmtLogger.log(options)}\n`)
)

/**
 * `withStderrLogger` sends log lines to standard error: what a script prints is its result. The console of Bun and of
 * Deno would pass by whoever watches that stream. A layer would do the same, and take a script longer to start.
 */
export const withStderrLogger = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.locallyWith(effect, FiberRef.currentLoggers, (loggers) =>
    HashSet.add(HashSet.remove(loggers, Logger.defaultLogger), stderrLogger)
  )
