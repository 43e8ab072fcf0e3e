import * as Logger from "effect/Logger"

/** `stderrLogger` sends log lines to standard error: what a script prints is its result. */
export const stderrLogger = Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.logfmtLogger))
