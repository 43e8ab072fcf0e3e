import { blameCaller } from "../validation/BlameCaller.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { checkText } from "../workflow/TextOptions.ts"
import { mostChanges } from "./ChangesView.ts"
import * as Page from "./Page.ts"
import { runView } from "./RunView.ts"
import { toneOf } from "./Tone.ts"

/**
 * `runHtml` gives a report as one page of HTML that stands alone: it loads nothing, reads without scripts, and can be
 * sent by mail, or printed. Of a run of more than 5000 changes it shows 5000, those first that have to be looked at.
 *
 * @example
 * await writeFile("report.html", Workflow.runHtml(report))
 */
export const runHtml = blameCaller((report: RunReport, how: RunWords.ReportOptions = {}): string => {
  checkText(how, "runHtml")
  // What is no report is refused before anything is made of it.
  RunWords.namesOf(report)
  return Page.page({
    title: report.workflow,
    headline: RunWords.headline(report),
    tone: toneOf(report),
    about: [RunWords.counts(report), RunWords.timeText(report)],
    content: runView(report, {
      head: "h2",
      most: mostChanges,
      areItems: true,
      goOn: RunWords.howToGoOn(report, how)
    })
  })
})
