import process from "node:process"
import * as Logger from "effect/Logger"

/**
 * `stderrLogger` sends log lines to standard error: what a script prints is its result. The console of Bun and of Deno
 * would pass by whoever watches that stream.
 */
export const stderrLogger = Logger.replace(
  Logger.defaultLogger,
  Logger.make((options) => void process.stderr.write(`${Logger.logfmtLogger.log(options)}\n`))
)
