import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { FleetInput } from "../fleet/Course.ts"
import type { DeviceRun } from "../fleet/DeviceRun.ts"
import type { FleetOptions } from "../fleet/FleetOptions.ts"
import type { FleetPlan } from "../fleet/FleetPlan.ts"
import type * as FleetPlanning from "../fleet/FleetPlanning.ts"
import type { FleetReport } from "../fleet/FleetReport.ts"
import type * as FleetResume from "../fleet/FleetResume.ts"
import type * as FleetRun from "../fleet/FleetRun.ts"
import type * as FleetUndo from "../fleet/FleetUndo.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import type { Parts } from "../workflow/Parts.ts"
import { awaited, listed, type PromisedOptions } from "./Awaited.ts"
import * as CallSite from "./CallSite.ts"
import { fleetDevices, type PromiseFleetDevices } from "./PromiseFleetDevices.ts"
import type { PromiseList } from "./PromiseList.ts"

// A workflow on many devices, for scripts that await: what `Fleet` of `sallyport` has, under the same names.

export type { FleetInput } from "../fleet/Course.ts"
export type { DeviceOutcome, DeviceState } from "../fleet/DeviceRun.ts"
export { DeviceRun } from "../fleet/DeviceRun.ts"
export { askOnTerminal } from "../fleet/FleetApproval.ts"
export { FleetEvent } from "../fleet/FleetEvent.ts"
export { fleetMarkdown } from "../fleet/FleetMarkdown.ts"
export type { FleetOptions, PerDevice } from "../fleet/FleetOptions.ts"
export { FleetOver } from "../fleet/FleetOver.ts"
export { differs, FleetPlan, type PlanGroup } from "../fleet/FleetPlan.ts"
export type { FleetPlanOptions } from "../fleet/FleetPlanning.ts"
export { fleetPlanMarkdown, fleetPlanText } from "../fleet/FleetPlanText.ts"
export { FleetReport, unfinished } from "../fleet/FleetReport.ts"
export type { FleetResumeOptions } from "../fleet/FleetResume.ts"
export type { FleetRan } from "../fleet/FleetRun.ts"
export { type FleetTextOptions, fleetText } from "../fleet/FleetText.ts"
export type { FleetUndoOptions } from "../fleet/FleetUndo.ts"
export type { Share } from "../fleet/Share.ts"
export { fleetHtml } from "../html/FleetPage.ts"
export { fleetPlanHtml } from "../html/FleetPlanPage.ts"
export type { PromisedOptions } from "./Awaited.ts"
export type {
  PromiseFleetDevice,
  PromiseFleetDevices,
  PromiseSelectable
} from "./PromiseFleetDevices.ts"

/** `verbs` are loaded where the first of them is used: few scripts have a fleet, and it is most of this subpath. */
const verbs = Effect.promise(() => import("../fleet/FleetVerbs.ts"))

/**
 * `run` carries a workflow for one device out on each of many. A process that ends meanwhile, or a `signal`, ends what is
 * under way: what that has changed is taken back first, and the journals tell.
 *
 * @example
 * const { report } = await Fleet.run(setBanner, inventory, { text }, { canary: 1, waves: ["10%", "50%"], stopAfter: 3 })
 */
export const run = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PromiseFleetDevices<P[keyof P]>,
  input: FleetInput<Encoded>,
  options?: FleetOptions & PromisedOptions
): Promise<FleetRun.FleetRan<A>> =>
  awaited<FleetOptions, FleetRun.FleetRan<A>, unknown>(
    options,
    (others) => Effect.flatMap(verbs, ({ run }) => run(workflow, fleetDevices(devices), input, others)),
    CallSite.callerOf(run)
  )

/** `PromiseDeviceRan` is what became of a device, and what the workflow gave there. */
export interface PromiseDeviceRan<A> {
  readonly device: DeviceRun
  /** `result` is what the workflow gave; `undefined` where it is not done. */
  readonly result: A | undefined
}

/**
 * `stream` does the same for a fleet of any size, and gives what became of each device as it comes. Whoever leaves the loop
 * ends what is under way, and waits for that.
 *
 * @example
 * for await (const { device } of Fleet.stream(setBanner, inventory, { text })) console.log(device.device, device.outcome)
 */
export const stream = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PromiseFleetDevices<P[keyof P]>,
  input: FleetInput<Encoded>,
  options?: FleetOptions & PromisedOptions
): PromiseList<PromiseDeviceRan<A>> =>
  listed<FleetOptions, PromiseDeviceRan<A>, unknown>(
    options,
    (others) =>
      Effect.map(verbs, ({ stream }) => stream(workflow, fleetDevices(devices), input, others)).pipe(
        Stream.unwrap,
        Stream.map(({ device, result }) => ({ device, result: Option.getOrUndefined(result) }))
      ),
    CallSite.callerOf(stream)
  )

/**
 * `rerun` does the rest of a fleet by its report, on the devices that are not done and on no other.
 *
 * @example
 * const { report: second } = await Fleet.rerun(addHost, inventory, input, report)
 */
export const rerun = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PromiseFleetDevices<P[keyof P]>,
  input: FleetInput<Encoded>,
  report: FleetReport,
  options?: FleetOptions & PromisedOptions
): Promise<FleetRun.FleetRan<A>> =>
  awaited<FleetOptions, FleetRun.FleetRan<A>, unknown>(
    options,
    (others) =>
      Effect.flatMap(verbs, ({ rerun }) => rerun(workflow, fleetDevices(devices), input, report, others)),
    CallSite.callerOf(rerun)
  )

/**
 * `resume` goes on with a fleet whose process was killed.
 *
 * @example
 * const { report } = await Fleet.resume(addHost, inventory, "20261129T013000Z-fleet-add-host-3f9a1c")
 */
export const resume = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PromiseFleetDevices<P[keyof P]>,
  fleet: string,
  options?: FleetResume.FleetResumeOptions<Encoded> & PromisedOptions
): Promise<FleetRun.FleetRan<A>> =>
  awaited<FleetResume.FleetResumeOptions<Encoded>, FleetRun.FleetRan<A>, unknown>(
    options,
    (others) => Effect.flatMap(verbs, ({ resume }) => resume(workflow, fleetDevices(devices), fleet, others)),
    CallSite.callerOf(resume)
  )

/**
 * `undo` takes back what a fleet has done.
 *
 * @example
 * const report = await Fleet.undo(addHost, inventory, "20261129T013000Z-fleet-add-host-3f9a1c")
 */
export const undo = <P extends Parts>(
  workflow: { readonly name: string; readonly devices: P },
  devices: PromiseFleetDevices<P[keyof P]>,
  fleet: string,
  options?: FleetUndo.FleetUndoOptions & PromisedOptions
): Promise<FleetReport> =>
  awaited<FleetUndo.FleetUndoOptions, FleetReport, unknown>(
    options,
    (others) => Effect.flatMap(verbs, ({ undo }) => undo(workflow, fleetDevices(devices), fleet, others)),
    CallSite.callerOf(undo)
  )

/**
 * `plan` gives what a workflow would do on each device of a fleet, and changes nothing on any.
 *
 * @example
 * console.log(Fleet.fleetPlanText(await Fleet.plan(addHost, inventory, input)))
 */
export const plan = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PromiseFleetDevices<P[keyof P]>,
  input: FleetInput<Encoded>,
  options?: FleetPlanning.FleetPlanOptions & PromisedOptions
): Promise<FleetPlan> =>
  awaited<FleetPlanning.FleetPlanOptions, FleetPlan, unknown>(
    options,
    (others) => Effect.flatMap(verbs, ({ plan }) => plan(workflow, fleetDevices(devices), input, others)),
    CallSite.callerOf(plan)
  )

/** `PromiseDriftOptions` say when a fleet is looked at. */
export interface PromiseDriftOptions extends FleetPlanning.FleetPlanOptions, PromisedOptions {
  /** `every` is when it is looked at again: `"1 hour"`, or as a crontab has it, `"0 6 * * 1-5"`. @default once */
  readonly every?: Duration.DurationInput | string | undefined
}

/**
 * `drift` makes the plan of a fleet again and again: what differs from what the workflow wants. `differs` says of a plan
 * whether anything does.
 *
 * @example
 * for await (const plan of Fleet.drift(addHost, inventory, input, { every: "1 hour" }))
 *   if (Fleet.differs(plan)) console.log(Fleet.fleetPlanText(plan))
 */
export const drift = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PromiseFleetDevices<P[keyof P]>,
  input: FleetInput<Encoded>,
  options?: PromiseDriftOptions
): PromiseList<FleetPlan> =>
  listed<PromiseDriftOptions, FleetPlan, unknown>(
    options,
    ({ every, ...others }) =>
      Effect.map(verbs, ({ drift, recurrenceOf }) => {
        const schedule = recurrenceOf(every)
        return every !== undefined && schedule === undefined
          ? Stream.fromEffect(
              refuseInput("every", 'it says no time; give a duration, such as "1 hour", or "0 6 * * 1-5".')
            )
          : drift(workflow, fleetDevices(devices), input, { ...others, schedule })
      }).pipe(Stream.unwrap),
    CallSite.callerOf(drift)
  )

/**
 * `recorded` are the ids of the fleets that have a journal, the one to which was added last first.
 *
 * @example
 * const [last] = await Fleet.recorded()
 */
export const recorded = (options?: JournalOptions): Promise<ReadonlyArray<string>> =>
  awaited<JournalOptions, ReadonlyArray<string>, unknown>(
    options,
    (others) => Effect.flatMap(verbs, ({ recorded }) => recorded(others)),
    CallSite.callerOf(recorded)
  )

/**
 * `reportOf` is the account of a fleet by its journal and those of its runs.
 *
 * @example
 * const report = await Fleet.reportOf("20261129T013000Z-fleet-add-host-3f9a1c")
 */
export const reportOf = (fleet: string, options?: JournalOptions): Promise<FleetReport> =>
  awaited<JournalOptions, FleetReport, unknown>(
    options,
    (others) => Effect.flatMap(verbs, ({ reportOf }) => reportOf(fleet, others)),
    CallSite.callerOf(reportOf)
  )
