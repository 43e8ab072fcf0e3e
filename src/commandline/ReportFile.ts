import { statSync, writeFileSync } from "node:fs"
import { dirname, extname } from "node:path"
import * as Effect from "effect/Effect"
import { systemErrorCode } from "../auth/store/StoreFault.ts"
import { fleetMarkdown } from "../fleet/FleetMarkdown.ts"
import { FleetPlan } from "../fleet/FleetPlan.ts"
import { fleetPlanMarkdown } from "../fleet/FleetPlanText.ts"
import { FleetReport } from "../fleet/FleetReport.ts"
import { fleetHtml } from "../html/FleetPage.ts"
import { fleetPlanHtml } from "../html/FleetPlanPage.ts"
import { planHtml } from "../html/PlanPage.ts"
import { runHtml } from "../html/RunPage.ts"
import { Plan } from "../workflow/plan/Plan.ts"
import { planMarkdown } from "../workflow/plan/PlanMarkdown.ts"
import { runMarkdown } from "../workflow/report/RunMarkdown.ts"
import { RunReport } from "../workflow/report/RunReport.ts"
import type { ReportOptions } from "../workflow/report/RunWords.ts"
import type { Arguments } from "./Arguments.ts"
import type { Caller } from "./Caller.ts"
import { jsonText } from "./JsonText.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `ReportFile` is where a plan or a report is kept beside what is printed. */
export interface ReportFile {
  /** `keepPlan` and its like say what is wrong where the file cannot be written any more. */
  readonly keepPlan: (plan: Plan) => string | undefined
  readonly keepReport: (report: RunReport) => string | undefined
  readonly keepFleet: (report: FleetReport) => string | undefined
  readonly keepFleetPlan: (plan: FleetPlan) => string | undefined
}

/**
 * `make` takes the file that `--report` names, whose ending says its form. Fails with `WrongUsage`, before anything is
 * begun, where it could not be written.
 */
export const make = (
  { values }: Pick<Arguments, "values">,
  { script }: Pick<Caller, "script">
): Effect.Effect<ReportFile, WrongUsage> => {
  const [path] = values.get("report") ?? []
  if (path === undefined)
    return Effect.succeed({ keepPlan: none, keepReport: none, keepFleet: none, keepFleetPlan: none })
  const form = forms.get(extname(path).toLowerCase())
  if (form === undefined)
    return refuse(
      `--report: the ending of ${path} tells no form; give a file that ends in .json, .md or .html.`
    )
  if (!isFolder(dirname(path))) return refuse(`--report: there is no folder ${dirname(path)}; make it first.`)
  const keep = (text: string) => {
    try {
      writeFileSync(path, `${text}\n`)
      return undefined
    } catch (error) {
      return `--report: ${path} cannot be written (${systemErrorCode(error) ?? "unknown error"}); the command runs shows the report once more.`
    }
  }
  return Effect.succeed({
    keepPlan: (plan) => keep(form.plan(plan)),
    keepReport: (report) => keep(form.report(report, { script })),
    keepFleet: (report) => keep(form.fleet(report, { script })),
    keepFleetPlan: (plan) => keep(form.fleetPlan(plan))
  })
}

const none = () => undefined

interface Form {
  readonly plan: (plan: Plan) => string
  readonly report: (report: RunReport, how: ReportOptions) => string
  readonly fleet: (report: FleetReport, how: ReportOptions) => string
  readonly fleetPlan: (plan: FleetPlan) => string
}

const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  [
    ".json",
    {
      plan: (plan) => jsonText(Plan, plan),
      report: (report) => jsonText(RunReport, report),
      fleet: (report) => jsonText(FleetReport, report),
      fleetPlan: (plan) => jsonText(FleetPlan, plan)
    }
  ],
  [".md", { plan: planMarkdown, report: runMarkdown, fleet: fleetMarkdown, fleetPlan: fleetPlanMarkdown }],
  [".html", { plan: planHtml, report: runHtml, fleet: fleetHtml, fleetPlan: fleetPlanHtml }]
])

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
