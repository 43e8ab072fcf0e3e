// Plans and reports as pages.
//
// Invariants: whatever a device, a script or an error calls something is text in a page, and never makes it another page ·
// a page loads nothing · it says what a report says as text: what came of it, what went wrong, what is to be looked at, how
// to go on, each change and its fields · of a long list it leaves out no change that somebody has to look at.

import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as FastCheck from "effect/FastCheck"
import { Fleet, Workflow } from "sallyport"
import { fleetReport, hostChange, hostile, runReport } from "../support/reports.ts"

/** The tags of a page with their attributes, without what these say. */
const tagsOf = (page: string): ReadonlyArray<string> =>
  [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'))

/** What somebody reads of a page. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|script)>.*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, " ")

/** The same value with other words in it: each text that is no word of a schema has `words` at its end. */
const renamed = (report: Workflow.RunReport, words: string): Workflow.RunReport =>
  runReport({
    workflow: report.workflow + words,
    run: report.run + words,
    errors: report.errors.map(({ message, tag }) => ({ tag: tag + words, message: message + words })),
    notes: report.notes.map(({ step, text }) => ({ step: step + words, text: text + words })),
    devices: report.devices.map((device) => ({ ...device, name: device.name + words, part: words })),
    steps: report.steps.map((step) => ({ ...step, step: step.step + words })),
    changes: report.changes.map((change) => ({
      ...change,
      device: change.device + words,
      action: `deploy${words}`,
      kind: change.kind + words,
      name: words,
      why: words,
      fields: [
        { field: words, before: words, after: { [words]: [words] } },
        { field: "members", added: [words], removed: [words] }
      ]
    }))
  })

const whole = runReport({
  outcome: "failed",
  errors: [{ tag: "DeviceRefused", message: "hq.example: 400.\nCorrect it.", at: "import-hosts.ts:21:14" }],
  changes: [
    hostChange(),
    hostChange({
      action: "update",
      name: "shop",
      state: "left",
      why: "Somebody has changed it since.",
      fields: [
        { field: "value", before: "192.0.2.8", after: "192.0.2.9" },
        { field: "overrides", added: ["a"], removed: ["b"] }
      ]
    }),
    hostChange({ action: "remove", name: "old", state: "undone", id: "host-3", newId: "host-4" })
  ],
  undo: { state: "incomplete", left: 1 }
})

// What a page says where something was put into it that is no text.
const slips = /undefined|NaN|\[object/

describe("a page of a run", () => {
  it("is the same page, whatever something in it is called", () => {
    const harmless = tagsOf(Workflow.runHtml(renamed(whole, "x")))
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(FastCheck.constantFrom(...`<>"'&\`/=!-`, "script", "\u202e", "a", " "), {
          minLength: 1
        }),
        (parts) => {
          const tags = tagsOf(Workflow.runHtml(renamed(whole, `x${parts.join("")}`)))
          expect(tags).toEqual(harmless)
        }
      ),
      { numRuns: 200 }
    )
    expect(tagsOf(Workflow.runHtml(renamed(whole, hostile)))).toEqual(harmless)
  })

  it("is made of any report", () => {
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(Workflow.RunReport), (any) => {
        const page = Workflow.runHtml(any)
        expect(page.match(/<script>/g)).toHaveLength(1)
        // A report may be of such words itself.
        const isOurs = !slips.test(JSON.stringify(any))
        if (isOurs) expect(page).not.toMatch(slips)
      }),
      { numRuns: 100 }
    )
  })

  it("says what came of it, what went wrong, what is to be looked at, how to go on, and each change", () => {
    const text = textOf(Workflow.runHtml(whole))
    for (const words of [
      "import-hosts: failed, and taken back in part",
      "1 left, 1 done, 1 undone; 1199 as wanted already.",
      "DeviceRefused: hq.example: 400.Correct it.import-hosts.ts:21:14",
      "Host shop on hq.example, left: Somebody has changed it since.",
      "Host old on hq.example has a new id, host-4: mend what refers to the old one, host-3.",
      "It is not resumed any more: run the workflow anew.",
      "hq.example · hosts",
      'Create Host web-1 done value"192.0.2.7"',
      'Update Host shop left value"192.0.2.8" → "192.0.2.9"overrides+ "a" − "b"',
      "Remove Host old undone",
      "hosts done in 8s 120ms",
      "hosts: 1200 rows read",
      "https://hq.example4412",
      "runs/20261129T013000Z-import-hosts-3f9a1c.jsonl"
    ])
      expect(text).toContain(words)
  })

  it("leaves out of a long list none that somebody has to look at", () => {
    const changes = Array.from({ length: 6000 }, (_, at) =>
      hostChange({ name: `host-${at}`, state: at < 5500 ? "done" : "left" })
    )
    const page = Workflow.runHtml(runReport({ changes }))
    expect(page.match(/<li class="change"/g)).toHaveLength(5000)
    expect(textOf(page)).toContain("And 1000 more, which the report as JSON has.")
    for (const name of ["host-0", "host-4499", "host-5500", "host-5999"])
      expect(page).toContain(`<b>Host ${name}</b>`)
  })

  it("has a filter where there is much to look for", () => {
    const many = Array.from({ length: 9 }, (_, at) => hostChange({ name: `host-${at}` }))
    expect(Workflow.runHtml(runReport({ changes: many }))).toContain("<search")
    expect(Workflow.runHtml(whole)).not.toContain("<search")
  })

  it("is of a report alone", () => {
    // @ts-expect-error It is of a script in JavaScript.
    expect(() => Workflow.runHtml({})).toThrow("this is no RunReport")
  })

  it("loads nothing, and runs nothing but its own", () => {
    const page = Workflow.runHtml(renamed(whole, hostile))
    expect(page).toContain("default-src &#39;none&#39;")
    expect(page).not.toMatch(/<[^>]*\s(src|href|on\w+)=/)
    expect(page).not.toMatch(/@import|url\(/)
  })
})

describe("a page of a plan", () => {
  const plan: Workflow.Plan = {
    version: 1,
    workflow: "import-hosts",
    changes: [
      { ...hostChange({ id: "sallyport-planned-0123456789ab" }), undo: "yes" },
      { ...hostChange({ action: "remove", name: "old" }), undo: "newId" },
      {
        ...hostChange({
          kind: "Rule",
          fields: [{ field: "network", after: "sallyport-planned-0123456789ab" }]
        }),
        undo: { cannot: "It is a deployment." }
      }
    ],
    unchanged: 1197,
    notes: [{ step: "", text: hostile }],
    complete: false,
    end: { device: "hq.example", step: "deploy", operation: "POST /deploy", reason: "It has no id yet." },
    hash: "0123456789abcdef"
  }

  it("says what would be done, what its undo loses, and where it ends", () => {
    const text = textOf(Workflow.planHtml(plan))
    for (const words of [
      "import-hosts: plan, not complete",
      "2 to create, 1 to remove so far; 1197 as wanted already. Plan 0123456789ab.",
      'The plan ends here in step "deploy": hq.example: POST /deploy: It has no id yet.',
      "Create Host web-1 can be taken back",
      "Remove Host old an undo gives it another id",
      "Create Rule web-1 no undo: It is a deployment. network(known after Host web-1 is created)"
    ])
      expect(text).toContain(words)
  })

  it("is of a plan alone", () => {
    // @ts-expect-error It is of a script in JavaScript.
    expect(() => Workflow.planHtml({})).toThrow("this is no Plan")
  })
})

describe("a page of a fleet", () => {
  it("is the same page, whatever a device is called", () => {
    const harmless = tagsOf(Fleet.fleetHtml(fleetReport(20)))
    expect(tagsOf(Fleet.fleetHtml(fleetReport(20, (at) => `${hostile}${at}`)))).toEqual(harmless)
  })

  it("says how many devices are done, why it was stopped, and what became of each: those to be looked at first", () => {
    const page = Fleet.fleetHtml(fleetReport(10))
    const text = textOf(page)
    for (const words of [
      "import-hosts: stopped; 7 of 10 devices are done",
      "1 failed, something is left; 1 failed, taken back; 1 not reached; 7 done.",
      "Waves: a canary of 1, 9; stopped, since a wave was not well.",
      "branch-1 failed, something is left DeviceRefused: POST /hosts: 400: no room.",
      "Host left-behind on branch-1, left: Somebody has changed it.",
      "branch-3 not reached Wave 3. It has no run.",
      "branch-0 done 1 done; 1199 as wanted already.",
      "Of another kind, and left out: hq-fdm (fdm).",
      "What is not done is run again by Fleet.rerun"
    ])
      expect(text).toContain(words)
    const order = [...page.matchAll(/<summary><b>branch-(\d)/g)].map(([, at]) => at)
    expect(order).toEqual(["1", "2", "3", "0", "4", "5", "6", "7", "8", "9"])
  })

  it("is of a fleet's report alone", () => {
    // @ts-expect-error It is of a script in JavaScript.
    expect(() => Fleet.fleetHtml({})).toThrow("this is no FleetReport")
  })
})
