import * as Logger from "effect/Logger"

/** Log lines go to standard error: what a script prints is its result. */
export const toStandardError = Logger.replace(
  Logger.defaultLogger,
  Logger.withConsoleError(Logger.logfmtLogger)
)
