// What a workflow costs: requests, and lines of the journal. How long it takes is printed, and never asserted.
//
// Invariants: a plan costs the reads that its script makes, once · a run sends what the same script sends without a
// workflow, with a plan or without, and a resumed one no write again · the journal of a bulk change is a handful of lines
// · without a workflow nothing is sent, and nothing is written, beside what the script asks for.
import { readFileSync } from "node:fs"
import { performance } from "node:perf_hooks"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { inRest } from "../../support/long.ts"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const Hosts = Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String }))

/** Imports hosts; while `fails` says so, what comes after that fails. */
const importing = (fails: () => boolean) =>
  Workflow.make({
    name: "import-hosts",
    input: Schema.Struct({ hosts: Hosts }),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }, { hosts }) =>
      Effect.gen(function* () {
        const domain = yield* fmc.domain("Global")
        const all = yield* domain.hosts.upsertAll(hosts)
        if (fails()) return yield* Effect.fail(scriptFailed("a later step"))
        return all.length
      })
  })

/** So many hosts, the first of them with other values. */
const rows = (count: number, changed = 0) =>
  Array.from({ length: count }, (_, at) => ({
    name: `cost-${at}`,
    value: `10.${at < changed ? 8 : 7}.${Math.floor(at / 250)}.${at % 250}`
  }))

const given = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const folder = yield* temporaryFolder
  const state = { fails: false }
  const workflow = importing(() => state.fails)
  /** What is sent meanwhile, each kind of request with its number, and how long it takes. */
  const costOf = <A, E>(what: string, work: Effect.Effect<A, E>) =>
    Effect.gen(function* () {
      const [from, began] = [sandbox.ledger.requests.length, performance.now()]
      const result = yield* work
      console.log(`${what}: ${Math.round(performance.now() - began)} ms`)
      const sent: Record<string, number> = {}
      for (const { method, path } of sandbox.ledger.requests.slice(from)) {
        const one = `${method} ${/\/(hosts|generatetoken|revokeaccess)/.exec(path)?.[1] ?? path}`
        sent[one] = (sent[one] ?? 0) + 1
      }
      return { result, sent }
    })
  return { sandbox, folder, state, workflow, devices: { fmc: sandbox.fmc }, costOf }
})

const linesOf = (report: Workflow.RunReport): ReadonlyArray<string> =>
  readFileSync(report.journal ?? "", "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line)._tag)

const session = { "POST generatetoken": 1, "POST revokeaccess": 1 }

it.scopedLive.runIf(inRest)(
  "1,200 hosts cost one login, one list and two writes, with a plan and without, and four lines",
  () =>
    Effect.gen(function* () {
      const { costOf, devices, folder, state, workflow } = yield* given
      const input = { hosts: rows(1200) }
      const plan = yield* costOf("a plan of 1,200", Workflow.plan(workflow, devices, input))
      expect(plan.sent).toEqual({ ...session, "GET hosts": 1 })

      state.fails = true
      const options = { folder, plan: plan.result, onFailure: "leave" as const }
      const left = yield* costOf("its run", Workflow.run(workflow, devices, input, options))
      expect(left.sent).toEqual({ ...session, "GET hosts": 1, "POST hosts": 2 })
      expect(left.result.report.changes).toHaveLength(1200)
      expect(linesOf(left.result.report)).toEqual(["begun", "intent", "outcome", "ended"])

      state.fails = false
      const { run } = left.result.report
      const resumed = yield* costOf("its resumption", Workflow.resume(workflow, devices, run, { folder }))
      expect(resumed.sent).toEqual({ ...session, "GET hosts": 2 })
      expect(resumed.result.report.outcome).toBe("done")

      const changed = { hosts: rows(1200, 300) }
      const update = yield* costOf("a run of 300", Workflow.run(workflow, devices, changed, { folder }))
      // A page has a thousand.
      expect(update.sent).toEqual({ ...session, "GET hosts": 2, "PUT hosts": 300 })
      expect(linesOf(update.result.report)).toHaveLength(602)
    }),
  120_000
)

it.scopedLive(
  "the undo of 1,200 created hosts is one list and seven removals in bulk, and two lines for each of these",
  () =>
    Effect.gen(function* () {
      const { costOf, devices, folder, state, workflow } = yield* given
      const input = { hosts: rows(1200) }
      state.fails = true
      const undone = yield* costOf(
        "1,200 created, undone",
        Workflow.run(workflow, devices, input, { folder })
      )
      expect(undone.result.report.undo).toEqual({ state: "done", left: 0 })
      // 179 ids of 36 signs, each with a comma, are 7,000 of a URL; a page has a thousand.
      expect(undone.sent).toEqual({ ...session, "GET hosts": 1 + 2, "POST hosts": 2, "DELETE hosts": 7 })
      const removal = Array.from({ length: 7 }, () => ["takingAllBack", "tookAllBack"]).flat()
      expect(linesOf(undone.result.report)).toEqual([
        "begun",
        "intent",
        "outcome",
        "undoing",
        ...removal,
        "ended"
      ])
    }),
  120_000
)

it.scopedLive("the undo of 1,200 removed hosts is two lists and two creations in bulk", () =>
  Effect.gen(function* () {
    const { costOf, devices, folder, sandbox } = yield* given
    const fmc = yield* Fmc.make(sandbox.fmc)
    const { hosts } = yield* fmc.domain("Global")
    const all = yield* hosts.createAll(rows(1200))
    const workflow = Workflow.make({
      name: "clean-up",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin },
      run: ({ fmc }) =>
        Effect.gen(function* () {
          const domain = yield* fmc.domain("Global")
          yield* domain.hosts.removeAll(all.map(({ id }) => id))
          return yield* Effect.fail(scriptFailed("a later step"))
        })
    })
    const undone = yield* costOf("1,200 removed, undone", Workflow.run(workflow, devices, {}, { folder }))
    expect(undone.result.report.undo).toEqual({ state: "done", left: 0 })
    const newIds = undone.result.report.changes.map(({ newId }) => newId)
    expect(new Set(newIds).size).toBe(1200)
    const { "DELETE hosts": _removals, "GET hosts": reads = 0, ...sent } = undone.sent
    expect(sent["POST hosts"]).toBe(2)
    expect(reads).toBeLessThan(10)
    expect(linesOf(undone.result.report).filter((tag) => tag === "tookAllBack")).toHaveLength(2)
    expect((yield* hosts.get(newIds[0] ?? "")).value).toBe(all[0]?.value)
  })
)

it.scopedLive("a run without a plan sends what one with a plan sends", () =>
  Effect.gen(function* () {
    const { costOf, devices, folder, state, workflow } = yield* given
    const input = { hosts: rows(100) }
    state.fails = true
    const undone = yield* costOf("a run of 100, undone", Workflow.run(workflow, devices, input, { folder }))
    expect(undone.result.report.undo).toEqual({ state: "done", left: 0 })
    expect(undone.sent).toEqual({ ...session, "GET hosts": 2, "POST hosts": 1, "DELETE hosts": 1 })
  })
)

it.scopedLive("a script without a workflow sends what it did, and in one what it sends without", () =>
  Effect.gen(function* () {
    const { costOf, devices, folder, sandbox } = yield* given
    const script = (fmc: Fmc.Fmc, name: string) =>
      Effect.gen(function* () {
        const { hosts } = yield* fmc.domain("Global")
        for (let at = 0; at < 50; at++) yield* hosts.upsert({ name, value: `10.7.0.${at}` })
      })
    const plain = Effect.scoped(Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => script(fmc, "plain")))
    const workflow = Workflow.make({
      name: "one-by-one",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin },
      run: ({ fmc }) => script(fmc, "planned")
    })
    // Each looks by its name, and reads what it has found.
    const expected = { ...session, "GET hosts": 50 + 49, "POST hosts": 1, "PUT hosts": 49 }
    expect((yield* costOf("50 upserts", plain)).sent).toEqual(expected)
    const run = Workflow.run(workflow, devices, {}, { folder })
    expect((yield* costOf("50 upserts in a workflow", run)).sent).toEqual(expected)
  })
)
