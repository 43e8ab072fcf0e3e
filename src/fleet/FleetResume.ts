import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Secrets from "../client/fields/Secrets.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { checkWorkflow } from "../workflow/CheckWorkflow.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { RunHeld } from "../workflow/journal/RunHeld.ts"
import type { Parts } from "../workflow/Parts.ts"
import * as Observer from "../workflow/run/account/Observer.ts"
import * as Course from "./Course.ts"
import * as FleetDevices from "./FleetDevices.ts"
import type { FleetEvent } from "./FleetEvent.ts"
import * as FleetHistory from "./FleetHistory.ts"
import * as FleetJournal from "./FleetJournal.ts"
import * as FleetOptions from "./FleetOptions.ts"
import { FleetOver } from "./FleetOver.ts"
import * as FleetRecords from "./FleetRecords.ts"
import { carriedOut, type FleetRan } from "./FleetRun.ts"
import * as HeldToPlan from "./HeldToPlan.ts"
import * as Standing from "./Standing.ts"
import * as StopRule from "./StopRule.ts"

/** `FleetResumeOptions` say how a fleet is gone on with: its waves and what stops it are those that it was begun with. */
export interface FleetResumeOptions<Encoded>
  extends Omit<FleetOptions.FleetOptions, "canary" | "waves" | "stopAfter" | "approve" | "plan"> {
  /** `input` is the input once more, where it holds secrets or each device has its own. @default the journal's */
  readonly input?: Course.FleetInput<Encoded> | undefined
}

/**
 * `resume` goes on with a fleet whose process was killed: what is done is not done again, runs that were under way are
 * resumed by their journals, and the rest is run, in the same waves.
 *
 * Fails with `FleetOver` where it came to its end, by an interruption too (`rerun` does the rest then), with `RunHeld`
 * where it still goes on, and as `run`.
 *
 * @example
 * const { report } = yield* Fleet.resume(addHost, inventory, "20261129T013000Z-fleet-add-host-3f9a1c")
 */
export const resume = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices.FleetDevices<P[keyof P]>,
  fleet: string,
  options: FleetResumeOptions<Encoded> = {}
): Effect.Effect<FleetRan<A>, Course.FleetFault | FleetOver | RunHeld> =>
  carriedOut(goOn(workflow, devices, fleet, options))

const {
  approve: _approve,
  canary: _canary,
  plan: _plan,
  stopAfter: _stopAfter,
  waves: _waves,
  ...fields
} = FleetOptions.fleetOptions.fields
/** `resumeOptions` are those of a fleet that is gone on with. */
export const resumeOptions = Schema.Struct({ ...fields, input: Schema.optional(Schema.Unknown) })

/**
 * `goOn` is the course of a fleet that is gone on with. `hasBegun` says of a run that was told of whether it has come so
 * far that it is to be gone on with, too.
 */
export const goOn = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  given: unknown,
  fleet: string,
  options: FleetResumeOptions<Encoded>,
  hasBegun: (run: string) => Effect.Effect<boolean> = (run) => Standing.hasBegun(run, options)
): Effect.Effect<Course.Course<I, Encoded, P, A, E>, Course.FleetFault | FleetOver | RunHeld, Scope.Scope> =>
  Effect.gen(function* () {
    yield* FleetOptions.check(resumeOptions, options, "a resumed fleet")
    yield* checkWorkflow(workflow, {})
    const part = yield* Course.onePart(workflow)
    const perDevice = yield* Course.checkPerDevice(options)
    const chosen = yield* FleetDevices.choose(part.plugin.id, given, options.select)
    const journal = yield* FleetJournal.reopen(options, fleet)
    const history = yield* FleetHistory.of(journal.lines, fleet, workflow.name)
    yield* checkOpen(history)
    const { begun } = history
    const devices = yield* FleetDevices.named(chosen.devices, begun.devices)
    const input = options.input ?? (begun.input as Encoded | undefined)
    if (input === undefined || Secrets.isMasked(input)) {
      return yield* refuseInput(
        "input",
        "that of the fleet holds secrets, or each device had its own, which its journal does not keep; give it once more."
      )
    }
    yield* Course.checkInput(workflow, input)
    const observer = yield* Observer.make<FleetEvent>(options.onProgress)
    const ended = new Map(
      yield* Effect.forEach([...history.ended.values()], ({ device, wave }) =>
        Effect.map(FleetRecords.deviceRunOf(history, device, wave, options), (one) => [device, one] as const)
      )
    )
    // What was killed before its journal had a line is begun anew.
    const underWay = yield* Effect.filter(
      [...history.runs].filter(([device]) => !ended.has(device)),
      ([, run]) => hasBegun(run)
    )
    const runs = new Map(underWay)
    yield* journal.append({ _tag: "resumed" })
    return {
      workflow,
      part,
      fleet,
      devices,
      begun,
      isResumed: true,
      startedAt: begun.at,
      rule: StopRule.make(begun, devices.length),
      concurrency: options.concurrency ?? FleetOptions.defaultConcurrency,
      inputOf: Course.inputOf(input),
      perDevice,
      heldTo: HeldToPlan.of(begun, perDevice),
      journal,
      observer,
      background: yield* Course.background,
      earlier: (device) => ({ run: runs.get(device), ended: ended.get(device) })
    }
  })

/** `checkOpen` takes a fleet that can be gone on with. */
const checkOpen = ({ begun: { fleet }, isUndoing, over }: FleetHistory.FleetHistory) => {
  if (isUndoing)
    return new FleetOver({
      fleet,
      why: "Undone",
      detail: "it was undone, or its undo has begun, which is gone on with by undo; run it anew."
    })
  if (over === undefined) return Effect.void
  const detail =
    over.outcome === "done"
      ? "it is done; there is nothing to go on with."
      : `it is over (${over.outcome}); do the rest by Fleet.rerun with its report, or on the command line by run --rerun ${fleet}.`
  return new FleetOver({ fleet, why: "Over", detail })
}
