import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as InputSource from "../validation/InputSource.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { leaveOut, unknownIn } from "../validation/Spelling.ts"
import type { Approve } from "../workflow/guards/Approval.ts"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import type { HeldOptions, RunOptions } from "../workflow/run/RunOptions.ts"
import type { FleetEvent } from "./FleetEvent.ts"
import { FleetPlan } from "./FleetPlan.ts"
import * as Share from "./Share.ts"
import type { StopOptions } from "./StopRule.ts"
import type { WaveOptions } from "./Waves.ts"

/** `PerDevice` are the options of the run on each device. */
export interface PerDevice
  extends Pick<RunOptions, "timeOut" | "onFailure" | "onDrift" | "undo" | "limit" | "only" | "window"> {}

/** `ChoiceOptions` say on which devices, and on how many at once. */
export interface ChoiceOptions {
  /** `select` are the filters by which an inventory gives its devices: `["branch-*", "tag:prod"]`. @default all */
  readonly select?: string | ReadonlyArray<string> | undefined
  /** `concurrency` is on how many devices at once. @default 10 */
  readonly concurrency?: number | undefined
}

/** `FleetOptions` say how a workflow is run on a fleet. */
export interface FleetOptions extends JournalOptions, HeldOptions, ChoiceOptions, WaveOptions, StopOptions {
  /**
   * `approve` is asked once, with the plan of the whole fleet, before anything is written: `Fleet.askOnTerminal`, or a
   * function of one's own. Each device's run is then held to its plan: it is refused where that is another one by now, and
   * where it could not be made.
   *
   * @default nobody is asked
   */
  readonly approve?: Approve<FleetPlan> | undefined
  /**
   * `plan` is one that was kept: each device's run is held to what it shows for that, and is refused, before it writes,
   * where its plan shows something else by now. Without `select` the fleet is on the devices of the plan.
   *
   * @default it is held to no plan
   */
  readonly plan?: FleetPlan | undefined
  /** `perDevice` is what each device's run is given: its `timeOut`, its guards, what becomes of it where it fails. */
  readonly perDevice?: PerDevice | undefined
  /**
   * `onProgress` is told of each wave, device and step, and at the end of the report. It runs beside the fleet; one that
   * throws or hangs changes nothing of it.
   *
   * @default nobody is told
   */
  readonly onProgress?: ((event: FleetEvent) => unknown) | undefined
}

const { optional } = InputSchema
const Words = Schema.Union(Schema.String, Schema.Array(Schema.String))
const Shares = Schema.Union(Share.ShareConfig, Schema.Array(Share.ShareConfig))

const shareWords = 'a number of devices, 1 or more, or a part of all of them, such as "25%"'

/** `choiceOptions` are those of everything that is done with a fleet. */
export const choiceOptions = {
  select: optional(Words, 'filters such as "branch-*" or ["tag:prod", "!branch-7"]'),
  concurrency: optional(
    Schema.Number.pipe(Schema.int(), Schema.between(1, 10_000)),
    "a whole number from 1 to 10,000"
  )
}

/** `fleetOptions` are those of a run. What is per device, each device's run looks at. */
export const fleetOptions = Schema.Struct({
  ...choiceOptions,
  folder: optional(Schema.NonEmptyString, "the path of a folder"),
  whenHeld: optional(Schema.Literal("refuse", "wait"), '"refuse" or "wait"'),
  canary: optional(
    Schema.Union(Share.ShareConfig, Schema.Array(Schema.String)),
    `${shareWords}, or the names of devices`
  ),
  waves: optional(Shares, `${shareWords}, or a list of these`),
  stopAfter: optional(Share.ShareConfig, shareWords),
  plan: optional(Schema.typeSchema(FleetPlan), "what Fleet.plan gives"),
  perDevice: optional(
    Schema.declare(Predicate.isReadonlyRecord),
    'the options of each device\'s run, such as { timeOut: "10 minutes" }'
  ),
  approve: optional(
    Schema.declare(Predicate.isFunction),
    "a function of the fleet's plan that says true or false, such as Fleet.askOnTerminal"
  ),
  onProgress: optional(Schema.declare(Predicate.isFunction), "a function that takes an event")
})

const perDeviceNames = ["timeOut", "onFailure", "onDrift", "undo", "limit", "only", "window"]

/** `check` takes the options that there are of what `owner` says. The types say so too; a script in JavaScript has none. */
export const check = <A, I>(
  schema: Schema.Schema<A, I>,
  options: unknown,
  owner: string
): Effect.Effect<void, InvalidInput> =>
  Effect.gen(function* () {
    yield* InputSchema.decode(schema, options, InputSource.callArguments, owner)
    const perDevice = Predicate.hasProperty(options, "perDevice") ? options.perDevice : undefined
    const unknown = unknownIn(perDevice ?? {}, perDeviceNames)
    if (unknown === undefined) return
    return yield* refuseInput(
      `perDevice.${unknown}`,
      `the run on a device has no such option here; ${leaveOut(unknown, perDeviceNames)}`
    )
  })

/** `defaultConcurrency` is little enough for one account of a directory, and for the sockets of a laptop. */
export const defaultConcurrency = 10
