// What a run says when it is over.
//
// Invariants: a report is read back from JSON as what it was · what is no report is not read as one · an error is told
// by its tag, with what to do, and without what may be secret · its text and its Markdown say what became of each change,
// what a person has to look at and how to go on, and are text whatever a device calls something.

import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as FiberId from "effect/FiberId"
import * as Schema from "effect/Schema"
import { DeviceRefused, Workflow } from "sallyport"
import { fieldDiffs } from "../../src/workflow/plan/FieldDiff.ts"
import { runErrors } from "../../src/workflow/report/RunErrors.ts"

const change: Workflow.ChangeReport = {
  device: "fmc.example",
  step: "host",
  action: "create",
  kind: "Host",
  path: "/api/fmc_config/v1/domain/1/object/hosts",
  name: "shop",
  id: "host-1",
  fields: [{ field: "value", after: "192.0.2.7" }],
  state: "done"
}

const report: Workflow.RunReport = {
  version: 1,
  run: "20260329-013000-7f3a",
  workflow: "publish",
  outcome: "done",
  errors: [],
  steps: [{ step: "host", state: "done", startedAt: "2026-03-29T01:30:00.000Z", millis: 812 }],
  changes: [change],
  unchanged: 2,
  notes: [],
  devices: [{ part: "fmc", name: "fmc.example", origin: "https://fmc.example", requests: 4, writes: 1 }],
  startedAt: "2026-03-29T01:30:00.000Z",
  endedAt: "2026-03-29T01:30:01.000Z",
  journal: "/home/ops/.local/state/sallyport/runs/20260329-013000-7f3a.jsonl"
}

const decode = Schema.decodeUnknownEither(Workflow.RunReport)

describe("a report as a value", () => {
  it("is read back from JSON as what it was, whatever is in it", () => {
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(Workflow.RunReport), (any) => {
        // No device has a field of that name, and no object can be given it in the way of others.
        FastCheck.pre(!JSON.stringify(any).includes("__proto__"))
        // A field of an object is what JSON can say.
        const kept: unknown = JSON.parse(JSON.stringify(any))
        expect(Either.getOrThrow(decode(kept))).toEqual(kept)
      }),
      { numRuns: 100 }
    )
    expect(Either.getOrThrow(decode(JSON.parse(JSON.stringify(report))))).toEqual(report)
  })

  it.each<[string, unknown]>([
    ["another version", { ...report, version: 2 }],
    ["a state that no change has", { ...report, changes: [{ ...change, state: "half done" }] }],
    ["a count below 0", { ...report, unchanged: -1 }],
    ["a length of no number", { ...report, steps: [{ ...report.steps[0], millis: Number.NaN }] }],
    ["a moment that there is not", { ...report, endedAt: "2026-00-29T01:30:01.000Z" }],
    ["a time of no zone", { ...report, endedAt: "2026-03-29 01:30:01" }],
    ["no changes", { ...report, changes: undefined }]
  ])("is not read where it has %s", (_, given) => {
    expect(Either.isLeft(decode(given))).toBe(true)
  })
})

describe("the errors of a run", () => {
  it("have their tag, what to do, and what is behind them", () => {
    const refused = new DeviceRefused({
      targetName: "fmc.example",
      operation: "POST /hosts",
      status: 400,
      messages: ["no room"],
      advice: "Delete some"
    })
    const [own, behind, dead] = runErrors(
      Cause.parallel(
        Cause.fail(refused),
        Cause.sequential(
          Cause.fail(new Error("no ticket", { cause: new TypeError("not a number") })),
          Cause.die("by hand")
        )
      )
    )
    expect(own).toEqual({
      tag: "DeviceRefused",
      message: refused.message,
      advice: "Delete some"
    })
    expect(behind).toMatchObject({
      tag: "Error",
      message: "no ticket\nbecause of TypeError: not a number",
      at: expect.stringContaining("runReport.test.ts")
    })
    expect(dead).toEqual({ tag: "Failure", message: "by hand" })
    expect(runErrors(Cause.interrupt(FiberId.none))).toEqual([])
  })

  it("hold nothing of what was given, sent or read", () => {
    const request = HttpClientRequest.post("https://fmc.example/hosts?key=CANARY-1").pipe(
      HttpClientRequest.bearerToken("CANARY-2"),
      HttpClientRequest.bodyUnsafeJson({ password: "CANARY-3" })
    )
    const failures: ReadonlyArray<unknown> = [
      Either.getOrThrow(Either.flip(decode({ ...report, run: { word: "CANARY-4" } }))),
      new HttpClientError.RequestError({
        request,
        reason: "Transport",
        description: "CANARY-5",
        cause: new Error("CANARY-6")
      }),
      new SyntaxError("Unexpected token in CANARY-7"),
      { word: "CANARY-8" }
    ]
    const errors = failures.flatMap((failure) => runErrors(Cause.fail(failure)))
    expect(errors.map(({ tag }) => tag)).toEqual(["ParseError", "RequestError", "SyntaxError", "Failure"])
    expect(errors[1]?.message).toBe("Transport, POST https://fmc.example/hosts")
    expect(JSON.stringify(errors)).not.toContain("CANARY")
  })
})

const failed: Workflow.RunReport = {
  ...report,
  outcome: "failed",
  errors: [
    {
      tag: "DeviceRefused",
      message: "fmc.example: POST /hosts was refused.\nMend it.",
      at: "at publish.ts:7:3"
    }
  ],
  changes: [
    { ...change, state: "undone" },
    {
      ...change,
      name: "mail",
      action: "update",
      fields: [{ field: "value", before: "a", after: "b" }],
      state: "left",
      why: "Somebody has changed it since: look whose it is now."
    },
    { ...change, name: "old", action: "remove", id: "host-3", state: "undone", newId: "host-9" },
    {
      ...change,
      step: "group",
      kind: "NetworkGroup",
      name: "published",
      action: "update",
      id: "group-1",
      state: "failed",
      fields: []
    },
    {
      ...change,
      step: "group",
      name: "late",
      id: "sallyport-planned-0123456789ab",
      fields: [{ field: "twin", after: "sallyport-planned-ba9876543210" }],
      state: "notReached"
    },
    {
      ...change,
      step: "group",
      name: "set",
      action: "deploy",
      fields: [{ field: "of", after: "sallyport-planned-0123456789ab" }],
      state: "unknown"
    }
  ],
  notes: [{ step: "host", text: "3 hosts" }],
  undo: { state: "incomplete", left: 1 }
}

describe("a report as text", () => {
  it("says what became of each change, what to look at, and how to go on", () => {
    expect(Workflow.runText(failed, { colors: false })).toBe(`publish: failed, and taken back in part
1 not known, 1 left, 1 failed, 2 undone, 1 not reached; 2 as wanted already.

fmc.example · host
  + Host shop  (undone)
      value: "192.0.2.7"
  ~ Host mail  (left)
      value: "a" → "b"
  - Host old  (undone)

fmc.example · group
  ~ NetworkGroup published  (failed)
  + Host late  (not reached)
      twin: (an id that the device has yet to give)
  ! deploy Host set  (not known)
      of: (known after Host late is created)

The workflow says:
  host: 3 hosts

Steps:
  host: done in 812ms

Devices:
  fmc: fmc.example (https://fmc.example): 4 requests, of which 1 write

DeviceRefused: fmc.example: POST /hosts was refused.
Mend it.
at publish.ts:7:3

To be looked at:
  Host mail on fmc.example, left: Somebody has changed it since: look whose it is now.
  Host old on fmc.example has a new id, host-9: mend what refers to the old one, host-3.
  Host set on fmc.example, not known: look at the device.

Run 20260329-013000-7f3a, 2026-03-29T01:30:00.000Z, 1s. Journal: /home/ops/.local/state/sallyport/runs/20260329-013000-7f3a.jsonl
Workflow.undo with the run "20260329-013000-7f3a" tries once more to take back what is left. It is not resumed any more: run the workflow anew.`)
  })

  it("has colours where it is told to", () => {
    const text = Workflow.runText(failed, { colors: true })
    expect(text).toContain("\u001b[31mpublish: failed")
    expect(text).toContain("\u001b[90m+ Host shop")
    expect(text).toContain("\u001b[31m~ Host mail")
    expect(Workflow.runText(report, { colors: true })).toContain("\u001b[32m+ Host shop")
  })

  it.each<[string, Partial<Workflow.RunReport>, string | undefined]>([
    ["done", {}, 'Workflow.undo with the run "20260329-013000-7f3a" takes it back.'],
    ["done, and nothing was changed", { changes: [] }, undefined],
    [
      "failed, and not taken back",
      { outcome: "failed" },
      'Workflow.resume with the run "20260329-013000-7f3a" goes on with it; Workflow.undo'
    ],
    [
      "interrupted in its undo",
      { outcome: "interrupted", undo: { state: "stopped", left: 3 } },
      "Workflow.undo"
    ],
    ["refused before it wrote", { outcome: "refused", changes: [], journal: undefined }, undefined]
  ])("of a run that is %s says how to go on", (_, facts, words) => {
    const text = Workflow.runText({ ...report, ...facts }, { colors: false })
    const last = text.slice(text.indexOf("\nRun 2026")).split("\n").slice(2)
    expect(last).toEqual(words === undefined ? [] : [expect.stringContaining(words)])
  })

  it("names the commands of the script by whose command line somebody goes on", () => {
    const how = { colors: false, script: "add-hosts.ts" }
    const line = `add-hosts.ts resume ${report.run} goes on with it; add-hosts.ts undo ${report.run} takes it back.`
    const left: Workflow.RunReport = { ...report, outcome: "failed" }
    expect(Workflow.runText(left, how).split("\n").at(-1)).toBe(line)
    expect(Workflow.runMarkdown(left, how)).toContain(line)
    expect(Workflow.runHtml(left, how)).toContain(line)
  })

  it("of a run that has changed nothing speaks of no undo", () => {
    const nothing: Workflow.RunReport = {
      ...report,
      outcome: "failed",
      changes: [],
      undo: { state: "done", left: 0 }
    }
    expect(Workflow.runText(nothing, { colors: false })).toMatch(/^publish: failed\nNothing was changed; /)
    expect(new Workflow.RunFailed({ report: nothing }).message).toMatch(/It has changed nothing\.$/)
    const undone: Workflow.RunReport = { ...nothing, changes: [{ ...change, state: "undone" }] }
    expect(Workflow.runText(undone, { colors: false })).toMatch(/^publish: failed, and taken back\n/)
    expect(new Workflow.RunFailed({ report: undone }).message).toMatch(
      /What it had changed was taken back\.$/
    )
  })

  it("of a resumed run says what the run before has done", () => {
    const resumed: Workflow.RunReport = {
      ...report,
      steps: [{ step: "host", state: "replayed", startedAt: report.startedAt, millis: 0 }],
      changes: [{ ...change, isReplayed: true }]
    }
    for (const text of [Workflow.runText(resumed, { colors: false }), Workflow.runMarkdown(resumed)])
      expect(text).toMatch(/done, by the run before[\s\S]*host: done by the run before/)
  })
})

describe("a report as Markdown", () => {
  it("is a table of the changes, and lists what to look at", () => {
    const lines = Workflow.runMarkdown(failed).split("\n")
    expect(lines[0]).toBe("## Run of publish: failed, and taken back in part")
    expect(lines).toContain('| fmc.example | host | update | Host mail | value: "a" → "b" | left |')
    expect(lines).toContain(
      "DeviceRefused: fmc.example: POST /hosts was refused.<br>Mend it.<br>at publish.ts:7:3"
    )
    expect(lines).toContain(
      "* Host old on fmc.example has a new id, host-9: mend what refers to the old one, host-3."
    )
  })
})

describe("what a report is printed from", () => {
  it("stays text, whatever a device or a script calls something", () => {
    const odd = "<img src=x onerror=alert(1)> | `x` \u001b[2J\u202e\r\n# y"
    const all: Workflow.RunReport = {
      ...failed,
      run: odd,
      workflow: odd,
      journal: odd,
      errors: [{ tag: odd, message: odd, at: odd }],
      changes: failed.changes.map((one) => ({
        ...one,
        device: odd,
        step: odd,
        kind: odd,
        name: odd,
        action: odd,
        id: odd,
        newId: odd,
        why: odd,
        fields: [{ field: odd, before: odd, after: { [odd]: odd } }]
      })),
      notes: [{ step: odd, text: odd }],
      steps: [{ step: odd, state: "failed", startedAt: report.startedAt, millis: 1 }],
      devices: [{ part: odd, name: odd, origin: odd, requests: 0, writes: 0 }]
    }
    const [text, markdown] = [Workflow.runText(all, { colors: false }), Workflow.runMarkdown(all)]
    for (const one of [text, markdown]) expect(one).not.toMatch(/[\u001b\u202e\r]/)
    expect(markdown).not.toMatch(/[^\\][<`|]img|^# y/m)
  })

  it("holds no secret", () => {
    const fields = fieldDiffs({
      name: "ops",
      before: { name: "ops", password: "CANARY-1" },
      after: { name: "ops", password: "CANARY-2", radius: { sharedSecret: "CANARY-3" } }
    })
    const all = { ...report, changes: [{ ...change, fields }] }
    for (const text of [JSON.stringify(all), Workflow.runText(all), Workflow.runMarkdown(all)]) {
      expect(text).toContain("(secret)")
      expect(text).not.toContain("CANARY")
    }
  })

  it("is a report, and nothing else", () => {
    for (const print of [Workflow.runText, Workflow.runMarkdown])
      expect(() => print({} as never)).toThrow(/^report: this is no RunReport/)
  })
})

describe("what is as it is wanted already", () => {
  const objects = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ device: "fmc.example", kind: "Host", name: `web-${at}` }))

  it("is counted, and a few of it are named", () => {
    const said = (unchanged: number, listed: number) =>
      Workflow.runText({ ...report, unchanged, unchangedObjects: objects(listed) }).split("\n")[1]
    expect(said(0, 0)).toBe("1 done; 0 as wanted already.")
    expect(said(2, 2)).toBe("1 done; 2 as wanted already (Host web-0, Host web-1).")
    expect(said(4, 4)).toBe("1 done; 4 as wanted already (Host web-0, Host web-1, Host web-2, 1 more).")
    // Of more than a thousand the rest is counted alone.
    expect(said(1200, 1000)).toContain("Host web-2, 1197 more).")
  })

  it("is not listed in a report of before", () => {
    expect(Workflow.runText(report).split("\n")[1]).toBe("1 done; 2 as wanted already.")
    expect(Either.getOrThrow(decode({ ...report, unchangedObjects: objects(2) }))).toMatchObject({
      unchangedObjects: objects(2)
    })
  })
})
