import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as WriteGate from "../../auth/WriteGate.ts"
import { masked } from "../../client/fields/Secrets.ts"
import type { PluginMismatch } from "../../plugin/Plugin.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as InputSchema from "../../validation/InputSchema.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { checkWorkflow } from "../CheckWorkflow.ts"
import type { Workflow } from "../Definition.ts"
import type * as DeviceHold from "../DeviceHold.ts"
import * as Guards from "../guards/Guards.ts"
import { decodeInput } from "../Input.ts"
import type { JournalFailed } from "../journal/JournalFailed.ts"
import type { JournalOptions } from "../journal/JournalPlace.ts"
import type { RunHeld } from "../journal/RunHeld.ts"
import * as RunHistory from "../journal/RunHistory.ts"
import * as RunStore from "../journal/RunStore.ts"
import { secretsOf, withoutSecrets } from "../KnownSecrets.ts"
import { type PartDevices, type Parts, type ResolvedPart, resolveParts } from "../Parts.ts"
import type { Plan } from "../plan/Plan.ts"
import { plan } from "../plan/Planning.ts"
import * as Account from "./account/Account.ts"
import * as Observer from "./account/Observer.ts"
import type { RunEvent } from "./account/RunEvent.ts"
import * as RunMetrics from "./account/RunMetrics.ts"
import { checkPlan, resumeOptions, runOptions } from "./CheckOptions.ts"
import * as JournaledRun from "./JournaledRun.ts"
import { go, type Ran } from "./Run.ts"
import * as RunId from "./RunId.ts"
import * as RunJournal from "./RunJournal.ts"
import type { HeldOptions, RunOptions } from "./RunOptions.ts"
import type { RunOver } from "./RunOver.ts"
import { within } from "./RunTime.ts"
import * as PlanFollower from "./record/PlanFollower.ts"
import * as RunRules from "./record/RunRules.ts"

/** `RunFault` is why a run is not begun. Nothing was sent to a device, but for logins and reads of a plan. */
export type RunFault = InvalidInput | PluginMismatch | JournalFailed | DeviceHeld
type DeviceHeld = DeviceHold.DeviceHeld

/** `Kept` is what somebody knows of a run who keeps account of several. */
export interface Kept {
  /** `run` is the id that a new one gets. */
  readonly run: string
  /** `hear` is told of each event at once, its report too where it is interrupted. It must not fail. */
  readonly hear: (event: RunEvent) => void
}

/**
 * `run` carries a workflow out: each change is written down before it is sent and after its answer, and where the
 * workflow fails, is interrupted or is stopped by one of its rules, what it has changed is taken back. What it came to
 * is a value, whether it is done or not; a run that is interrupted gives none, and its journal tells.
 *
 * Where there are guards, the plan is made first, and held against them; the run is then held to the plan.
 *
 * Fails only before anything is begun: with `InvalidInput`, with `PluginMismatch`, with `DeviceHeld` where another run
 * works on one of the devices, and with `JournalFailed` where nothing can be written down.
 *
 * @example
 * const { report, result } = yield* Workflow.run(importHosts, { fmc: "FMC" }, { domain: "Global", hosts }, { limit: 2000 })
 */
export const run = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PartDevices<P>,
  input: Encoded,
  options: RunOptions = {}
): Effect.Effect<Ran<A>, RunFault> => runAs(workflow, devices, input, options)

/** `runAs` does the same for whoever keeps account of it. */
export const runAs = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PartDevices<P>,
  input: Encoded,
  options: RunOptions,
  kept?: Kept
): Effect.Effect<Ran<A>, RunFault> =>
  Effect.gen(function* () {
    yield* InputSchema.check(runOptions, options, "a run")
    yield* checkWorkflow(workflow, devices)
    yield* checkPlan(options.plan, workflow.name)
    const guard = yield* Guards.make(guardsOf(options))
    const decoded = yield* decodeInput(workflow.input, input)
    const parts = yield* resolveParts(workflow.devices, devices)
    const id = kept?.run ?? (yield* RunId.next(workflow.name))
    yield* hold(parts, id, options)
    const observer = Observer.heardBy(yield* Observer.make(options.onProgress), kept?.hear)
    const startedAt = yield* Account.now
    const looked = yield* lookFirst(
      guard,
      options.plan === undefined && hasGuards(options)
        ? Effect.tap(within(options.timeOut)(plan(workflow, devices, input)), (made) =>
            Effect.sync(() => observer.tell({ _tag: "Planned", plan: made }))
          )
        : Effect.succeed(options.plan)
    )
    if (looked.exit !== undefined) {
      const { exit, planned } = looked
      const told = { run: id, workflow: workflow.name, parts, startedAt, exit, planned }
      return yield* notBegun<A>(told, observer, decoded)
    }
    const journal = RunJournal.make(yield* RunStore.create(options, id), RunHistory.make(), observer)
    journal.hide(secretsOf(decoded))
    yield* journal.append({
      _tag: "begun",
      version: 1,
      run: id,
      workflow: workflow.name,
      devices: JournaledRun.devicesOf(parts),
      input: journal.masked(masked(input)),
      ...(looked.plan && { plan: looked.plan.hash })
    })
    const going = goingBy(options, guard, looked.plan, journal)
    return yield* go<I, Encoded, P, A, E>({ ...going, workflow, parts, input: decoded, observer }, journal)
  }).pipe(Effect.scoped, WriteGate.keepingAmbient)

/** `ResumeOptions` say how a run is gone on with. */
export interface ResumeOptions<Encoded> extends RunOptions {
  /** `input` is the run's input once more, where it holds secrets: no journal keeps them. @default the journal's */
  readonly input?: Encoded | undefined
}

/**
 * `resume` goes on with a run that was killed, or has failed and was left as it was. The workflow runs again from its
 * top: reads are made anew, what the run has done is answered from its journal and not sent again, and what was under
 * way is looked for on the device first, by the schedule of read-back. Where the script asks for something else than the
 * run did, it is stopped before it writes (`ResumeDiverged`); so is one that ends without asking for all of it, and its
 * report lists what that is (`isUnasked`). No plan is made: `approve` needs the `plan` beside it.
 *
 * Fails with `RunOver` where the run is done, undone, or another workflow's, with `RunHeld` where it still goes on, and
 * as `run`.
 *
 * @example
 * const { report } = yield* Workflow.resume(importHosts, { fmc: "FMC" }, "20261129T013000Z-import-hosts-3f9a1c")
 */
export const resume = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PartDevices<P>,
  run: string,
  options: ResumeOptions<Encoded> = {}
): Effect.Effect<Ran<A>, RunFault | RunHeld | RunOver> => resumeAs(workflow, devices, run, options)

/** `resumeAs` does the same for whoever keeps account of it. */
export const resumeAs = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PartDevices<P>,
  run: string,
  options: ResumeOptions<Encoded>,
  hear?: Kept["hear"]
): Effect.Effect<Ran<A>, RunFault | RunHeld | RunOver> =>
  Effect.gen(function* () {
    yield* InputSchema.check(resumeOptions, options, "a resumed run")
    yield* checkWorkflow(workflow, devices)
    yield* checkPlan(options.plan, workflow.name)
    if (options.approve !== undefined && options.plan === undefined)
      return yield* refuseInput("approve", nothingToApprove)
    const guard = yield* Guards.make(guardsOf(options))
    const parts = yield* resolveParts(workflow.devices, devices)
    const startedAt = yield* Account.now
    const observer = Observer.heardBy(yield* Observer.make(options.onProgress), hear)
    const journal = yield* JournaledRun.open(options, run, observer)
    yield* JournaledRun.checkDevices(journal, run, parts)
    const given = yield* JournaledRun.resumable(journal, run, workflow.name, options.input)
    // It was decoded by the same Schema when the run was begun.
    const decoded = yield* decodeInput(workflow.input, given as Encoded)
    journal.hide(secretsOf(decoded))
    yield* JournaledRun.checkInput(journal, given)
    yield* hold(parts, run, options)
    const { exit, planned = [] } = yield* lookFirst(guard, Effect.succeed(options.plan))
    if (exit !== undefined) {
      const told = { run, workflow: workflow.name, parts, startedAt, exit, planned }
      return yield* notBegun<A>(told, observer, decoded)
    }
    yield* journal.append({ _tag: "resumed" })
    const going = goingBy(options, guard, options.plan, journal)
    return yield* go<I, Encoded, P, A, E>({ ...going, workflow, parts, input: decoded, observer }, journal)
  }).pipe(Effect.scoped, WriteGate.keepingAmbient)

const nothingToApprove =
  "a run that is resumed makes no plan that could be approved; give the plan that it was given, or leave approve out."

/** `hold` has the devices of a run to itself until the scope closes. */
export const hold = (
  parts: ReadonlyArray<ResolvedPart>,
  run: string,
  { folder, whenHeld = "refuse" }: JournalOptions & HeldOptions
): Effect.Effect<void, DeviceHeld | JournalFailed, Scope.Scope> =>
  Effect.flatMap(RunStore.RunStore, (store) =>
    store.hold(
      parts.map(({ options: { target } }) => ({
        name: target.name,
        origin: `${target.origin}${target.basePath ?? ""}`
      })),
      { run, whenHeld, folder: folder === undefined ? undefined : join(folder, "devices") }
    )
  )

const guardsOf = ({ approve, limit, only, window }: RunOptions): Guards.Guards => ({
  ...(approve !== undefined && { approve }),
  ...(limit !== undefined && { limit }),
  ...(only !== undefined && { only }),
  ...(window !== undefined && { window })
})

const hasGuards = (options: RunOptions): boolean => Object.keys(guardsOf(options)).length > 0

/** `lookFirst` gives the plan that a run is held to, once its guards have seen it; or why the run is not begun. */
const lookFirst = <E>(guard: Guards.Guard, planning: Effect.Effect<Plan | undefined, E>) =>
  Effect.gen(function* () {
    const made = yield* Effect.exit(planning)
    if (Exit.isFailure(made)) return { exit: made, planned: [] }
    const { value: plan } = made
    if (plan === undefined) return { exit: undefined, plan }
    const allowed = yield* Effect.exit(guard.beforeRun(plan))
    return Exit.isFailure(allowed) ? { exit: allowed, planned: plan.changes } : { exit: undefined, plan }
  })

/** `notBegun` is what a run came to of which nothing was begun. */
const notBegun = <A>(
  told: Parameters<typeof Account.reportOfNone>[0],
  observer: Observer.Observer,
  input: unknown
): Effect.Effect<Ran<A>> =>
  Effect.gen(function* () {
    const report = withoutSecrets(yield* Account.reportOfNone(told), secretsOf(input))
    yield* RunMetrics.ended(report)
    observer.tell({ _tag: "Ended", report })
    yield* observer.end
    return { report, result: Option.none() }
  })

const goingBy = (
  { onDrift = "stop", onFailure = "undo", timeOut, undo = {} }: RunOptions,
  guard: Guards.Guard,
  planned: Plan | undefined,
  { masked }: RunJournal.RunJournal
) => {
  const follower = planned && PlanFollower.make(planned, { onDrift, masked })
  return {
    onFailure,
    timeOut,
    undo,
    rules: RunRules.make(guard, follower),
    left: () => follower?.left() ?? []
  }
}
