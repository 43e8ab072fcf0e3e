import { checked, type FleetPlan, type PlanGroup } from "../fleet/FleetPlan.ts"
import * as FleetPlanText from "../fleet/FleetPlanText.ts"
import { blameCaller } from "../validation/BlameCaller.ts"
import * as PlanWords from "../workflow/plan/PlanWords.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { changesView, mostOfEach } from "./ChangesView.ts"
import { type Html, html } from "./Html.ts"
import * as Page from "./Page.ts"
import { markOf } from "./PlanPage.ts"

/**
 * `fleetPlanHtml` gives a fleet's plan as one page of HTML that stands alone: what would be done, once for all devices on
 * which it is the same, with the names of all of them.
 *
 * @example
 * await writeFile("plan.html", Fleet.fleetPlanHtml(plan))
 */
export const fleetPlanHtml = blameCaller((given: FleetPlan): string => {
  const plan = checked(given)
  const { failed, groups, workflow } = plan
  const most = mostOfEach(groups.length)
  return Page.page({
    title: workflow,
    headline: FleetPlanText.headline(plan),
    tone: failed.length > 0 || groups.some((group) => !group.plan.complete) ? "warn" : "quiet",
    about: [FleetPlanText.summary(plan)],
    content: html`${
      failed.length === 0
        ? undefined
        : html`<section><h2>Without a plan</h2>${failed.map(
            ({ device, errors }) =>
              html`<p class="error">${device}: ${errors.flatMap(RunWords.errorLines).join(" ")}</p>`
          )}</section>`
    }${groups.map((group) => groupView(group, most))}`
  })
})

const groupView = (group: PlanGroup, most: number): Html => {
  const { devices, plan } = group
  const end = PlanWords.endText(plan)
  const options = { markOf, names: PlanWords.namesOf(plan), most, areItems: false }
  return html`<section><h2>${FleetPlanText.groupHead(group)}</h2>${
    devices.length === 1
      ? undefined
      : html`<details class="device"><summary>All of their names</summary><p>${devices.join(", ")}</p></details>`
  }${end === undefined ? undefined : html`<p class="error">${end}</p>`}${
    plan.changes.length === 0 ? undefined : changesView(plan.changes, options)
  }</section>`
}
