import type { ChangeState, RunReport } from "../workflow/report/RunReport.ts"

/** `Tone` is how good it is: each has a colour and a sign, so that it reads without colours too. */
export type Tone = "good" | "warn" | "bad" | "quiet"

/** `toneOf` is `bad` where something is left on a device that is not as it should be, or nobody knows. */
export const toneOf = ({ changes, outcome, undo }: RunReport): Tone => {
  if (outcome === "done" && undo === undefined) return "good"
  const isLeft = changes.some(({ state }) => ["unknown", "left", "done"].includes(state))
  return isLeft || (undo !== undefined && undo.state !== "done") ? "bad" : "warn"
}

/** `changeTone` is that of a change. */
export const changeTone = (state: ChangeState): Tone => changeTones[state]

const changeTones: Record<ChangeState, Tone> = {
  unknown: "bad",
  left: "bad",
  failed: "bad",
  done: "good",
  undone: "warn",
  neverHappened: "quiet",
  planned: "quiet",
  notReached: "quiet"
}
