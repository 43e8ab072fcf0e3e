import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Background } from "../auth/session/Background.ts"
import * as GivenValue from "../validation/GivenValue.ts"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import type { RunHeld } from "../workflow/journal/RunHeld.ts"
import type { PartDevices, Parts } from "../workflow/Parts.ts"
import { runErrors } from "../workflow/report/RunErrors.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import * as Account from "../workflow/run/account/Account.ts"
import * as Observer from "../workflow/run/account/Observer.ts"
import type { RunEvent } from "../workflow/run/account/RunEvent.ts"
import type { HeldOptions } from "../workflow/run/RunOptions.ts"
import * as UndoRun from "../workflow/run/undo/UndoRun.ts"
import { InFleet } from "../workflow/run/undo/UndoStops.ts"
import type { UndoOptions } from "../workflow/undo/UndoOptions.ts"
import * as Course from "./Course.ts"
import * as DeviceRun from "./DeviceRun.ts"
import * as FleetDevices from "./FleetDevices.ts"
import type { FleetEvent } from "./FleetEvent.ts"
import * as FleetHistory from "./FleetHistory.ts"
import * as FleetJournal from "./FleetJournal.ts"
import * as FleetOptions from "./FleetOptions.ts"
import type { FleetOver } from "./FleetOver.ts"
import * as FleetRecords from "./FleetRecords.ts"
import { type FleetReport, undoOf } from "./FleetReport.ts"

/** `FleetUndoOptions` say where the journals are, on how many devices at once, and how long each undo may last. */
export interface FleetUndoOptions extends JournalOptions, HeldOptions, FleetOptions.ChoiceOptions {
  /** `perDevice` is how long the undo of each device may last. */
  readonly perDevice?: UndoOptions | undefined
  /**
   * `onProgress` is told of each device and change, and at the end of the report, as that of `run` is.
   *
   * @default nobody is told
   */
  readonly onProgress?: Observer.OnProgress<FleetEvent> | undefined
}

const { folder, whenHeld } = FleetOptions.fleetOptions.fields
const undoOptions = Schema.Struct({
  ...FleetOptions.choiceOptions,
  folder,
  whenHeld,
  perDevice: Schema.optional(Schema.Unknown),
  onProgress: FleetOptions.fleetOptions.fields.onProgress
})

/**
 * `undo` takes back what a fleet's runs have changed and what is still there, device by device, from their journals alone.
 * One that cannot be taken back is told, and keeps no other from it. Once it has begun, the fleet is never resumed.
 * Where it is interrupted, the devices that are under way are taken back to the end, and no others; it then gives no
 * report, and `onProgress` is told of one all the same.
 *
 * Fails with `FleetOver` where the fleet is another workflow's, with `RunHeld` where it goes on, and as `run`.
 *
 * @example
 * const report = yield* Fleet.undo(addHost, inventory, "20261129T013000Z-fleet-add-host-3f9a1c")
 */
export const undo = <P extends Parts>(
  workflow: { readonly name: string; readonly devices: P },
  devices: FleetDevices.FleetDevices<P[keyof P]>,
  fleet: string,
  options: FleetUndoOptions = {}
): Effect.Effect<FleetReport, Course.FleetFault | FleetOver | RunHeld> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const opened = yield* restore(open(workflow, devices, fleet, options))
      const { before, changed, journal, observer } = opened
      yield* journal.append({ _tag: "undoing" })
      observer.tell({ _tag: "UndoBegun", fleet, journal: journal.path, devices: changed.length })
      const undone = new Map<string, DeviceRun.DeviceRun>()
      const exit = yield* Effect.exit(
        restore(
          Effect.forEach(
            changed,
            (one, at) => undoOne(opened, one, at, options, (became) => undone.set(one.device, became)),
            { concurrency: options.concurrency ?? FleetOptions.defaultConcurrency, discard: true }
          )
        )
      )
      const now = before.devices.map((one) => undone.get(one.device) ?? one)
      const report = { ...before, devices: now, undo: undoOf(now), endedAt: yield* Account.now }
      observer.tell({ _tag: "Ended", report })
      yield* observer.end
      return yield* Exit.as(exit, report)
    })
  ).pipe(Effect.scoped)

/** `open` takes the fleet's journal, and what has to be taken back by it. */
const open = <P extends Parts>(
  workflow: { readonly name: string; readonly devices: P },
  devices: FleetDevices.FleetDevices<P[keyof P]>,
  fleet: string,
  options: FleetUndoOptions
) =>
  Effect.gen(function* () {
    // How long each undo may last, that looks at itself.
    const ofFleet: unknown = GivenValue.isPlainObject(options)
      ? { ...options, perDevice: undefined }
      : options
    yield* FleetOptions.check(undoOptions, ofFleet, "the undo of a fleet")
    const { part, plugin } = yield* Course.onePart(workflow)
    const chosen = yield* FleetDevices.choose(plugin.id, devices, options.select)
    const journal = yield* FleetJournal.reopen(options, fleet)
    const history = yield* FleetHistory.of(journal.lines, fleet, workflow.name)
    const before = yield* FleetRecords.account(history, journal.path, options)
    const changed = before.devices.filter(({ state }) => state === "done" || state === "left")
    const found = yield* FleetDevices.named(
      chosen.devices,
      changed.map(({ device }) => device)
    )
    const observer = yield* Observer.make(options.onProgress)
    const background = yield* Course.background
    return { background, before, changed, found, journal, observer, part, workflow }
  })

type Opened<P extends Parts> = Effect.Effect.Success<ReturnType<typeof open<P>>>

/** `undoOne` takes one device back, and tells what became of it, though it is interrupted meanwhile. */
const undoOne = <P extends Parts>(
  { background, found, journal, observer, part, workflow }: Opened<P>,
  one: DeviceRun.DeviceRun,
  at: number,
  { folder, perDevice, whenHeld }: FleetUndoOptions,
  ended: (became: DeviceRun.DeviceRun) => void
): Effect.Effect<void> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const device = found[at]
      if (device === undefined || one.run === undefined) return
      const { run, wave } = one
      observer.tell({ _tag: "DeviceBegun", device: one.device, wave, run })
      let report: RunReport | undefined
      const hear = (event: RunEvent) => {
        if (event._tag === "Ended") report = event.report
        else observer.tell({ _tag: "DeviceTold", device: one.device, event })
      }
      const exit = yield* FleetDevices.optionsOf(device).pipe(
        Effect.flatMap((given) =>
          UndoRun.undoAs(
            workflow,
            { [part]: given } as PartDevices<P>,
            run,
            { ...perDevice, folder, whenHeld },
            hear
          )
        ),
        Effect.provideService(Background, background),
        Effect.provideService(InFleet, true),
        restore,
        Effect.exit
      )
      // Nothing of it was begun.
      if (report === undefined && Exit.isInterrupted(exit)) return
      const became = yield* took(journal, one, report === undefined ? exit : Exit.succeed(report))
      ended(became)
      observer.tell({ _tag: "DeviceUndone", device: became })
    })
  )

/** `took` is what became of the undo of a device, which is written down. */
const took = (
  journal: FleetJournal.FleetJournal,
  before: DeviceRun.DeviceRun,
  exit: Exit.Exit<DeviceRun.DeviceRun["report"], unknown>
): Effect.Effect<DeviceRun.DeviceRun> => {
  const report = Exit.isSuccess(exit) ? exit.value : undefined
  const errors = Exit.isFailure(exit) ? runErrors(exit.cause) : []
  const state = report === undefined ? before.state : DeviceRun.stateOf(report)
  return Effect.as(
    Effect.ignore(journal.append({ _tag: "tookBack", device: before.device, state, errors })),
    { ...before, state, errors: [...before.errors, ...errors], ...(report !== undefined && { report }) }
  )
}
