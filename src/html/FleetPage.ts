import type { DeviceRun } from "../fleet/DeviceRun.ts"
import { checked, type FleetReport } from "../fleet/FleetReport.ts"
import * as FleetWords from "../fleet/FleetWords.ts"
import { blameCaller } from "../validation/BlameCaller.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { checkText } from "../workflow/TextOptions.ts"
import { mostOfEach } from "./ChangesView.ts"
import { filterView } from "./FilterView.ts"
import { type Html, html } from "./Html.ts"
import * as Page from "./Page.ts"
import { runView } from "./RunView.ts"
import type { Tone } from "./Tone.ts"

/**
 * `fleetHtml` gives what a workflow on a fleet came to as one page of HTML that stands alone, as `runHtml` does a run's
 * report. The devices that somebody has to look at come first, and each opens to what its run did. Of more than 5000
 * changes it shows some of each device, those first that have to be looked at.
 *
 * @example
 * await writeFile("report.html", Fleet.fleetHtml(report))
 */
export const fleetHtml = blameCaller((given: FleetReport, how: RunWords.ReportOptions = {}): string => {
  checkText(how, "fleetHtml")
  const report = checked(given)
  const { errors, workflow } = report
  const devices = FleetWords.ordered(report)
  const most = mostOfEach(devices.length)
  const goOn = FleetWords.howToGoOn(report, how)
  return Page.page({
    title: workflow,
    headline: FleetWords.headline(report),
    tone: devices[0] === undefined ? "quiet" : toneOf(devices[0]),
    about: [FleetWords.counts(report), FleetWords.wavesText(report), FleetWords.leftOutText(report)].filter(
      (sentence) => sentence !== undefined
    ),
    content: html`${
      errors.length === 0
        ? undefined
        : html`<section><h2>What went wrong</h2>${errors.map(
            (error) => html`<p class="error">${RunWords.errorLines(error).join(" ")}</p>`
          )}</section>`
    }<section><h2>Devices</h2>${filterView("devices", devices.map(FleetWords.stateText))}${devices.map(
      (device) => deviceView(device, most, how)
    )}</section>${goOn === undefined ? undefined : html`<section><h2>How to go on</h2><p>${goOn}</p></section>`}<p class="run">${FleetWords.idText(report)}</p>`
  })
})

const toneOf = (device: DeviceRun): Tone => tones[FleetWords.classOf(device)]

const tones: Record<FleetWords.DeviceClass, Tone> = {
  left: "bad",
  failed: "warn",
  notReached: "quiet",
  done: "good"
}

const deviceView = (run: DeviceRun, most: number, { script }: RunWords.ReportOptions): Html => {
  const { device, errors, report, wave } = run
  const text = FleetWords.stateText(run)
  return html`<details class="device" id="device-${device}" data-item data-state="${text}"><summary><b>${device}</b> <span class="mark ${toneOf(run)}">${text}</span> <span class="note">${FleetWords.noteOf(run)}</span></summary>${
    report === undefined
      ? html`${errors.map((one) => html`<p class="error">${RunWords.errorLines(one).join(" ")}</p>`)}<p class="run">Wave ${wave}. ${run.run === undefined ? "It has no run." : `Run ${run.run}.`}</p>`
      : runView(report, {
          head: "h3",
          most,
          areItems: false,
          // A command line goes on with the fleet, and not with one of its runs.
          goOn: script === undefined ? RunWords.howToGoOn(report) : undefined
        })
  }</details>
`
}
