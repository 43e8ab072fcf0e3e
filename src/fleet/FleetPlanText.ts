import { blameCaller } from "../validation/BlameCaller.ts"
import { few } from "../validation/Few.ts"
import { escaped, sections, table } from "../workflow/MarkdownTable.ts"
import * as PlanText from "../workflow/plan/PlanText.ts"
import * as PlanWords from "../workflow/plan/PlanWords.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { checkText } from "../workflow/TextOptions.ts"
import * as TextStyle from "../workflow/TextStyle.ts"
import * as FleetPlan from "./FleetPlan.ts"
import { devicesText } from "./FleetWords.ts"

/**
 * `fleetPlanText` gives a fleet's plan as text: what would be done, once for all devices on which it is the same, and
 * which plans could not be made.
 *
 * @example
 * console.log(Fleet.fleetPlanText(plan))
 */
export const fleetPlanText = blameCaller(
  (given: FleetPlan.FleetPlan, options: PlanText.PlanTextOptions = {}): string => {
    checkText(options, "fleetPlanText")
    const { colors } = options
    const plan = FleetPlan.checked(given)
    const style = TextStyle.make(colors)
    const groups = plan.groups.flatMap((group) => {
      const names = PlanWords.namesOf(group.plan)
      const end = PlanWords.endText(group.plan)
      return [
        "",
        groupHead(group),
        ...group.plan.changes.flatMap((change) => PlanText.changeLines(change, style, names)),
        ...(end === undefined ? [] : [style("red", `  ${end}`)])
      ]
    })
    const failed = plan.failed.flatMap(({ device, errors }) => [
      "",
      style("red", `${PlanWords.printable(device)}: its plan could not be made`),
      ...errors.flatMap(RunWords.errorLines).map((line) => `  ${line}`)
    ])
    return [headline(plan), ...groups, ...failed, "", summary(plan)].join("\n")
  }
)

/** `fleetPlanMarkdown` gives it as Markdown, for a change ticket. */
export const fleetPlanMarkdown = blameCaller((given: FleetPlan.FleetPlan): string => {
  const plan = FleetPlan.checked(given)
  return sections([
    [`## ${escaped(headline(plan))}`],
    ...plan.groups.flatMap((group) => {
      const names = PlanWords.namesOf(group.plan)
      const end = PlanWords.endText(group.plan)
      return [
        [escaped(groupHead(group))],
        table(
          ["Step", "Action", "Object", "Fields", "Undo"],
          group.plan.changes.map((change) => [
            ...PlanWords.cellsOf(change).slice(1).map(escaped),
            change.fields.map((one) => escaped(PlanWords.fieldText(one, names))).join("<br>"),
            escaped(PlanWords.undoText(change))
          ])
        ),
        end === undefined ? [] : [`**Not complete.** ${escaped(end)}`]
      ]
    }),
    plan.failed.map(
      ({ device, errors }) =>
        `* ${escaped(PlanWords.printable(device))}: ${errors.flatMap(RunWords.errorLines).map(escaped).join(" ")}`
    ),
    [escaped(summary(plan))]
  ])
})

/** `headline` says of how many devices it is. */
export const headline = ({ failed, groups, workflow }: FleetPlan.FleetPlan): string => {
  const count = groups.reduce((sum, { devices }) => sum + devices.length, failed.length)
  return PlanWords.printable(`${workflow}: plan for ${devicesText(count)}`)
}

/** `groupHead` says which devices a group is, and whether anything is to change on them. */
export const groupHead = ({ devices, plan }: FleetPlan.PlanGroup): string => {
  const what = FleetPlan.changes(plan) ? "" : ", as wanted already"
  return PlanWords.printable(`${devicesText(devices.length)}${what}: ${few(devices)}`, 2000)
}

/** `summary` is the plan in one line. */
export const summary = (plan: FleetPlan.FleetPlan): string => {
  const sum = (groups: FleetPlan.FleetPlan["groups"]) =>
    groups.reduce((all, { devices }) => all + devices.length, 0)
  const changed = sum(plan.groups.filter((group) => FleetPlan.changes(group.plan)))
  const parts = [
    `${changed} to change`,
    `${sum(plan.groups) - changed} as wanted already`,
    ...(plan.failed.length === 0 ? [] : [`${plan.failed.length} without a plan`]),
    ...(plan.leftOut.length === 0 ? [] : [`${plan.leftOut.length} of other kinds left out`])
  ]
  return `${parts.join(", ")}. Plan ${plan.hash.slice(0, 12)}.`
}
