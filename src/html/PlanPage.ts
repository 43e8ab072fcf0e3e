import { blameCaller } from "../validation/BlameCaller.ts"
import type { Plan, PlannedChange } from "../workflow/plan/Plan.ts"
import * as PlanWords from "../workflow/plan/PlanWords.ts"
import { changesView, mostChanges } from "./ChangesView.ts"
import { html } from "./Html.ts"
import * as Page from "./Page.ts"

/**
 * `planHtml` gives a plan as one page of HTML that stands alone, as `runHtml` does a report: for whoever has to approve
 * it.
 *
 * @example
 * await writeFile("plan.html", Workflow.planHtml(plan))
 */
export const planHtml = blameCaller((plan: Plan): string => {
  const names = PlanWords.namesOf(plan)
  const end = PlanWords.endText(plan)
  const { changes, complete, notes, workflow } = plan
  return Page.page({
    title: workflow,
    headline: `${workflow}: ${complete ? "plan" : "plan, not complete"}`,
    tone: complete ? "quiet" : "warn",
    about: [PlanWords.summary(plan)],
    content: html`${
      end === undefined
        ? undefined
        : html`<section><h2>Where it ends</h2><p class="error">${end}</p></section>`
    }${
      notes.length === 0
        ? undefined
        : html`<section><h2>The workflow says</h2><ul>${notes.map(({ text }) => html`<li>${text}</li>`)}</ul></section>`
    }${
      changes.length === 0
        ? undefined
        : html`<section><h2>Changes</h2>${changesView(changes, { markOf, names, most: mostChanges, areItems: true })}</section>`
    }`
  })
})

/** `markOf` says what has to be known of the undo of a change. */
export const markOf = (change: PlannedChange) => {
  const undo = PlanWords.undoText(change)
  return undo === ""
    ? ({ tone: "quiet", text: "can be taken back" } as const)
    : ({ tone: "warn", text: undo } as const)
}
