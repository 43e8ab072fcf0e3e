// Runs and fleets on one runner in this process: what becomes of a run that loses its journal in the middle, what a fleet
// comes to, and what the database has of it all. (States and invariants: runners.test.ts.)
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Cluster from "sallyport/cluster"
import * as Sandbox from "sallyport/sandbox"
import { database, hosts, quick } from "../support/cluster.ts"
import { soon } from "../support/crashes/crashing.ts"
import { eventually } from "../support/eventually.ts"
import { runtime } from "../support/runtime.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

/** A runner that serves hosts on these devices, and its database. */
const runnerOf = (devices: Readonly<Record<string, Sandbox.Endpoint>>) =>
  Effect.map(temporaryFolder, (folder) => ({
    folder,
    runner: Cluster.serve(hosts, devices, { lease: "1 second" }).pipe(
      Layer.provideMerge(Cluster.oneRunner(quick)),
      Layer.provideMerge(database(join(folder, "runs.sqlite")))
    )
  }))

const input = { names: ["a", "b", "c"], fails: false }

const writes = ({ ledger }: Sandbox.Sandbox) =>
  ledger.requests
    .filter(({ method, path }) => method !== "GET" && path.includes("/object/hosts"))
    .map(({ method, status }) => `${method} ${status}`)

describe.runIf(runtime === "node")("one runner (with SQLite, which is for Node alone)", () => {
  it.scopedLive("that loses a run in the middle of a change takes nothing back, and goes on with it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { runner } = yield* runnerOf({ hq: sandbox.fmc })
      yield* sandbox.fail({ method: "POST", path: /hosts/, nth: 2, how: Sandbox.Fault.slow("500 millis") })
      const report = yield* Effect.gen(function* () {
        const asked = yield* Effect.fork(Cluster.run(hosts, { fmc: "hq" }, input))
        yield* eventually("it is in the middle", () => writes(sandbox).includes("POST pending"), 20)
        const sql = yield* SqlClient.SqlClient
        // As if another runner had it, since this one was not heard of.
        yield* sql`UPDATE sallyport_runs SET epoch = epoch + 1, held_until = 0`
        return yield* Fiber.join(asked)
      }).pipe(Effect.provide(runner))
      expect([report.outcome, report.undo, report.changes.map(({ state }) => state)]).toEqual([
        "done",
        undefined,
        ["done", "done", "done"]
      ])
      expect(writes(sandbox)).toEqual(["POST 201", "POST 201", "POST 201"])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("whose database breaks a transaction off goes on with the run", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { runner } = yield* runnerOf({ hq: sandbox.fmc })
      const report = yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        // In the first go alone. What is broken off cannot be rolled back any more.
        yield* sql`CREATE TRIGGER broken BEFORE INSERT ON sallyport_lines
          WHEN NEW.line = 4 AND (SELECT epoch FROM sallyport_runs WHERE run = NEW.run) = 1
          BEGIN SELECT RAISE(ROLLBACK, 'broken off'); END`
        return yield* Cluster.run(hosts, { fmc: "hq" }, input)
      }).pipe(Effect.provide(runner))
      expect([report.outcome, writes(sandbox)]).toEqual(["done", ["POST 201", "POST 201", "POST 201"]])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("that waits for the engine in vain can be ended, and the next one goes on", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { runner } = yield* runnerOf({ hq: sandbox.fmc })
      const asked = Cluster.run(hosts, { fmc: "hq" }, input, { run: "night" })
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        // As if another runner had read them, to which the engine has just given the run.
        yield* sql`CREATE TRIGGER away AFTER INSERT ON cluster_messages WHEN NEW.tag = 'activity'
          BEGIN UPDATE cluster_messages SET last_read = CURRENT_TIMESTAMP WHERE id = NEW.id; END`
        yield* Effect.forkDaemon(asked)
        const announced = sql`SELECT * FROM sallyport_lines WHERE text LIKE '%"intent"%'`
        yield* Effect.repeat(announced, {
          schedule: Schedule.spaced("20 millis"),
          until: ({ length }) => length > 0
        })
      }).pipe(Effect.provide(runner), Effect.timeout("30 seconds"))
      expect([writes(sandbox), sandbox.ledger.open]).toEqual([[], 0])
      const report = yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`DROP TRIGGER away`
        yield* sql`UPDATE cluster_messages SET last_read = NULL`
        return yield* asked
      }).pipe(Effect.provide(runner), soon)
      expect([report.outcome, writes(sandbox)]).toEqual(["done", ["POST 201", "POST 201", "POST 201"]])
    })
  )

  it.scopedLive("carries out a fleet, whose report says of each device what became of it", () =>
    Effect.gen(function* () {
      const [one, two, three] = yield* Effect.all([Sandbox.make(), Sandbox.make(), Sandbox.make()])
      const devices = { one: one.fmc, two: two.fmc, three: three.fmc }
      const { runner } = yield* runnerOf(devices)
      yield* two.fail({ method: "POST", path: /hosts/, nth: 2, how: Sandbox.Fault.status(422) })
      const { report } = yield* Effect.provide(
        Cluster.fleet(hosts, devices, input, { canary: ["three"], stopAfter: 2 }),
        runner
      )
      expect(report.outcome).toBe("failed")
      expect(
        report.devices.map(({ device, outcome, state, wave }) => [device, outcome, state, wave])
      ).toEqual([
        ["three", "done", "done", 1],
        ["one", "done", "done", 2],
        ["two", "failed", "undone", 2]
      ])
      expect(report.devices.map(({ report }) => report?.changes.length)).toEqual([3, 3, 2])
      expect([one, two, three].map(({ ledger }) => ledger.open)).toEqual([0, 0, 0])
      expect(writes(two)).toEqual(["POST 201", "POST 422", "DELETE 200"])
    })
  )

  it.scopedLive("is told what cannot be before anything is begun", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const folder = yield* temporaryFolder
      const serving = (options: object) =>
        Layer.build(Cluster.serve(hosts, { hq: sandbox.fmc }, options)).pipe(
          Effect.provide(Cluster.oneRunner(quick)),
          Effect.provide(database(join(folder, "runs.sqlite"))),
          Effect.flip
        )
      for (const [field, options] of [
        ["lease", { lease: "soon" }],
        ["lease", { lease: 0 }],
        ["leases", { leases: "1 second" }]
      ] as const)
        expect(yield* serving(options)).toMatchObject({ _tag: "InvalidInput", field })
      const { runner } = yield* runnerOf({ hq: sandbox.fmc })
      const asked = Cluster.run(hosts, { fmc: "hq" }, input, { run: "../night" })
      expect(yield* Effect.flip(Effect.provide(asked, runner))).toMatchObject({ field: "run" })
      expect(sandbox.ledger.requests).toEqual([])
    })
  )

  it.scopedLive("puts no secret into its database, and takes no input that holds one", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { folder, runner } = yield* runnerOf({ hq: sandbox.fmc })
      const secret = Workflow.make({
        ...hosts,
        name: "secret",
        input: Schema.Struct({ key: Schema.Redacted(Schema.String) }),
        run: () => Effect.void
      })
      const refused = yield* Effect.gen(function* () {
        yield* Cluster.run(hosts, { fmc: "hq" }, { ...input, fails: true })
        return yield* Effect.flip(Cluster.run(secret, { fmc: "hq" }, { key: "canary-of-the-input" }))
      }).pipe(Effect.provide(runner))
      expect(refused).toMatchObject({ _tag: "InvalidInput", field: "input" })
      const kept = readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), "latin1"))
        .join("\n")
      // What is searched is what has been written.
      expect(kept).toContain("192.0.2.3")
      for (const canary of [Redacted.value(sandbox.password), "canary-of-the-input"])
        expect(kept.includes(canary)).toBe(false)
    })
  )
})
