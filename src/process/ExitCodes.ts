/**
 * `exitCodes` are those of a script's command line; those above 128 are also those of any script that is ended by a
 * signal, or whose output nobody reads any more.
 */
export const exitCodes = {
  /** `done` says that what was asked for is done, or planned. */
  done: 0,
  /** `failed` says that it has failed, and has changed nothing, or what it had changed is left as was asked for. */
  failed: 1,
  /**
   * `changes` says that the plan has changes, or does not see all; of `drift`, and of `plan` where `--detailed-exitcode`
   * asks for it.
   */
  changes: 2,
  /** `undone` says that it has failed, and what it had changed is taken back. */
  undone: 3,
  /** `unclear` says that something of it is not as it was, or nobody knows whether it is. */
  unclear: 4,
  /** `wrongUsage` says that the command line cannot be understood, as `EX_USAGE` of `sysexits.h` does; nothing was begun. */
  wrongUsage: 64,
  /**
   * `notKept` says that what was asked for is done, or planned, and a file of `--report`, or something that was printed, could not
   * be written, as `EX_IOERR` of `sysexits.h` does.
   */
  notKept: 74,
  hangup: 129,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143
} as const

/** `wellCodes` are those of a command line that has done what was asked for. */
export const wellCodes: ReadonlySet<number> = new Set([exitCodes.done, exitCodes.changes])

/**
 * `signalCodes` are the exit codes of the signals that ask a process to end: 128 and the signal's number, as shells have
 * it.
 */
export const signalCodes = {
  SIGHUP: exitCodes.hangup,
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated
} as const
