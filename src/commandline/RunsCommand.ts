import * as Effect from "effect/Effect"
import * as FleetHistory from "../fleet/FleetHistory.ts"
import * as FleetJournal from "../fleet/FleetJournal.ts"
import type { FleetOver } from "../fleet/FleetOver.ts"
import * as FleetRecords from "../fleet/FleetRecords.ts"
import { FleetReport } from "../fleet/FleetReport.ts"
import { fleetText } from "../fleet/FleetText.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type { JournalFailed } from "../workflow/journal/JournalFailed.ts"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import { RunReport } from "../workflow/report/RunReport.ts"
import { type RunTextOptions, runText } from "../workflow/report/RunText.ts"
import type { ReportOptions } from "../workflow/report/RunWords.ts"
import * as JournaledRun from "../workflow/run/JournaledRun.ts"
import { recorded, reportOf } from "../workflow/run/Records.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, hasColors } from "./Caller.ts"
import { jsonText } from "./JsonText.ts"
import { tableText } from "./TableText.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `RunSummary` is a run, or a fleet, as a list has it. */
interface RunSummary {
  readonly run: string
  readonly workflow: string
  readonly devices: ReadonlyArray<string>
  /** `begun` is when, by the wall clock; empty where its journal cannot be read. */
  readonly begun: string
  readonly state: string
}

/** `RunsOptions` say where the journals are, and which command line goes on with what is shown. */
interface RunsOptions extends JournalOptions, ReportOptions {}

/** `runs` lists the fleets and the runs that have a journal, the newest first, or shows one. */
export const runs = (
  { operands, switches }: Pick<Arguments, "operands" | "switches">,
  caller: Caller,
  { script, ...options }: RunsOptions
): Effect.Effect<void, WrongUsage | JournalFailed | InvalidInput | FleetOver> =>
  Effect.gen(function* () {
    const [what = "list", id, extra] = operands
    const isJson = switches.get("json") === true
    const { output } = caller
    if (what === "show" && id !== undefined && extra === undefined) {
      output.write(`${yield* shown(id, isJson, { colors: hasColors(caller, output), script }, options)}\n`)
      return
    }
    if (what === "show" && id === undefined)
      return yield* refuse("runs show: which run? Give its id, which runs lists.")
    if (what !== "list" || id !== undefined)
      return yield* refuse(
        `runs: nobody knows what ${extra ?? id ?? what} is for; give list, or show and the id of a run.`
      )
    const ids = yield* recorded(options)
    const fleets = yield* FleetRecords.recorded(options)
    const all = [
      ...(yield* Effect.forEach(fleets, (fleet) => fleetSummaryOf(fleet, options), { concurrency: 8 })),
      ...(yield* Effect.forEach(ids, (run) => summaryOf(run, options), { concurrency: 8 }))
    ]
    output.write(isJson ? `${JSON.stringify(all, null, 2)}\n` : tableOf(all))
  })

/** `shown` is the report of a run, or of a fleet. */
const shown = (id: string, isJson: boolean, how: RunTextOptions, options: JournalOptions) =>
  Effect.gen(function* () {
    const fleets = yield* FleetRecords.recorded(options)
    if (fleets.includes(id)) {
      const report = yield* FleetRecords.reportOf(id, options)
      return isJson ? jsonText(FleetReport, report) : fleetText(report, how)
    }
    const report = yield* reportOf(id, options)
    return isJson ? jsonText(RunReport, report) : runText(report, how)
  })

const summaryOf = (run: string, options: JournalOptions): Effect.Effect<RunSummary> =>
  Effect.match(JournaledRun.read(options, run), {
    onFailure: () => unread(run),
    onSuccess: ({ history }) => {
      const begun = history.begun()
      return {
        run,
        workflow: begun?.workflow ?? "",
        devices: Object.values(begun?.devices ?? {}).map(({ name }) => name),
        begun: begun?.at ?? "",
        state: stateOf(history)
      }
    }
  })

const fleetSummaryOf = (fleet: string, options: JournalOptions): Effect.Effect<RunSummary> =>
  FleetJournal.read(options, fleet).pipe(
    Effect.flatMap(({ lines }) => FleetHistory.of(lines, fleet, undefined)),
    Effect.match({
      onFailure: () => unread(fleet),
      onSuccess: ({ begun: { at, devices, workflow }, isUndoing, over }) => {
        const state = over?.outcome ?? "not ended"
        return { run: fleet, workflow, devices, begun: at, state: isUndoing ? `${state}, undone` : state }
      }
    })
  )

const unread = (run: string): RunSummary => ({
  run,
  workflow: "",
  devices: [],
  begun: "",
  state: "its journal cannot be read"
})

const stateOf = (history: JournaledRun.Recorded["history"]): string => {
  const outcome = history.ended()?.outcome
  if (history.isUndoing()) return outcome === undefined ? "being undone" : `${outcome}, undone`
  return outcome ?? "not ended"
}

const devicesText = (devices: ReadonlyArray<string>): string =>
  devices.length > 3 ? `${devices.length} devices` : devices.join(", ")

const tableOf = (all: ReadonlyArray<RunSummary>): string =>
  all.length === 0
    ? "No run has a journal.\n"
    : tableText([
        ["RUN", "WORKFLOW", "DEVICES", "BEGUN", "STATE"],
        ...all.map(({ begun, devices, run, state, workflow }) => [
          run,
          workflow,
          devicesText(devices),
          begun.replace(/\.\d+Z$/, "Z"),
          state
        ])
      ])
