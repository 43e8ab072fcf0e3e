import process from "node:process"
import { styleText } from "node:util"
import { blameCaller } from "../transport/BlameCaller.ts"
import type { FieldDiff } from "./FieldDiff.ts"
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
export const planText = blameCaller((plan: Plan, { colors = hasColors() }: PlanTextOptions = {}): string => {
  const style: Style = (color, text) => (colors ? styleText(color, text, { validateStream: false }) : text)
  const names = PlanWords.namesOf(plan)
  const lines = [`${PlanWords.printable(plan.workflow)}: ${plan.complete ? "plan" : "plan, not complete"}`]
  let section: string | undefined
  for (const change of plan.changes) {
    const own = [change.device, change.step]
      .filter((part) => part !== "")
      .map(PlanWords.printable)
      .join(" · ")
    if (own !== section) lines.push("", own)
    section = own
    lines.push(...changeLines(change, style, names))
  }
  const notes = plan.notes.map(({ step, text }) =>
    PlanWords.printable(`${step === "" ? "" : `${step}: `}${text}`)
  )
  if (notes.length > 0) lines.push("", "The workflow says:", ...notes.map((one) => `  ${one}`))
  const end = PlanWords.endText(plan)
  if (end !== undefined) lines.push("", style("red", end))
  lines.push("", PlanWords.summary(plan))
  return lines.join("\n")
})

type Color = "green" | "yellow" | "red" | "cyan"
type Style = (color: Color, text: string) => string

const signs = new Map<string, readonly [sign: string, color: Color]>([
  ["create", ["+", "green"]],
  ["update", ["~", "yellow"]],
  ["remove", ["-", "red"]]
])

const changeLines = (
  change: PlannedChange,
  style: Style,
  names: PlanWords.PlanNames
): ReadonlyArray<string> => {
  const [sign, color] = signs.get(change.action) ?? [
    PlanWords.printable(`! ${change.action}`),
    "cyan" as const
  ]
  const undo = PlanWords.undoText(change)
  // Of what is removed, its name says enough.
  const fields = change.action === "remove" ? [] : change.fields.filter(isTelling)
  return [
    `  ${style(color, `${sign} ${PlanWords.objectText(change)}`)}${undo === "" ? "" : `  (${undo})`}`,
    ...fields.map((one) => `      ${PlanWords.fieldText(one, names)}`)
  ]
}

const isTelling = ({ before, field }: FieldDiff): boolean =>
  before !== undefined || (field !== "name" && field !== "type")

const hasColors = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR
