import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import type * as TokenStore from "../auth/TokenStore.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as Guards from "../workflow/guards/Guards.ts"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import type { PartDevice, Parts } from "../workflow/Parts.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import { runOptions } from "../workflow/run/CheckOptions.ts"
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
  /**
   * `tokenStore` is where logins are kept, so that calls which follow each other share one.
   *
   * @default each logs in, and out at its end
   */
  readonly tokenStore?: TokenStore.Service | undefined
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

const { optional } = InputSchema
const { approve: _approve, onProgress: _onProgress, plan: _plan, ...ofRun } = runOptions.fields
const fn = (gives: string) => optional(Schema.declare(Predicate.isFunction), `a function that gives ${gives}`)

const commandLineOptions = Schema.Struct({
  ...ofRun,
  devices: optional(
    Schema.declare(Predicate.isReadonlyRecord),
    'devices by the parts that they play, as in { fmc: "FMC" }'
  ),
  plugins: optional(Schema.Array(Schema.Unknown), "a list of plugins such as [Fmc.plugin]"),
  tokenStore: optional(
    Schema.declare((given): given is TokenStore.Service => Predicate.hasProperty(given, "openSlot")),
    "a store of tokens such as TokenStore.disk()"
  ),
  description: optional(Schema.String, "text"),
  show: fn("text"),
  exitCode: fn("a number, or undefined")
})

/**
 * `checkOptions` looks at all that a script gives before its words are read: a guard that is misspelt would be none.
 * Fails with `InvalidInput`.
 */
export const checkOptions = (options: unknown): Effect.Effect<void, InvalidInput> =>
  Effect.gen(function* () {
    yield* InputSchema.check(commandLineOptions, options, "a command line")
    const { limit, only, window } = options as Pick<RunOptions, "limit" | "only" | "window">
    yield* Guards.make(Record.filter({ limit, only, window }, (one) => one !== undefined))
  })
