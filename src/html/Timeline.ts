import type { RunReport, StepReport } from "../workflow/report/RunReport.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { type Html, html } from "./Html.ts"

/** `timeline` shows the steps of a run, each by when it began and how long it took. */
export const timeline = ({ endedAt, startedAt, steps }: RunReport): Html => {
  const begin = Date.parse(startedAt)
  const whole = Math.max(1, Date.parse(endedAt) - begin)
  // A clock that was set back in the middle puts nothing outside.
  const share = (millis: number) => Math.min(100, Math.max(0, (millis / whole) * 100)).toFixed(2)
  const bar = ({ millis, startedAt }: StepReport) =>
    `--from:${share(Date.parse(startedAt) - begin)}%;--long:${share(millis)}%`
  return html`<ol class="timeline">${steps.map(
    (step) =>
      html`<li><span class="step">${step.step}</span> <span class="took">${RunWords.stepState(step)}</span>${
        step.state === "replayed"
          ? undefined
          : html`<span class="bar ${step.state}" style="${bar(step)}" aria-hidden="true"></span>`
      }</li>`
  )}</ol>`
}
