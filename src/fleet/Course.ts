import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type * as Scope from "effect/Scope"
import * as Background from "../auth/session/Background.ts"
import { masked } from "../client/fields/Secrets.ts"
import type { AnyPlugin, PluginMismatch } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { checkParts, checkWorkflow } from "../workflow/CheckWorkflow.ts"
import type { Workflow } from "../workflow/Definition.ts"
import * as Approval from "../workflow/guards/Approval.ts"
import type { GuardRefused } from "../workflow/guards/GuardRefused.ts"
import * as Guards from "../workflow/guards/Guards.ts"
import { decodeInput } from "../workflow/Input.ts"
import type { JournalFailed } from "../workflow/journal/JournalFailed.ts"
import { secretsOf, withoutSecrets } from "../workflow/KnownSecrets.ts"
import type { Parts } from "../workflow/Parts.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import { now } from "../workflow/run/account/Account.ts"
import * as Observer from "../workflow/run/account/Observer.ts"
import { runOptions } from "../workflow/run/CheckOptions.ts"
import * as RunId from "../workflow/run/RunId.ts"
import type { RunOptions } from "../workflow/run/RunOptions.ts"
import { type DeviceRun, notReached } from "./DeviceRun.ts"
import * as FleetDevices from "./FleetDevices.ts"
import type { FleetEvent } from "./FleetEvent.ts"
import * as FleetJournal from "./FleetJournal.ts"
import * as FleetOptions from "./FleetOptions.ts"
import { FleetRefused } from "./FleetRefused.ts"
import { type FleetReport, factsOf } from "./FleetReport.ts"
import { planned } from "./GroupedPlans.ts"
import * as HeldToPlan from "./HeldToPlan.ts"
import * as StopRule from "./StopRule.ts"
import * as WantedDevices from "./WantedDevices.ts"
import * as Waves from "./Waves.ts"

/** `FleetInput` is the input of a fleet's runs: one for all, or a function that gives each device its own. */
export type FleetInput<Encoded> = Encoded | ((device: FleetDevices.FleetDevice) => Encoded)

/** `FleetFault` is why a fleet is not begun. Nothing was sent to a device. */
export type FleetFault = InvalidInput | PluginMismatch | JournalFailed

/** `OnePart` is the part of a workflow that has only one. */
export interface OnePart {
  readonly part: string
  readonly plugin: AnyPlugin
}

/** `Earlier` is what is known of a device from an earlier go: the id of its run, and what became of that. */
interface Earlier {
  readonly run: string | undefined
  readonly ended: DeviceRun | undefined
}

/** `Course` is what a fleet goes by. */
export interface Course<I, Encoded, P extends Parts, A, E> {
  readonly workflow: Workflow<I, Encoded, P, A, E>
  readonly part: OnePart
  readonly fleet: string
  readonly devices: ReadonlyArray<FleetDevices.FleetDevice>
  readonly begun: Omit<FleetJournal.Begun, "_tag" | "at">
  readonly isResumed: boolean
  readonly startedAt: string
  readonly rule: StopRule.StopRule
  readonly concurrency: number
  readonly inputOf: (device: FleetDevices.FleetDevice) => Encoded
  readonly perDevice: RunOptions
  readonly heldTo: HeldToPlan.HeldToPlan
  readonly journal: FleetJournal.FleetJournal
  readonly observer: Observer.Observer<FleetEvent>
  /** `background` has the exchanges with devices that outlive a device's run. */
  readonly background: Background.Service
  readonly earlier: (device: string) => Earlier | undefined
  /** `elsewhere` has a device's run carried out elsewhere than in this process. @default it is carried out here */
  readonly elsewhere?:
    | ((device: string, run: string, input: Encoded) => Effect.Effect<RunReport, unknown>)
    | undefined
}

/** `onePart` gives the part of a workflow for one device. Fails with `InvalidInput`, and with `PluginMismatch`. */
export const onePart = (workflow: unknown): Effect.Effect<OnePart, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    yield* checkParts(Predicate.isReadonlyRecord(workflow) ? workflow : {}, {})
    const { devices } = workflow as { readonly devices: Parts }
    const [[part, plugin] = [], ...others] = Object.entries(devices)
    if (part !== undefined && plugin !== undefined && others.length === 0) return { part, plugin }
    return yield* refuseInput(
      "workflow.devices",
      `a fleet runs a workflow for one device, and this one has ${others.length + (part === undefined ? 0 : 1)} parts; give one that has one, or run it by Workflow.run.`
    )
  })

/** `checkInput` looks at the input once, where all devices have the same, and says what of it may be kept. */
export const checkInput = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  input: FleetInput<Encoded>
): Effect.Effect<{ readonly input?: unknown }, InvalidInput> =>
  Predicate.isFunction(input)
    ? Effect.succeed({})
    : Effect.map(decodeInput(workflow.input, input), (decoded) => ({
        input: withoutSecrets(masked(input), secretsOf(decoded))
      }))

/** `inputOf` gives the input of each device. */
export const inputOf =
  <Encoded>(input: FleetInput<Encoded>) =>
  (device: FleetDevices.FleetDevice): Encoded =>
    Predicate.isFunction(input) ? input(device) : input

/** `checkPerDevice` looks once at what each device's run is given. Fails with `InvalidInput`. */
export const checkPerDevice = ({
  folder,
  perDevice = {},
  whenHeld
}: FleetOptions.FleetOptions): Effect.Effect<RunOptions, InvalidInput> =>
  Effect.gen(function* () {
    yield* InputSchema.check(runOptions, perDevice, "a device's run")
    const { limit, only, window } = perDevice
    yield* Guards.make(Record.filter({ limit, only, window }, (one) => one !== undefined))
    return { ...perDevice, folder, whenHeld }
  })

/**
 * `begin` checks all that a fleet is given, and begins its journal. What devices leave behind is waited for when the
 * scope closes. Fails as a fleet does.
 */
export const begin = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  given: unknown,
  input: FleetInput<Encoded>,
  options: FleetOptions.FleetOptions,
  rest?: WantedDevices.Rest
): Effect.Effect<Course<I, Encoded, P, A, E>, FleetFault | FleetRefused, Scope.Scope> =>
  Effect.gen(function* () {
    yield* FleetOptions.check(FleetOptions.fleetOptions, options, "a fleet")
    yield* checkWorkflow(workflow, {})
    const part = yield* onePart(workflow)
    const kept = yield* checkInput(workflow, input)
    const perDevice = yield* checkPerDevice(options)
    const chosen = yield* FleetDevices.choose(part.plugin.id, given, options.select)
    const { devices, waves } = yield* WantedDevices.inOrder(chosen.devices, workflow, options, rest)
    const startedAt = yield* now
    const fleet = yield* RunId.next(`fleet-${workflow.name}`)
    const observer = yield* Observer.make<FleetEvent>(options.onProgress)
    const exchanges = yield* background
    const facts = { fleet, workflow: workflow.name, leftOut: chosen.leftOut, startedAt, rerunOf: rest?.of }
    const approved = yield* Effect.provideService(
      approval(workflow, part, { ...chosen, devices }, inputOf(input), options, observer.tell),
      Background.Background,
      exchanges
    ).pipe(
      Effect.catchTag("GuardRefused", (refused) =>
        Effect.flatMap(refusal({ ...facts, devices, waves, refused }), (report) => {
          observer.tell({ _tag: "Ended", report })
          return Effect.zipRight(observer.end, Effect.fail(new FleetRefused({ report })))
        })
      )
    )
    const journal = yield* FleetJournal.create(options, fleet)
    const begun = {
      version: 1,
      fleet,
      workflow: workflow.name,
      kind: part.plugin.id,
      devices: devices.map(({ name }) => name),
      leftOut: chosen.leftOut,
      waves,
      ...(options.stopAfter !== undefined && { stopAfter: options.stopAfter }),
      ...(rest !== undefined && { rerunOf: rest.of }),
      ...(approved !== undefined && { approved: Object.fromEntries(approved) }),
      ...(options.plan !== undefined && { planned: HeldToPlan.keysOf(options.plan, perDevice) }),
      ...kept
    } as const
    yield* journal.append({ _tag: "begun", ...begun })
    return {
      workflow,
      part,
      fleet,
      devices,
      begun,
      isResumed: false,
      startedAt,
      rule: StopRule.make(options, devices.length),
      concurrency: options.concurrency ?? FleetOptions.defaultConcurrency,
      inputOf: inputOf(input),
      perDevice,
      heldTo: HeldToPlan.of(begun, perDevice, options.plan),
      journal,
      observer,
      background: exchanges,
      earlier: () => undefined
    }
  })

/** `approval` asks for the approval of the fleet's plan, and gives the hash of each device's. */
const approval = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  part: OnePart,
  chosen: FleetDevices.Chosen,
  inputFor: (device: FleetDevices.FleetDevice) => Encoded,
  { approve, concurrency, perDevice }: FleetOptions.FleetOptions,
  tell: (event: FleetEvent) => void
): Effect.Effect<ReadonlyMap<string, string> | undefined, GuardRefused> =>
  Effect.gen(function* () {
    if (approve === undefined) return undefined
    const { hashes, plan } = yield* planned(workflow, part, chosen, inputFor, {
      concurrency,
      tell,
      timeOut: perDevice?.timeOut
    })
    yield* Approval.approved(approve, plan)
    return hashes
  })

/** `Unapproved` is what is known of a fleet that was not approved. */
interface Unapproved extends Pick<FleetReport, "fleet" | "workflow" | "leftOut" | "rerunOf" | "startedAt"> {
  readonly devices: ReadonlyArray<FleetDevices.FleetDevice>
  readonly waves: ReadonlyArray<Waves.Wave>
  readonly refused: GuardRefused
}

const refusal = ({ devices, refused, startedAt, ...facts }: Unapproved): Effect.Effect<FleetReport> =>
  Effect.map(now, (endedAt) => ({
    ...factsOf(facts),
    outcome: "refused",
    errors: [{ tag: "GuardRefused", message: refused.message }],
    devices: devices.map(({ name }, place) => notReached(name, Waves.numberAt(facts.waves, place))),
    startedAt,
    endedAt
  }))

/** `background` is one of its own, which is waited for when the scope closes: each exchange in it ends by itself. */
export const background: Effect.Effect<Background.Service, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(Background.make),
  ({ settled }) => settled
)
