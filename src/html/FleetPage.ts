import * as Predicate from "effect/Predicate"
import { type DeviceRun, isWell } from "../fleet/DeviceRun.ts"
import type { FleetReport } from "../fleet/FleetReport.ts"
import { blameCaller } from "../transport/BlameCaller.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
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
export const fleetHtml = blameCaller((report: FleetReport): string => {
  // The types say so too; a script in JavaScript has none.
  if (!Predicate.hasProperty(report, "devices") || !Array.isArray(report.devices)) {
    const message = "report: this is no FleetReport; Fleet.run gives an Effect of one."
    throw new InvalidInput({ field: "report", message })
  }
  const { devices, errors, leftOut, outcome, startedAt, workflow } = report
  const shown = devices.map((device) => ({ device, mark: markOf(device) }))
  const ordered = tones.flatMap((tone) => shown.filter(({ mark }) => mark.tone === tone))
  const most = Math.max(fewestOfEach, Math.floor(mostOfAll / Math.max(1, devices.length)))
  return Page.page({
    title: workflow,
    headline: `${workflow}: ${outcome}; ${devices.filter(isWell).length} of ${devices.length} devices are done`,
    tone: ordered[0]?.mark.tone ?? "quiet",
    about: [countsOf(ordered.map(({ mark }) => mark.text)), wavesOf(report), startedAt],
    content: html`${
      errors.length === 0
        ? undefined
        : html`<section><h2>What went wrong</h2>${errors.map(
            (error) => html`<p class="error">${RunWords.errorLines(error).join(" ")}</p>`
          )}</section>`
    }<section><h2>Devices</h2>${filterView(
      "devices",
      ordered.map(({ mark }) => mark.text)
    )}${ordered.map(({ device, mark }) => deviceView(device, mark, most))}</section>${
      leftOut.length === 0
        ? undefined
        : html`<section><h2>Of another kind, and left out</h2><ul>${leftOut.map(
            ({ kind, name }) => html`<li>${name}, ${kind}</li>`
          )}</ul></section>`
    }`
  })
})

const mostOfAll = 5000
const fewestOfEach = 10

/** `tones` are in the order in which they are looked at. */
const tones: ReadonlyArray<Tone> = ["bad", "warn", "quiet", "good"]

interface Mark {
  readonly text: string
  readonly tone: Tone
}

const markOf = ({ outcome, state }: DeviceRun): Mark => {
  if (state === "left") return { text: `${outcome}, something is left`, tone: "bad" }
  if (outcome === "notReached") return { text: "not reached", tone: "quiet" }
  if (state === "undone") return { text: `${outcome}, taken back`, tone: "warn" }
  return outcome === "done"
    ? { text: "done", tone: "good" }
    : { text: `${outcome}, nothing changed`, tone: "warn" }
}

const countsOf = (texts: ReadonlyArray<string>): string =>
  [...new Set(texts)].map((text) => `${texts.filter((one) => one === text).length} ${text}`).join("; ")

const wavesOf = ({ hasCanary, stop, waves }: FleetReport): string => {
  const [first, ...others] = waves
  const parts = hasCanary ? [`a canary of ${first}`, ...others.map(String)] : waves.map(String)
  const stopped = stop === undefined ? "" : `; ${stopWords[stop.why]} (${stop.failed} failed)`
  return `Waves: ${parts.join(", ")}${stopped}.`
}

const stopWords = {
  canary: "stopped, since the canary was not well",
  wave: "stopped, since a wave was not well",
  stopAfter: "stopped, since as many have failed as stopAfter allows"
}

const deviceView = (
  { device, errors, report, run, wave }: DeviceRun,
  { text, tone }: Mark,
  most: number
): Html => {
  const [error] = errors
  const note = error === undefined ? report && RunWords.counts(report) : RunWords.errorLines(error)[0]
  return html`<details class="device" id="device-${device}" data-item data-state="${text}"><summary><b>${device}</b> <span class="mark ${tone}">${text}</span> <span class="note">${note}</span></summary>${
    report === undefined
      ? html`${errors.map((one) => html`<p class="error">${RunWords.errorLines(one).join(" ")}</p>`)}<p class="run">Wave ${wave}. ${run === undefined ? "It has no run." : `Run ${run}.`}</p>`
      : runView(report, { head: "h3", most, areItems: false })
  }</details>
`
}
