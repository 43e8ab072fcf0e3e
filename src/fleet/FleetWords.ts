import { printable } from "../workflow/plan/PlanWords.ts"
import * as RunWords from "../workflow/report/RunWords.ts"
import { type DeviceRun, isWell } from "./DeviceRun.ts"
import type { FleetReport } from "./FleetReport.ts"

/** `DeviceClass` says how much somebody has to look at a device. */
export type DeviceClass = "left" | "failed" | "notReached" | "done"

/** `classes` are in the order in which they are looked at. */
const classes: ReadonlyArray<DeviceClass> = ["left", "failed", "notReached", "done"]

export const classOf = ({ outcome, state }: DeviceRun): DeviceClass => {
  if (state === "left") return "left"
  if (outcome === "notReached") return "notReached"
  return isWell({ outcome, state }) ? "done" : "failed"
}

/** `ordered` are the devices that somebody has to look at first, and then the others, each as they were come to. */
export const ordered = ({ devices }: FleetReport): ReadonlyArray<DeviceRun> =>
  classes.flatMap((one) => devices.filter((device) => classOf(device) === one))

/** `stateText` is what became of a device. */
export const stateText = ({ outcome, state }: DeviceRun): string => {
  if (state === "left") return `${outcome}, something is left`
  if (outcome === "notReached") return "not reached"
  if (state === "undone") return `${outcome}, taken back`
  return outcome === "done" ? "done" : `${outcome}, nothing changed`
}

/** `devicesText` is how many devices: `1 device`. */
export const devicesText = (count: number): string => `${count} ${count === 1 ? "device" : "devices"}`

/** `headline` is what a fleet came to: `import-hosts: stopped; 28 of 40 devices are done`. */
export const headline = ({ devices, outcome, undo, workflow }: FleetReport): string => {
  const all = devicesText(devices.length)
  const became =
    undo === undefined
      ? `; ${devices.filter(isWell).length} of ${all} ${devices.length === 1 ? "is" : "are"} done`
      : `, ${RunWords.undoWords[undo.state]}${undo.left === 0 ? "" : `; something is left on ${undo.left} of ${all}`}`
  return printable(`${workflow}: ${outcome}${became}`)
}

/** `counts` count what became of the devices, what matters most first. */
export const counts = (report: FleetReport): string => {
  const texts = new Map<string, number>()
  for (const device of ordered(report)) {
    const text = stateText(device)
    texts.set(text, (texts.get(text) ?? 0) + 1)
  }
  return `${[...texts].map(([text, count]) => `${count} ${text}`).join("; ")}.`
}

/** `wavesText` says in which waves they were come to, and why no more of them; nothing where there was one alone. */
export const wavesText = ({ hasCanary, stop, waves }: FleetReport): string | undefined => {
  if (waves.length === 1 && !hasCanary)
    return stop === undefined ? undefined : `Stopped, since ${stopWords[stop.why]}.`
  const [first, ...others] = waves.map(String)
  const parts = hasCanary && first !== undefined ? [`a canary of ${first}`, ...others] : waves.map(String)
  const stopped = stop === undefined ? "" : `; stopped, since ${stopWords[stop.why]}`
  return `Waves: ${parts.join(", ")}${stopped}.`
}

const stopWords = {
  canary: "the canary was not well",
  wave: "a wave was not well",
  stopAfter: "as many have failed as stopAfter says"
}

/** `noteOf` is what there is to know of a device in one line; nothing where it was not reached. */
export const noteOf = ({ errors: [error], report }: DeviceRun): string | undefined =>
  error === undefined ? report && RunWords.counts(report) : RunWords.errorLines(error).join(" ")

/** `leftOutText` says which devices are of another kind. */
export const leftOutText = ({ leftOut }: FleetReport): string | undefined =>
  leftOut.length === 0
    ? undefined
    : printable(
        `Of another kind, and left out: ${leftOut.map(({ kind, name }) => `${name} (${kind})`).join(", ")}.`,
        2000
      )

/** `idText` says which fleet it was. */
export const idText = ({ endedAt, fleet, journal, startedAt }: FleetReport): string => {
  const where = journal === undefined ? "Nothing was begun." : `Journal: ${journal}`
  return printable(`Fleet ${fleet}, ${RunWords.timeText({ endedAt, startedAt })}. ${where}`, 2000)
}

/** `howToGoOn` says what can be done now; `undefined` where there is nothing to do. */
export const howToGoOn = (
  { devices, fleet, journal, outcome, undo }: FleetReport,
  { script }: RunWords.ReportOptions = {}
): string | undefined => {
  if (journal === undefined) return undefined
  const by = (what: string, call: string) =>
    script === undefined ? call : `${printable(script)} ${what} ${printable(fleet)}`
  const undoing = by("undo", "Fleet.undo")
  const inventory = script === undefined ? "" : " Give --inventory as before."
  if (undo?.state === "stopped") return `${undoing} goes on with the undo.${inventory}`
  if (undo?.state === "incomplete")
    return `${undoing} tries once more to take back what is left.${inventory} ${RunWords.notResumed}`
  if (undo !== undefined) return RunWords.notResumed
  if (devices.every(isWell))
    return devices.some(hasChanged) ? `${undoing} takes it back.${inventory}` : undefined
  const isThere = devices.some(({ state }) => state === "done" || state === "left")
  const sentences = [
    ...(outcome === "interrupted"
      ? [`Where its process was killed, ${by("resume", "Fleet.resume")} goes on with it.`]
      : []),
    `What is not done is run again by ${by("run --rerun", "Fleet.rerun with this report")}${isThere ? `; ${undoing} takes back what is done` : ""}.`,
    ...(script === undefined ? [] : ["Give --inventory and the input as before."])
  ]
  return sentences.join(" ")
}

/** `hasChanged` says that a device is another than before. Without the report of its run, it may be. */
const hasChanged = ({ report }: DeviceRun): boolean =>
  report === undefined || report.changes.some(({ state }) => state === "done")
