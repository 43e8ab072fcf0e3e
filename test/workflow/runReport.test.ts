// What a run says when it is over.
//
// Invariants: a report is read back from JSON as what it was · what is no report is not read as one.
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"

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
        // A field of an object is what JSON can say.
        const kept: unknown = JSON.parse(JSON.stringify(any))
        expect(Either.getOrThrow(decode(kept))).toEqual(kept)
      }),
      { numRuns: 300 }
    )
    expect(Either.getOrThrow(decode(JSON.parse(JSON.stringify(report))))).toEqual(report)
  })

  it.each<[string, unknown]>([
    ["another version", { ...report, version: 2 }],
    ["a state that no change has", { ...report, changes: [{ ...change, state: "half done" }] }],
    ["a count below 0", { ...report, unchanged: -1 }],
    ["a length of no number", { ...report, steps: [{ ...report.steps[0], millis: Number.NaN }] }],
    ["a time of no zone", { ...report, endedAt: "2026-03-29 01:30:01" }],
    ["no changes", { ...report, changes: undefined }]
  ])("is not read where it has %s", (_, given) => {
    expect(Either.isLeft(decode(given))).toBe(true)
  })
})
