import process from "node:process"
import * as Needed from "../../../validation/Needed.ts"
import * as PlanWords from "../../plan/PlanWords.ts"
import { runText } from "../../report/RunText.ts"
import type { RunEvent } from "./RunEvent.ts"

/**
 * `tellOnTerminal` prints the report of a run at its end, be it by an error or by Ctrl-C. It is for `onProgress`. The
 * report goes to standard output; to whoever sits before a terminal standard error tells meanwhile where the run is.
 *
 * @example
 * yield* Workflow.run(importHosts, { fmc: "FMC" }, input, { onProgress: Workflow.tellOnTerminal })
 */
export const tellOnTerminal = (event: RunEvent): void => {
  Needed.object("event", event, "what onProgress is told")
  if (event._tag === "Ended") return void process.stdout.write(`${runText(event.report)}\n`)
  const line = process.stderr.isTTY === true ? lineOf(event) : undefined
  if (line !== undefined) process.stderr.write(`${PlanWords.printable(line)}\n`)
}

/** `lineOf` is what is told of an event meanwhile, if anything is. */
export const lineOf = (event: RunEvent): string | undefined => {
  switch (event._tag) {
    case "Begun":
    case "Resumed":
      return `run ${event.run}`
    case "StepBegun":
      return `${event.step} …`
    case "UndoBegun":
      return "taking back what was changed …"
    default:
      return undefined
  }
}
