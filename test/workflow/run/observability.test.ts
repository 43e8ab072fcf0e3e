// What a workflow can be watched by: the tables of its spans and of metrics are all there is.
//
// Invariants: a request is within its change, that within its step, that within its run, also where the script awaits ·
// what is counted is what the ledger and the report have · nothing of it is secret.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import { Credentials, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually, pause } from "../../support/eventually.ts"
import { roomTable } from "../../support/roomTable.ts"
import { spanRecorder } from "../../support/spans.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const input = Schema.Struct({ wrong: Schema.Boolean })
const named = { name: "watched", input, devices: { fmc: Fmc.plugin } }

const byEffect = Workflow.make({
  ...named,
  run: ({ fmc }, { wrong }) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Workflow.step("hosts", hosts.create({ name: "a", value: "192.0.2.7" }))
      if (wrong) yield* hosts.create({ name: "a", value: "192.0.2.8" })
    })
})

const byPromise = Workflow.promise({
  ...named,
  run: async ({ fmc }, { wrong }, { step }) => {
    const { hosts } = await fmc.domain("Global")
    await step("hosts", () => hosts.create({ name: "a", value: "192.0.2.7" }))
    if (wrong) await hosts.create({ name: "a", value: "192.0.2.8" })
  }
})

/** Of each metric of this device and workflow its tags, and what was counted. */
const counted = (target: string) =>
  Effect.map(Metric.snapshot, (pairs) =>
    pairs.flatMap(({ metricKey, metricState }) => {
      const tags = Object.fromEntries(metricKey.tags.map(({ key, value }) => [key, value]))
      const isOurs = tags.target === target || tags.workflow === named.name
      const count = "count" in metricState ? Number(metricState.count) : undefined
      return isOurs ? [{ name: metricKey.name, tags, count }] : []
    })
  )

describe.each([
  ["whose script is an Effect", byEffect],
  ["whose script awaits", byPromise]
])("a workflow %s is watched by", (how, workflow) => {
  it.scopedLive("spans, one in the other", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const folder = yield* temporaryFolder
      const { spans, tracer } = spanRecorder()
      yield* Effect.all([
        Workflow.plan(workflow, { fmc: sandbox.fmc }, { wrong: false }),
        Workflow.run(workflow, { fmc: sandbox.fmc }, { wrong: true }, { folder })
      ]).pipe(Effect.withTracer(tracer))
      const documented = roomTable("span of a workflow")
      const own = spans.filter(({ name }) => documented.has(name))
      expect(new Set(own.map(({ name }) => name))).toEqual(new Set(documented.keys()))
      for (const { attributes, name } of own)
        expect([name, [...attributes.keys()]]).toEqual([name, documented.get(name)])
      expect(JSON.stringify(spans.map(({ attributes }) => [...attributes]))).not.toContain(
        Redacted.value(sandbox.password)
      )
      const isWrite = (span: (typeof spans)[number]) => span.attributes.get("method") === "POST"
      const writes = spans.filter((span) => isWrite(span) && span.within.includes("sallyport.change"))
      expect(writes.map(({ within }) => within.filter((name) => name !== "sallyport.request"))).toEqual([
        ["sallyport.change", "sallyport.step", "sallyport.run"],
        ["sallyport.change", "sallyport.run"]
      ])
      const undone = spans.filter(({ attributes }) => attributes.get("method") === "DELETE")
      expect(undone.map(({ within }) => within.at(-2))).toEqual(["sallyport.undo"])
    })
  )

  it.scopedLive("what is counted", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const target = `one ${how}`
      const fmc = { ...sandbox.fmc, target: { ...sandbox.fmc.target, name: target } }
      const runs = Effect.map(counted(target), (all) =>
        all.filter(({ name, tags }) => name === "sallyport.runs" && tags.outcome === "failed").at(0)
      )
      const before = (yield* runs)?.count ?? 0
      yield* Workflow.run(workflow, { fmc }, { wrong: true }, { folder: yield* temporaryFolder })
      const all = yield* counted(target)
      const documented = roomTable("metric")
      for (const { name, tags } of all)
        expect([name, Object.keys(tags)]).toEqual([name, documented.get(name)])
      const countOf = (name: string, tags: Readonly<Record<string, string>>) =>
        all.find(
          (one) => one.name === name && Object.entries(tags).every(([key, value]) => one.tags[key] === value)
        )?.count
      const statuses = all.filter(({ name }) => name === "sallyport.requests")
      expect(new Map(statuses.map(({ count, tags }) => [Number(tags.status), count]))).toEqual(
        sandbox.ledger.requests.reduce(
          (counts, { status }) => counts.set(Number(status), (counts.get(Number(status)) ?? 0) + 1),
          new Map<number, number>()
        )
      )
      expect(countOf("sallyport.logins", {})).toBe(1)
      expect(countOf("sallyport.changes", { action: "create", kind: "Host", outcome: "done" })).toBe(1)
      expect(countOf("sallyport.changes", { action: "create", kind: "Host", outcome: "refused" })).toBe(1)
      expect(countOf("sallyport.changes.taken_back", { how: "undone" })).toBe(1)
      expect((yield* runs)?.tags).toEqual({ workflow: "watched", outcome: "failed", undo: "done" })
      expect((yield* runs)?.count).toBe(before + 1)
    })
  )
})

it.scopedLive("what a step fails by is what was thrown, also where somebody traces", () =>
  Effect.gen(function* () {
    class Odd extends Error {
      readonly #secret = 7
      // A private field is only that of the object itself.
      get tag() {
        return this.#secret
      }
    }
    const thrown = [new Odd("failed"), new Odd("died")] as const
    const caught: Array<unknown> = []
    const byEffect = Workflow.make({
      name: "throwing",
      input: Schema.Struct({}),
      devices: {},
      run: () =>
        Effect.gen(function* () {
          const [failed, died] = thrown
          caught.push(yield* Effect.flip(Workflow.step("outer", Workflow.step("one", Effect.fail(failed)))))
          yield* Effect.catchAllDefect(Workflow.step("two", Effect.die(died)), (defect) =>
            Effect.sync(() => caught.push(defect))
          )
        })
    })
    const byPromise = Workflow.promise({
      name: "throwing",
      input: Schema.Struct({}),
      devices: {},
      run: async (_devices, _input, { step }) => {
        for (const error of thrown)
          await step(error.message, async () => {
            throw error
          }).catch((one) => caught.push(one))
        await step("last", async () => {
          throw thrown[0]
        })
      }
    })
    const folder = yield* temporaryFolder
    for (const workflow of [byEffect, byPromise]) {
      caught.length = 0
      const { spans, tracer } = spanRecorder()
      const { report } = yield* Effect.withTracer(Workflow.run(workflow, {}, {}, { folder }), tracer)
      expect(spans.some(({ name }) => name === "sallyport.step")).toBe(true)
      expect(caught.map((one, at) => one === thrown[at])).toEqual([true, true])
      expect(report.errors.map(({ tag }) => tag)).toEqual(workflow === byEffect ? [] : ["Error"])
    }
  })
)

it.scopedLive("what comes to no answer is counted by the tag of its error", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fmc = { ...sandbox.fmc, target: { ...sandbox.fmc.target, name: "locked" } }
    const credentials = Credentials.password({ username: "nobody", password: Redacted.make("wrong") })
    yield* Effect.flip(Effect.scoped(Fmc.make({ ...fmc, credentials })))
    const all = yield* counted("locked")
    expect(all.filter(({ name }) => name === "sallyport.failures")).toEqual([
      { name: "sallyport.failures", tags: { target: "locked", error: "CredentialsRefused" }, count: 1 }
    ])
  })
)

it.scoped("a wait for a device's rate limit is counted by its length", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ requestsPerMinute: 10 })
    const { session } = yield* Fmc.make({
      ...sandbox.fmc,
      target: { ...sandbox.fmc.target, name: "limited", requestsPerMinute: 10 }
    })
    const read = session.http.get("/api/fmc_platform/v1/info/serverversion")
    const reads = yield* Effect.fork(Effect.all(Effect.replicate(read, 12), { concurrency: "unbounded" }))
    const served = () => sandbox.ledger.requests.filter(({ kind }) => kind === "call").length
    yield* eventually("the limit is reached", () => served() === 8)
    yield* pause(50)
    yield* TestClock.adjust("61 seconds")
    yield* Fiber.join(reads)
    const waits = (yield* Metric.snapshot).find(
      ({ metricKey: { name, tags } }) =>
        name === "sallyport.rate_limit.wait" && tags.some(({ value }) => value === "limited")
    )
    expect(waits?.metricState).toMatchObject({ count: 4, min: expect.any(Number), sum: expect.any(Number) })
    const [{ min = 0, max = 0 }] = [waits?.metricState as { readonly min?: number; readonly max?: number }]
    expect(min).toBeGreaterThanOrEqual(60)
    expect(max).toBeLessThanOrEqual(61)
  })
)
