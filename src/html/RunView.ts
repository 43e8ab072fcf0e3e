import type { ChangeReport, RunReport } from "../workflow/report/RunReport.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { changesView } from "./ChangesView.ts"
import { type Content, type Html, html } from "./Html.ts"
import { timeline } from "./Timeline.ts"
import { changeTone } from "./Tone.ts"

/** `RunViewOptions` say where a run is shown. */
export interface RunViewOptions {
  /** `head` is the level of its sections' heads. */
  readonly head: "h2" | "h3"
  /** `most` is how many changes are shown. */
  readonly most: number
  /** `areItems` says that changes have a filter. */
  readonly areItems: boolean
  /** `goOn` says how to go on with it, if it can be. */
  readonly goOn: string | undefined
}

/** `runView` shows a run: what went wrong first, then what it did, when, and with which devices. */
export const runView = (report: RunReport, options: RunViewOptions): Html => {
  const section = (title: string, content: Content) =>
    options.head === "h2"
      ? html`<section><h2>${title}</h2>${content}</section>`
      : html`<section><h3>${title}</h3>${content}</section>`
  const listed = (title: string, lines: ReadonlyArray<string>, look = "") =>
    lines.length === 0
      ? undefined
      : section(title, html`<ul class="${look}">${lines.map((line) => html`<li>${line}</li>`)}</ul>`)
  const { changes, devices, errors, notes, steps } = report
  const { goOn } = options
  return html`${
    errors.length === 0
      ? undefined
      : section(
          "What went wrong",
          errors.map(
            (error) =>
              html`<div class="error">${RunWords.errorLines(error).map((line) => html`<p>${line}</p>`)}</div>`
          )
        )
  }${listed("To be looked at", RunWords.toDo(report), "todo")}${
    goOn === undefined ? undefined : section("How to go on", html`<p>${goOn}</p>`)
  }${
    changes.length === 0
      ? undefined
      : section(
          "Changes",
          changesView<ChangeReport>(changes, {
            markOf: (change) => ({ tone: changeTone(change.state), text: RunWords.stateText(change) }),
            names: RunWords.namesOf(report),
            most: options.most,
            areItems: options.areItems
          })
        )
  }${steps.length === 0 ? undefined : section("Steps", timeline(report))}${listed(
    "The workflow says",
    notes.map(({ step, text }) => (step === "" ? text : `${step}: ${text}`))
  )}${
    devices.length === 0
      ? undefined
      : section(
          "Requests",
          html`<div class="wide"><table><thead><tr><th scope="col">Part</th><th scope="col">Device</th><th scope="col">Address</th><th scope="col">Requests</th><th scope="col">of which write</th></tr></thead><tbody>${devices.map(
            ({ name, origin, part, requests, writes }) =>
              html`<tr><td>${part}</td><th scope="row">${name}</th><td>${origin}</td><td>${requests ?? "not known"}</td><td>${writes ?? "not known"}</td></tr>`
          )}</tbody></table></div>`
        )
  }<p class="run">${RunWords.idText(report)}</p>`
}
