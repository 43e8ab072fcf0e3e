import process from "node:process"
import * as Effect from "effect/Effect"
import type { CommandLineOptions } from "./commandline/CommandLineOptions.ts"
import { wellCodes } from "./process/ExitCodes.ts"
import { runCommand } from "./process/RunScript.ts"
import type { Workflow } from "./workflow/Definition.ts"
import type { Parts } from "./workflow/Parts.ts"

// How a script is run as a process.
export type { CommandLineOptions } from "./commandline/CommandLineOptions.ts"
export { exitCodes } from "./process/ExitCodes.ts"
export { run } from "./process/RunScript.ts"

/**
 * `workflow` is the whole of a script that is a workflow: it has the commands `plan`, `run`, `resume`, `undo`, `runs` and
 * `completion`, and a flag for each field of the workflow's input; `--help` tells of them. `run` makes the plan, shows
 * it and asks, unless `--yes` is given, and is then held to that plan. Where there is nobody to ask, it is refused. `undo`
 * shows what was done, and asks so, too, where there is somebody.
 *
 * Secrets of the input are in no argument: they are taken from the environment, from files, or asked for. While a plan
 * is made, no session of the process writes. Exits by `exitCodes`, and for signals as `run` does.
 *
 * @example
 * Main.workflow(importHosts, { devices: { fmc: "FMC" }, limit: { changes: 2000 } })
 */
export const workflow = <I, Encoded, P extends Parts, A, E>(
  definition: Workflow<I, Encoded, P, A, E>,
  options: CommandLineOptions<P, A> = {}
): void =>
  runCommand(
    Effect.gen(function* () {
      // A script without a command line does not load one.
      const { main, ofProcess } = yield* Effect.promise(() => import("./commandline/CommandLine.ts"))
      process.exitCode = yield* main(definition, options, ofProcess())
    }),
    wellCodes
  )
