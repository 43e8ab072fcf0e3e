import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { blameCaller } from "../../validation/BlameCaller.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import type { RunReport } from "../report/RunReport.ts"
import { unmade } from "../report/RunWords.ts"
import type { Ran } from "./Run.ts"

/** `RunFailed` says that a run is not done. Its report has the whole of it. */
export class RunFailed extends Data.TaggedError("RunFailed")<{ readonly report: RunReport }> {
  override get message(): string {
    const { errors, outcome, run, workflow } = this.report
    const why = errors.map(({ message }) => message)
    return [`${workflow}: the run ${run} was ${words[outcome]}.`, ...why, became(this.report)].join("\n")
  }
}

/** `became` says what became of what the run had changed. */
const became = ({ changes, undo }: RunReport): string => {
  if (changes.every(({ state }) => unmade.has(state))) return "It has changed nothing."
  if (undo === undefined) return "What it had changed is left: resume it, or undo it."
  return undo.left === 0
    ? "What it had changed was taken back."
    : `${undo.left} of what it had changed is left: its report says what, and what to do.`
}

const words: Readonly<Record<RunReport["outcome"], string>> = {
  done: "done",
  failed: "ended by an error",
  interrupted: "interrupted",
  refused: "stopped"
}

/**
 * `resultOf` gives what the workflow gave. Fails with `RunFailed` where its run is not done, so that a script's exit code
 * tells. Throws `InvalidInput` for what `Workflow.run` does not give, such as a promise or what `runPromise` gives.
 *
 * @example
 * Main.run(Effect.flatMap(Workflow.run(importHosts, { fmc: "FMC" }, input), Workflow.resultOf))
 */
export const resultOf = blameCaller(<A>(ran: Ran<A>): Effect.Effect<A, RunFailed> => {
  if (!Predicate.hasProperty(ran, "result") || !Option.isOption(ran.result))
    throw refuseInput(
      "ran",
      "this is not what Workflow.run gives; give that, as in Effect.flatMap(Workflow.run(…), Workflow.resultOf). What Workflow.runPromise gives has its result already, and its end in report.outcome."
    )
  const { report, result } = ran
  return Option.match(result, {
    onNone: () => Effect.fail(new RunFailed({ report })),
    onSome: Effect.succeed
  })
})
