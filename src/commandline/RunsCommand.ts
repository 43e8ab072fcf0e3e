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
import * as Account from "../workflow/run/account/Account.ts"
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

/** `Listed` is one with the time of the last line of its journal. */
interface Listed {
  readonly summary: RunSummary
  readonly lastAt: string
}

/** `RunsOptions` say where the journals are, and which command line goes on with what is shown. */
interface RunsOptions extends JournalOptions, ReportOptions {}

/** `runs` lists the fleets and the runs that have a journal, the one that was last at work first, or shows one. */
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
    const listed = [
      ...(yield* Effect.forEach(fleets, (fleet) => fleetSummaryOf(fleet, options), { concurrency: 8 })),
      ...(yield* Effect.forEach(ids, (run) => summaryOf(run, options), { concurrency: 8 }))
    ]
    const all = listed.sort(lastFirst).map(({ summary }) => summary)
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

const summaryOf = (run: string, options: JournalOptions): Effect.Effect<Listed> =>
  Effect.match(JournaledRun.read(options, run), {
    onFailure: () => unread(run),
    onSuccess: (recorded) => {
      const begun = recorded.history.begun()
      const summary = {
        run,
        workflow: begun?.workflow ?? "",
        devices: Object.values(begun?.devices ?? {}).map(({ name }) => name),
        begun: begun?.at ?? "",
        state: stateText(recorded.history.ended()?.outcome, Account.reportOfJournal(recorded).undo)
      }
      return { summary, lastAt: recorded.lines.at(-1)?.at ?? "" }
    }
  })

const fleetSummaryOf = (fleet: string, options: JournalOptions): Effect.Effect<Listed> =>
  Effect.gen(function* () {
    const { lines, path } = yield* FleetJournal.read(options, fleet)
    const history = yield* FleetHistory.of(lines, fleet, undefined)
    const { at, devices, workflow } = history.begun
    // The journals of its runs tell how far its undo is.
    const undo = history.isUndoing ? (yield* FleetRecords.account(history, path, options)).undo : undefined
    const state = stateText(history.over?.outcome, undo)
    return { summary: { run: fleet, workflow, devices, begun: at, state }, lastAt: history.lastAt }
  }).pipe(Effect.orElseSucceed(() => unread(fleet)))

const unread = (run: string): Listed => ({
  summary: { run, workflow: "", devices: [], begun: "", state: "its journal cannot be read" },
  lastAt: ""
})

/** `lastFirst` puts those first to whose journals was added last, and behind all others what cannot be read. */
const lastFirst = (one: Listed, other: Listed): number =>
  one.lastAt === other.lastAt ? 0 : one.lastAt < other.lastAt ? 1 : -1

const stateText = (outcome: string | undefined, undo: RunReport["undo"]): string =>
  [outcome ?? "not ended", ...(undo === undefined ? [] : [undoStates[undo.state]])].join(", ")

const undoStates: Record<NonNullable<RunReport["undo"]>["state"], string> = {
  done: "undone",
  incomplete: "undone in part",
  stopped: "its undo is not over"
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
