// What a run says when it is over.
//
// Invariants: a report is read back from JSON as what it was · what is no report is not read as one · an error is told
// by its tag, with what to do, and without what may be secret.

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
import { runErrors } from "../../src/workflow/RunErrors.ts"

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
