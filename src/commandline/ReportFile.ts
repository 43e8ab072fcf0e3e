import { accessSync, constants, existsSync, statSync, writeFileSync } from "node:fs"
import { dirname, extname } from "node:path"
import * as Effect from "effect/Effect"
import { fleetMarkdown } from "../fleet/FleetMarkdown.ts"
import { FleetPlan } from "../fleet/FleetPlan.ts"
import { fleetPlanMarkdown } from "../fleet/FleetPlanText.ts"
import { FleetReport } from "../fleet/FleetReport.ts"
import { fleetHtml } from "../html/FleetPage.ts"
import { fleetPlanHtml } from "../html/FleetPlanPage.ts"
import { planHtml } from "../html/PlanPage.ts"
import { runHtml } from "../html/RunPage.ts"
import { exitCodes, wellCodes } from "../process/ExitCodes.ts"
import { failureCode } from "../transport/SystemErrorCode.ts"
import { Plan } from "../workflow/plan/Plan.ts"
import { planMarkdown } from "../workflow/plan/PlanMarkdown.ts"
import { printable } from "../workflow/plan/PlanWords.ts"
import { runMarkdown } from "../workflow/report/RunMarkdown.ts"
import { RunReport } from "../workflow/report/RunReport.ts"
import type { ReportOptions } from "../workflow/report/RunWords.ts"
import type { Arguments } from "./Arguments.ts"
import type { Caller } from "./Caller.ts"
import { jsonText } from "./JsonText.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `ReportFile` are the files in which a plan or a report is kept beside what is printed. */
export interface ReportFile {
  /** `keepPlan` and its like say of each file that cannot be written any more what is wrong. */
  readonly keepPlan: (plan: Plan) => ReadonlyArray<string>
  readonly keepReport: (report: RunReport) => ReadonlyArray<string>
  readonly keepFleet: (report: FleetReport) => ReadonlyArray<string>
  readonly keepFleetPlan: (plan: FleetPlan) => ReadonlyArray<string>
  /** `codeOf` is the exit code of what has this one, and tells of a file that was not written where nothing else is wrong. */
  readonly codeOf: (code: number) => number
}

/**
 * `make` takes the files that `--report` names, whose endings say their forms. Fails with `WrongUsage`, before anything is
 * begun, where one could not be written.
 */
export const make = (
  { values }: Pick<Arguments, "values">,
  { script }: Pick<Caller, "script">
): Effect.Effect<ReportFile, WrongUsage> =>
  Effect.map(Effect.forEach(values.get("report") ?? [], fileOf), (files) => {
    let isKept = true
    const keep = (textOf: (form: Form) => string, advice = ofRun) => {
      const faults = files.flatMap(({ form, path }) => written(path, textOf(form), advice) ?? [])
      isKept = faults.length === 0
      return faults
    }
    return {
      keepPlan: (plan) => keep((form) => form.plan(plan), ofPlan),
      keepReport: (report) => keep((form) => form.report(report, { script })),
      keepFleet: (report) => keep((form) => form.fleet(report, { script })),
      keepFleetPlan: (plan) => keep((form) => form.fleetPlan(plan), ofPlan),
      codeOf: (code) => (isKept || !wellCodes.has(code) ? code : exitCodes.notKept)
    }
  })

const ofRun = "the command runs shows the report once more"
const ofPlan = "make the plan once more, with another file"

const fileOf = (path: string): Effect.Effect<{ readonly path: string; readonly form: Form }, WrongUsage> => {
  const form = forms.get(extname(path).toLowerCase())
  if (form === undefined)
    return refuse(
      `--report: the ending of ${path} tells no form; give a file that ends in .json, .md or .html.`
    )
  if (!isFolder(dirname(path))) return refuse(`--report: there is no folder ${dirname(path)}; make it first.`)
  const fault = faultOf(path)
  return fault === undefined
    ? Effect.succeed({ path, form })
    : refuse(`--report: ${path} cannot be written (${fault}); give another file.`)
}

/** `faultOf` is why a file cannot be written; `undefined` where it can, as far as that is known beforehand. */
const faultOf = (path: string): string | undefined => {
  try {
    if (isFolder(path)) return "EISDIR"
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK)
    return undefined
  } catch (error) {
    return failureCode(error)
  }
}

/** `written` writes a file, and says what is wrong where it cannot be. */
const written = (path: string, text: string, advice: string): string | undefined => {
  try {
    writeFileSync(path, `${text}\n`)
    return undefined
  } catch (error) {
    return printable(`--report: ${path} cannot be written (${failureCode(error)}); ${advice}.`, 2000)
  }
}

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
