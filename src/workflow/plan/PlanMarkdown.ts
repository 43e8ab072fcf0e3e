import { blameCaller } from "../../validation/BlameCaller.ts"
import { escaped, sections, table } from "../MarkdownTable.ts"
import type { Plan, PlannedChange } from "./Plan.ts"
import * as PlanWords from "./PlanWords.ts"

/** `planMarkdown` gives a plan as Markdown, for a change ticket or a pull request. */
export const planMarkdown = blameCaller((plan: Plan): string => {
  const names = PlanWords.namesOf(plan)
  const row = (change: PlannedChange) => [
    ...PlanWords.cellsOf(change).map(escaped),
    change.fields.map((one) => escaped(PlanWords.fieldText(one, names))).join("<br>"),
    escaped(PlanWords.undoText(change))
  ]
  const end = PlanWords.endText(plan)
  return sections([
    [`## Plan of ${escaped(PlanWords.printable(plan.workflow))}`],
    table(["Device", "Step", "Action", "Object", "Fields", "Undo"], plan.changes.map(row)),
    plan.notes.map(({ text }) => `* ${escaped(PlanWords.printable(text))}`),
    end === undefined ? [] : [`**Not complete.** ${escaped(end)}`],
    [escaped(PlanWords.summary(plan))]
  ])
})
