import { blameCaller } from "../../validation/BlameCaller.ts"
import { checkText } from "../TextOptions.ts"
import * as TextStyle from "../TextStyle.ts"
import type { Plan, PlannedChange } from "./Plan.ts"
import * as PlanWords from "./PlanWords.ts"

/** `PlanTextOptions` say how a plan is printed. */
export interface PlanTextOptions {
  /** `colors` are those of a terminal. @default true where the output is one, unless `NO_COLOR` is set */
  readonly colors?: boolean | undefined
}

/**
 * `planText` gives a plan as text: what would be done, step by step, what the workflow says of it, and where the plan
 * cannot see further.
 *
 * @example
 * console.log(Workflow.planText(plan))
 */
export const planText = blameCaller((plan: Plan, options: PlanTextOptions = {}): string => {
  checkText(options, "planText")
  const { colors } = options
  const style = TextStyle.make(colors)
  const names = PlanWords.namesOf(plan)
  const lines = [`${PlanWords.printable(plan.workflow)}: ${plan.complete ? "plan" : "plan, not complete"}`]
  lines.push(...PlanWords.bySection(plan.changes, (change) => changeLines(change, style, names)))
  lines.push(...PlanWords.noteLines(plan.notes))
  const end = PlanWords.endText(plan)
  if (end !== undefined) lines.push("", style("red", end))
  lines.push("", PlanWords.summary(plan))
  return lines.join("\n")
})

/** `changeLines` say what becomes of an object. */
export const changeLines = (
  change: PlannedChange,
  style: TextStyle.Style,
  names: PlanWords.PlanNames
): ReadonlyArray<string> => {
  const { color, sign } = TextStyle.signOf(change.action)
  const undo = PlanWords.undoText(change)
  return [
    `  ${style(color, `${PlanWords.printable(sign)} ${PlanWords.objectText(change)}`)}${undo === "" ? "" : `  (${undo})`}`,
    ...PlanWords.fieldLines(change, names)
  ]
}
