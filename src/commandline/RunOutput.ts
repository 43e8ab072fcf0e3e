import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { few } from "../validation/Few.ts"
import * as PlanWords from "../workflow/plan/PlanWords.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import { runText } from "../workflow/report/RunText.ts"
import { RunEvent } from "../workflow/run/account/RunEvent.ts"
import { lineOf } from "../workflow/run/account/TerminalProgress.ts"
import { RunFailed } from "../workflow/run/RunFailed.ts"
import * as TextStyle from "../workflow/TextStyle.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, hasColors } from "./Caller.ts"
import * as Drawing from "./progress/Drawing.ts"
import { runProgress } from "./progress/RunProgress.ts"
import * as ReportFile from "./ReportFile.ts"
import * as Unbegun from "./Unbegun.ts"
import type { WrongUsage } from "./WrongUsage.ts"

/** `OutputForm` is how a run is told of: as text, as JSON with an event in each line, or by nothing but its end. */
type OutputForm = "text" | "json" | "quiet"

export const formOf = ({ switches }: Arguments): OutputForm =>
  switches.get("json") ? "json" : switches.get("quiet") ? "quiet" : "text"

/** `Telling` is what tells of a run or a fleet, and makes the exit code say so where its report could not be kept. */
export interface Telling<Event> extends Pick<ReportFile.ReportFile, "codeOf"> {
  readonly onProgress: (event: Event) => void
}

/**
 * `make` tells of a run until the scope closes: the report goes to standard output, and into the file of `--report`. On a
 * terminal standard error shows meanwhile how far it is; elsewhere it has a line for each step. Fails with `WrongUsage`,
 * before anything is begun, where that file could not be written. What is interrupted before that is told by `unbegun`.
 */
export const make = (
  caller: Caller,
  given: Arguments,
  unbegun: string
): Effect.Effect<Telling<RunEvent>, WrongUsage, Scope.Scope> =>
  Effect.gen(function* () {
    const { codeOf, keepReport } = yield* ReportFile.make(given, caller)
    const { output, script } = caller
    const form = formOf(given)
    const told = yield* Unbegun.tellIfSo(caller, unbegun)
    const drawing = form === "text" ? yield* Drawing.make(caller, runProgress) : undefined
    const tell = lineTeller(caller)
    const tellEnd = (report: RunReport) => {
      drawing?.end()
      if (form !== "json") output.write(`${runText(report, { colors: hasColors(caller, output), script })}\n`)
      // Whoever sees the report has seen it.
      if (report.outcome !== "done" && output.isTTY !== true) tell(endOf(report))
      for (const fault of keepReport(report)) tell(fault)
    }
    const onProgress = (event: RunEvent) => {
      if (form === "json") output.write(`${JSON.stringify(Schema.encodeSync(RunEvent)(event))}\n`)
      if (event._tag === "Ended") {
        told.isOver = true
        return tellEnd(event.report)
      }
      if (form !== "text") return
      drawing?.tell(event)
      const fault = faultOf(event)
      if (fault !== undefined) return tell(fault, true)
      const line = drawing !== undefined && event._tag === "StepBegun" ? undefined : lineOf(event)
      if (line !== undefined) tell(line)
    }
    return { codeOf, onProgress }
  })

/** `endOf` is what a run that is not done came to, and why. */
const endOf = (report: RunReport): string =>
  new RunFailed({ report }).message
    .split("\n")
    .map((line) => (/[.!?:;]$/.test(line) ? line : `${line}.`))
    .join(" ")

// The errors of a run, and after them what became of what it had changed.
const maxLine = 5000

/** `lineTeller` writes lines to standard error; what is bad in red. */
export const lineTeller = (caller: Caller) => {
  const { errors } = caller
  const style = TextStyle.make(hasColors(caller, errors))
  return (line: string, isBad = false) => {
    const text = PlanWords.printable(line, maxLine)
    errors.write(`${isBad ? style("red", text) : text}\n`)
  }
}

/** `faultOf` is what has gone wrong with a change. */
const faultOf = (event: RunEvent): string | undefined => {
  if (event._tag !== "ChangeEnded" || event.outcome === "done") return undefined
  const { action, device, kind, message, names, outcome } = event
  return `${device}: ${action} ${kind} ${few(names, 3)}: ${message ?? outcome}`
}
