import { exitCodes } from "../process/ExitCodes.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import { unmade } from "../workflow/report/RunWords.ts"

/** `ofRun` is the exit code of a run that has come to its end. `leaves` says that it was to leave what it had changed. */
export const ofRun = ({ changes, outcome, undo }: RunReport, leaves: boolean): number => {
  if (outcome === "done") return exitCodes.done
  const made = changes.filter(({ state }) => !unmade.has(state))
  if (made.some(({ state }) => state === "unknown")) return exitCodes.unclear
  if (made.length === 0) return exitCodes.failed
  if (undo === undefined) return leaves ? exitCodes.failed : exitCodes.unclear
  return undo.state === "done" && undo.left === 0 ? exitCodes.undone : exitCodes.unclear
}

/** `ofUndo` is that of an undo, whose purpose it is that nothing is left. */
export const ofUndo = ({ changes, undo }: RunReport): number => {
  const isUnclear =
    undo === undefined
      ? changes.some(({ state }) => !unmade.has(state))
      : undo.state !== "done" || undo.left > 0
  return isUnclear ? exitCodes.unclear : exitCodes.done
}
