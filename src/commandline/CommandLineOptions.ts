import type { AnyPlugin } from "../plugin/Plugin.ts"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import type { PartDevice, Parts } from "../workflow/Parts.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import type { HeldOptions, RunOptions } from "../workflow/run/RunOptions.ts"

/** `CommandLineOptions` say what a script's command line may do, and what it is told by default. */
export interface CommandLineOptions<P extends Parts, A>
  extends JournalOptions,
    HeldOptions,
    Pick<RunOptions, "limit" | "window" | "only" | "onDrift" | "onFailure" | "timeOut" | "undo"> {
  /** `devices` play the parts, unless `--device` names others. @default each is named by `--device` */
  readonly devices?: { readonly [Part in keyof P]?: PartDevice<P[Part]> } | undefined
  /** `plugins` are of the kinds of devices that an inventory may have beside those of the workflow's parts. @default none */
  readonly plugins?: ReadonlyArray<AnyPlugin> | undefined
  /** `description` says what the script does, in a sentence or a few: help begins with it. */
  readonly description?: string | undefined
  /** `show` gives what is printed of the workflow's result, below the report. @default nothing */
  readonly show?: ((result: A, report: RunReport) => string) | undefined
  /**
   * `exitCode` gives the exit code of a run or a resumption by what it came to, for a script that has codes of its own.
   * `result` is `undefined` where the workflow is not done, and nothing is asked of a fleet.
   *
   * @default by `Main.exitCodes`, which `undefined` leaves it to
   */
  readonly exitCode?: ((report: RunReport, result: A | undefined) => number | undefined) | undefined
}
