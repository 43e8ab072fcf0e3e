import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Background } from "../auth/session/Background.ts"
import type { PluginMismatch } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as GivenValue from "../validation/GivenValue.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { checkWorkflow } from "../workflow/CheckWorkflow.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import * as Observer from "../workflow/run/account/Observer.ts"
import * as Course from "./Course.ts"
import * as FleetDevices from "./FleetDevices.ts"
import type { FleetEvent } from "./FleetEvent.ts"
import * as FleetOptions from "./FleetOptions.ts"
import type { FleetPlan } from "./FleetPlan.ts"
import { planned } from "./GroupedPlans.ts"

/** `FleetPlanOptions` say of which devices, on how many at once, and how long the plan of one may take. */
export interface FleetPlanOptions extends FleetOptions.ChoiceOptions {
  readonly perDevice?: Pick<FleetOptions.PerDevice, "timeOut"> | undefined
  /** `onProgress` is told of each device whose plan is made, as that of `run` is. @default nobody is told */
  readonly onProgress?: Observer.OnProgress<FleetEvent> | undefined
}

const planOptions = Schema.Struct({
  ...FleetOptions.choiceOptions,
  onProgress: FleetOptions.fleetOptions.fields.onProgress,
  perDevice: FleetOptions.fleetOptions.fields.perDevice
})

/**
 * `plan` gives what a workflow would do on each device of a fleet, and changes nothing on any. Devices on which it would do
 * the same are one group. One whose plan cannot be made is told, and keeps no other from it.
 *
 * Fails with `InvalidInput`, and with `PluginMismatch`.
 *
 * @example
 * console.log(Fleet.fleetPlanText(yield* Fleet.plan(addHost, inventory, input)))
 */
export const plan = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices.FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  options: FleetPlanOptions = {}
): Effect.Effect<FleetPlan, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    yield* FleetOptions.check(planOptions, options, "the plan of a fleet")
    yield* checkWorkflow(workflow, {})
    const part = yield* Course.onePart(workflow)
    yield* Course.checkInput(workflow, input)
    yield* Course.checkPerDevice(options)
    const chosen = yield* FleetDevices.choose(part.plugin.id, devices, options.select)
    const { concurrency, onProgress, perDevice } = options
    const observer = yield* Observer.make(onProgress)
    const made = planned(workflow, part, chosen, Course.inputOf(input), {
      concurrency,
      tell: observer.tell,
      timeOut: perDevice?.timeOut
    })
    const background = yield* Course.background
    const { plan } = yield* Effect.ensuring(Effect.provideService(made, Background, background), observer.end)
    return plan
  }).pipe(Effect.scoped)

/** `DriftOptions` say when a fleet is looked at. */
export interface DriftOptions extends FleetPlanOptions {
  /** `schedule` says when it is looked at again: `Schedule.spaced("1 hour")`. @default once */
  readonly schedule?: Schedule.Schedule<unknown> | undefined
}

/**
 * `drift` makes the plan of a fleet again and again, by a schedule: what differs from what the workflow wants, and changes
 * nothing. `differs` says of a plan whether anything does.
 *
 * Fails as `plan` does.
 *
 * @example
 * yield* Stream.runForEach(Fleet.drift(addHost, inventory, input, { schedule: Schedule.spaced("1 hour") }), (plan) =>
 *   Fleet.differs(plan) ? Console.log(Fleet.fleetPlanText(plan)) : Effect.void
 * )
 */
export const drift = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices.FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  given: DriftOptions = {}
): Stream.Stream<FleetPlan, InvalidInput | PluginMismatch> => {
  if (!GivenValue.isPlainObject(given as unknown))
    return Stream.fail(refuseInput("options", "these are none; give an object, as in { schedule }."))
  const { schedule, ...options } = given
  const once = Effect.suspend(() => plan(workflow, devices, input, options))
  if (schedule === undefined) return Stream.fromEffect(once)
  if (Schedule.isSchedule(schedule)) return Stream.repeatEffectWithSchedule(once, schedule)
  return Stream.fail(
    refuseInput("schedule", 'this is no Schedule; give one such as Schedule.spaced("1 hour").')
  )
}
