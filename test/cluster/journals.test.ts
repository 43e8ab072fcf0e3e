// What stands in the database, by the functions of `Workflow` and `Fleet`, on another machine than the runners'.
//
// States of a run: never heard of · at hand with a runner · at hand here · over · killed here, its lease going on or over.
// Of a fleet: begun · whoever waited for it killed, runs of it with runners, some over, others not begun · over. Races: an
// undo while the run is at hand; a fleet that is gone on with while a run of it is.
//
// Invariants: one at a time works on a run, wherever · what a runner has done is told and taken back as if it had been done
// here · no run of a fleet that is gone on with is begun twice · nothing stands in the files of this machine.
import { join } from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Fleet, Workflow } from "sallyport"
import * as Cluster from "sallyport/cluster"
import * as Sandbox from "sallyport/sandbox"
import { database, hosts, quick } from "../support/cluster.ts"
import { eventually } from "../support/eventually.ts"
import { runtime } from "../support/runtime.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const input = { names: ["a", "b", "c"], fails: false }

/** A runner for these devices, and its database, which the test has, too. */
const runnerOf = (devices: Readonly<Record<string, Sandbox.Endpoint>>) =>
  Effect.map(temporaryFolder, (folder) =>
    Cluster.serve(hosts, devices, { lease: "1 second" }).pipe(
      Layer.provideMerge(Cluster.oneRunner(quick)),
      Layer.provideMerge(database(join(folder, "runs.sqlite")))
    )
  )

const writes = ({ ledger }: Sandbox.Sandbox) =>
  ledger.requests
    .filter(({ method, path }) => method !== "GET" && path.includes("/object/hosts"))
    .map(({ method, status }) => `${method} ${status}`)

const outcomes = ({ devices }: Fleet.FleetReport) =>
  devices.map(({ device, outcome, state }) => [device, outcome, state])

describe.runIf(runtime === "node")("the journals in a database (SQLite, which is for Node alone)", () => {
  it.scopedLive("tell of a run that a runner has carried out, and take it back", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const there = { fmc: sandbox.fmc }
      yield* Effect.gen(function* () {
        const ran = yield* Cluster.run(hosts, { fmc: "hq" }, input, { run: "night" })
        yield* Effect.gen(function* () {
          expect(yield* Workflow.recorded()).toEqual(["night"])
          expect(yield* Fleet.recorded()).toEqual([])
          const { outcome, changes } = yield* Workflow.reportOf("night")
          expect([outcome, changes]).toEqual(["done", ran.changes])
          expect(yield* Effect.flip(Workflow.resume(hosts, there, "night"))).toMatchObject({
            _tag: "RunOver"
          })
          const undone = yield* Workflow.undo(hosts, there, "night")
          expect(undone.undo).toEqual({ state: "done", left: 0 })
          expect(yield* Effect.flip(Workflow.reportOf("day"))).toMatchObject({ reason: "Missing" })
          expect(yield* Effect.flip(Workflow.undo(hosts, there, "../night"))).toMatchObject({ field: "run" })
        }).pipe(Effect.provide(Cluster.journals()))
        // Under no such store, it is not known.
        expect(yield* Effect.flip(Workflow.reportOf("night"))).toMatchObject({ _tag: "JournalFailed" })
      }).pipe(Effect.provide(yield* runnerOf({ hq: sandbox.fmc })))
      expect(writes(sandbox).map((one) => one.split(" ")[0])).toEqual([
        ...["POST", "POST", "POST"],
        ...["DELETE", "DELETE", "DELETE"]
      ])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("let nobody touch a run that a runner has at hand, nor its devices", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const there = { fmc: sandbox.fmc }
      yield* sandbox.fail({ method: "POST", path: /hosts/, nth: 2, how: Sandbox.Fault.slow("2 seconds") })
      const report = yield* Effect.gen(function* () {
        const asked = yield* Effect.fork(Cluster.run(hosts, { fmc: "hq" }, input, { run: "night" }))
        yield* eventually("it is in the middle", () => writes(sandbox).includes("POST pending"), 20)
        const [undo, other] = yield* Effect.all([
          Effect.flip(Workflow.undo(hosts, there, "night")),
          Effect.flip(Workflow.run(hosts, there, input, { whenHeld: "refuse" }))
        ]).pipe(Effect.provide(Cluster.journals()))
        expect([undo._tag, other]).toMatchObject([
          "RunHeld",
          { _tag: "DeviceHeld", holder: { run: "night" } }
        ])
        return yield* Fiber.join(asked)
      }).pipe(Effect.provide(yield* runnerOf({ hq: sandbox.fmc })))
      expect([report.outcome, writes(sandbox)]).toEqual(["done", ["POST 201", "POST 201", "POST 201"]])
    })
  )

  it.scopedLive("have what is begun here, and a run that was killed here is gone on with", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const there = { fmc: sandbox.fmc }
      const report = yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const { report } = yield* Workflow.run(hosts, there, input)
        expect([report.outcome, report.changes.length]).toEqual(["done", 3])
        // As if it had been killed in the third change, a moment ago.
        yield* sql`DELETE FROM sallyport_lines WHERE line > 6`
        yield* sql`UPDATE sallyport_runs SET lines = 6, epoch = epoch + 1, held_until = 1e12`
        const resume = Workflow.resume(hosts, there, report.run)
        expect(yield* Effect.flip(resume)).toMatchObject({ _tag: "RunHeld", run: report.run })
        yield* sql`UPDATE sallyport_runs SET held_until = 0`
        return (yield* resume).report
      }).pipe(
        Effect.provide(Cluster.journals({ lease: "1 second" })),
        Effect.provide(database(join(yield* temporaryFolder, "runs.sqlite")))
      )
      expect([report.outcome, report.changes.map(({ state }) => state)]).toEqual([
        "done",
        ["done", "done", "done"]
      ])
      expect(writes(sandbox)).toEqual(["POST 201", "POST 201", "POST 201"])
    })
  )

  it.scopedLive("have fleets, which are gone on with and taken back from anywhere", () =>
    Effect.gen(function* () {
      const [one, two, three] = yield* Effect.all([Sandbox.make(), Sandbox.make(), Sandbox.make()])
      const all = [one, two, three]
      const devices = { one: one.fmc, two: two.fmc, three: three.fmc }
      yield* two.fail({ method: "POST", path: /hosts/, nth: 2, how: Sandbox.Fault.slow("1 second") })
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const going = yield* Effect.fork(Cluster.fleet(hosts, devices, input, { concurrency: 1 }))
        yield* eventually("the second is under way", () => writes(two).includes("POST pending"), 20)
        yield* Fiber.interrupt(going)
        // As if it had been killed.
        yield* sql`DELETE FROM sallyport_lines WHERE run LIKE 'fleets/%' AND line > 4`
        yield* sql`UPDATE sallyport_runs SET lines = 4 WHERE run LIKE 'fleets/%'`
        const [fleet = ""] = yield* Effect.provide(Fleet.recorded(), Cluster.journals())
        const { report } = yield* Cluster.resumeFleet(hosts, devices, fleet)
        expect([report.fleet, report.outcome]).toEqual([fleet, "done"])
        expect(outcomes(report)).toEqual([
          ["one", "done", "done"],
          ["two", "done", "done"],
          ["three", "done", "done"]
        ])
        expect(all.map(writes)).toEqual(all.map(() => ["POST 201", "POST 201", "POST 201"]))
        const again = Effect.flip(Cluster.resumeFleet(hosts, devices, fleet))
        expect(yield* again).toMatchObject({ _tag: "FleetOver" })
        const back = yield* Effect.provide(Fleet.undo(hosts, devices, fleet), Cluster.journals())
        expect(outcomes(back).map(([, , state]) => state)).toEqual(["undone", "undone", "undone"])
      }).pipe(Effect.provide(yield* runnerOf(devices)))
      expect(all.map(({ ledger }) => ledger.open)).toEqual([0, 0, 0])
    })
  )
})
