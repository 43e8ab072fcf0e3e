import * as Effect from "effect/Effect"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type { JournalFailed } from "../workflow/journal/JournalFailed.ts"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import { checkJournals } from "../workflow/run/CheckOptions.ts"
import * as DeviceRun from "./DeviceRun.ts"
import * as FleetHistory from "./FleetHistory.ts"
import * as FleetJournal from "./FleetJournal.ts"
import type { FleetOver } from "./FleetOver.ts"
import { type FleetReport, factsOf, undoOf } from "./FleetReport.ts"
import * as Standing from "./Standing.ts"
import * as Waves from "./Waves.ts"

/**
 * `recorded` are the ids of the fleets that have a journal, the one to which was added last first. Fails with
 * `JournalFailed` and `InvalidInput`.
 *
 * @example
 * const [last] = yield* Fleet.recorded()
 */
export const recorded = (
  options: JournalOptions = {}
): Effect.Effect<ReadonlyArray<string>, JournalFailed | InvalidInput> =>
  Effect.zipRight(
    checkJournals(options),
    Effect.suspend(() => FleetJournal.list(options))
  )

/**
 * `reportOf` is the account of a fleet by its journal and those of its runs: of one that was killed or interrupted, too,
 * and of one that goes on. Fails with `JournalFailed`, with `FleetOver` for a journal that tells nothing, and with
 * `InvalidInput` for what is no id.
 *
 * @example
 * const report = yield* Fleet.reportOf("20261129T013000Z-fleet-add-host-3f9a1c")
 */
export const reportOf = (
  fleet: string,
  options: JournalOptions = {}
): Effect.Effect<FleetReport, JournalFailed | InvalidInput | FleetOver> =>
  Effect.gen(function* () {
    yield* checkJournals(options)
    const { lines, path } = yield* FleetJournal.read(options, fleet)
    return yield* account(yield* FleetHistory.of(lines, fleet, undefined), path, options)
  })

/** `account` is the account of a fleet by what its journals tell. */
export const account = (
  history: FleetHistory.FleetHistory,
  journal: string,
  options: JournalOptions
): Effect.Effect<FleetReport> =>
  Effect.gen(function* () {
    const { begun, isUndoing, lastAt, over } = history
    const devices = yield* Effect.forEach(begun.devices, (device, place) =>
      deviceRunOf(history, device, Waves.numberAt(begun.waves, place), options)
    )
    return {
      ...factsOf(begun),
      // It was killed, or goes on.
      outcome: over?.outcome ?? "interrupted",
      ...(over?.stop !== undefined && { stop: over.stop }),
      errors: [],
      devices,
      ...(isUndoing && { undo: undoOf(devices) }),
      startedAt: begun.at,
      // What is behind it in the journal is of a later undo.
      endedAt: over?.at ?? lastAt,
      journal
    }
  })

/** `deviceRunOf` is what became of a device: by the journal of its run, which knows of its undo, too. */
export const deviceRunOf = (
  { ended, runs }: FleetHistory.FleetHistory,
  device: string,
  wave: number,
  { folder }: JournalOptions
): Effect.Effect<DeviceRun.DeviceRun> =>
  Effect.gen(function* () {
    const run = runs.get(device)
    if (run === undefined) return DeviceRun.notReached(device, wave)
    const { report, state } = yield* Standing.byJournal(run, { folder })
    const line = ended.get(device)
    if (line !== undefined) {
      const { _tag, at: _at, ...facts } = line
      return report === undefined ? facts : { ...facts, state, report }
    }
    const outcome = report?.outcome ?? "interrupted"
    return { device, wave, outcome, state, errors: [], run, ...(report !== undefined && { report }) } as const
  })
