import { blameCaller } from "../transport/BlameCaller.ts"
import type { Plan, PlannedChange } from "./Plan.ts"
import * as PlanWords from "./PlanWords.ts"

/** `planMarkdown` gives a plan as Markdown, for a change ticket or a pull request. */
export const planMarkdown = blameCaller((plan: Plan): string => {
  const names = PlanWords.namesOf(plan)
  const row = (change: PlannedChange) => {
    const { action, device, fields, step } = change
    const diffs = fields.map((one) => escaped(PlanWords.fieldText(one, names))).join("<br>")
    const cells = [device, step, action, PlanWords.objectText(change)].map((one) =>
      escaped(PlanWords.printable(one))
    )
    return `| ${[...cells, diffs, escaped(PlanWords.undoText(change))].join(" | ")} |`
  }
  const end = PlanWords.endText(plan)
  const sections = [
    [`## Plan of ${escaped(PlanWords.printable(plan.workflow))}`],
    plan.changes.length === 0 ? [] : [...tableHead, ...plan.changes.map(row)],
    plan.notes.map(({ text }) => `* ${escaped(PlanWords.printable(text))}`),
    end === undefined ? [] : [`**Not complete.** ${escaped(end)}`],
    [escaped(PlanWords.summary(plan))]
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")
})

const tableHead = [
  "| Device | Step | Action | Object | Fields | Undo |",
  "| --- | --- | --- | --- | --- | --- |"
]

/** `escaped` keeps a text of a device or a script a text, within its cell. */
const escaped = (text: string): string => text.replace(/[\\|`*_<>[\]#~]/g, "\\$&")
