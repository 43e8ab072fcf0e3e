import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as PlanWords from "../workflow/plan/PlanWords.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import { runText } from "../workflow/report/RunText.ts"
import { RunEvent } from "../workflow/run/RunEvent.ts"
import { RunFailed } from "../workflow/run/RunFailed.ts"
import { lineOf } from "../workflow/run/TerminalProgress.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, hasColors } from "./Caller.ts"
import * as ReportFile from "./ReportFile.ts"
import type { WrongUsage } from "./WrongUsage.ts"

/** `OutputForm` is how a run is told of: as text, as JSON with an event in each line, or by nothing but its end. */
type OutputForm = "text" | "json" | "quiet"

export const formOf = ({ switches }: Arguments): OutputForm =>
  switches.get("json") ? "json" : switches.get("quiet") ? "quiet" : "text"

/**
 * `make` tells of a run: the report goes to standard output, and into the file of `--report`; what is told meanwhile to
 * standard error. Fails with `WrongUsage`, before anything is begun, where that file could not be written.
 */
export const make = (
  caller: Caller,
  given: Arguments
): Effect.Effect<(event: RunEvent) => void, WrongUsage> =>
  Effect.map(ReportFile.make(given), ({ keepReport }) => {
    const { errors, output } = caller
    const form = formOf(given)
    const tell = (line: string) => void errors.write(`${PlanWords.printable(line)}\n`)
    const tellEnd = (report: RunReport) => {
      if (form !== "json") output.write(`${runText(report, { colors: hasColors(caller, output) })}\n`)
      // Whoever sees the report has seen it.
      if (report.outcome !== "done" && output.isTTY !== true)
        tell(new RunFailed({ report }).message.split("\n").join(" "))
      const fault = keepReport(report)
      if (fault !== undefined) tell(fault)
    }
    return (event) => {
      if (form === "json") output.write(`${JSON.stringify(Schema.encodeSync(RunEvent)(event))}\n`)
      if (event._tag === "Ended") return tellEnd(event.report)
      const line = form === "text" ? lineOf(event) : undefined
      if (line !== undefined) tell(line)
    }
  })
