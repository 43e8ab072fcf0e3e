// What a fleet came to, as text and as Markdown.
//
// Invariants: whoever has to be looked at stands first, with why · no device is left out of the counts · whatever a device
// is called, it is text.

import { expect, it } from "@effect/vitest"
import { Fleet } from "sallyport"
import { fleetReport, hostile } from "../support/reports.ts"

it("a fleet's report as text says what became of each device that somebody has to look at, and names the others", () => {
  expect(
    Fleet.fleetText(fleetReport(10), { colors: false })
  ).toBe(`import-hosts: stopped; 7 of 10 devices are done
1 failed, something is left; 1 failed, taken back; 1 not reached; 7 done.
Waves: a canary of 1, 9; stopped, since a wave was not well.

branch-1: failed, something is left
  DeviceRefused: POST /hosts: 400: no room.
  Make some.
  Host left-behind on branch-1, left: Somebody has changed it.
  Run run-1

branch-2: failed, taken back
  DeviceRefused: POST /hosts: 400: no room.
  Make some.
  Run run-2

Not reached: branch-3.

Done: branch-0, branch-4, branch-5, branch-6, branch-7, branch-8, branch-9.

Of another kind, and left out: hq-fdm (fdm).

Fleet 20261129T013000Z-import-hosts-1a2b3c, 2026-11-29T01:30:00.000Z, 10m. Journal: /home/ops/fleets/1a2b3c.jsonl
What is not done is run again by Fleet.rerun with this report; Fleet.undo takes back what is done.`)
})

it("a fleet that may have been killed is gone on with, and one that is done can be taken back", () => {
  const { devices, ...report } = fleetReport(10)
  const said = (text: Partial<Fleet.FleetReport>) =>
    Fleet.fleetText({ devices, ...report, ...text }, { colors: false })
      .split("\n")
      .at(-1)
  expect(said({ outcome: "interrupted" })).toMatch(
    /^Where its process was killed, Fleet\.resume goes on with it\. What/
  )
  expect(said({ outcome: "done", devices: devices.slice(0, 1) })).toBe("Fleet.undo takes it back.")
})

it("whoever goes on by a command line is told its commands, in each form of a report", () => {
  const report = { ...fleetReport(10), outcome: "interrupted" as const }
  const how = { colors: false, script: "add-hosts.ts" }
  const text = Fleet.fleetText(report, how)
  expect(text.split("\n").at(-1)).toBe(
    `Where its process was killed, add-hosts.ts resume ${report.fleet} goes on with it. What is not done is run again by add-hosts.ts run --rerun ${report.fleet}; add-hosts.ts undo ${report.fleet} takes back what is done. Give --inventory and the input as before.`
  )
  for (const said of [text, Fleet.fleetMarkdown(report, how), Fleet.fleetHtml(report, how)]) {
    expect(said).toContain("add-hosts.ts run --rerun")
    expect(said).not.toMatch(/(Fleet|Workflow)\.(rerun|resume|undo)/)
  }
})

it("where nothing is left or done there is nothing to take back", () => {
  const { devices, ...report } = fleetReport(10)
  const undone = devices.filter(({ state }) => state === "undone")
  const text = Fleet.fleetText({ ...report, devices: undone }, { colors: false })
  expect(text).toMatch(/^import-hosts: stopped; 0 of 1 device is done\n/)
  expect(text.split("\n").at(-1)).toBe("What is not done is run again by Fleet.rerun with this report.")
})

it("a fleet that came to all of its devices at once had no waves to speak of", () => {
  const { stop: _stop, ...report } = fleetReport(10)
  const text = Fleet.fleetText({ ...report, outcome: "failed", waves: [10], hasCanary: false })
  expect(text).not.toContain("Waves")
  const stopped = { ...report, waves: [10], hasCanary: false, stop: { why: "stopAfter", failed: 2 } as const }
  expect(Fleet.fleetText(stopped)).toContain("\nStopped, since as many have failed as stopAfter says.\n")
  expect(Fleet.fleetMarkdown(stopped)).not.toContain("Waves")
})

it("a fleet's report as text is short, however many are done", () => {
  const lines = Fleet.fleetText(fleetReport(1000), { colors: false }).split("\n")
  expect(lines.at(1)).toBe(
    "100 failed, something is left; 100 failed, taken back; 100 not reached; 700 done."
  )
  expect(lines.find((line) => line.startsWith("Done: "))).toMatch(/, and 650 more\.$/)
})

it("a fleet's report as Markdown has a row for each device, and takes no name for anything else", () => {
  const text = Fleet.fleetMarkdown(fleetReport(10, (at) => (at === 1 ? `${hostile}|` : `branch-${at}`)))
  expect(text.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(12)
  expect(text).not.toMatch(/(?<!\\)<(?!br>)|\u202E/)
  expect(text).toContain(
    "| branch-2 | 2 | failed, taken back | DeviceRefused: POST /hosts: 400: no room. Make some."
  )
})

it.each([
  ["text", Fleet.fleetText],
  ["Markdown", Fleet.fleetMarkdown]
])("what is no fleet's report is told, where %s is asked for", (_, of) => {
  // @ts-expect-error It is of a script in JavaScript.
  expect(() => of({})).toThrow("this is no FleetReport")
})
