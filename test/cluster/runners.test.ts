// Runs on the engine, whose runners are killed, interrupted and lose their database.
//
// States of a run when its runner ends: nothing written down · begun · a change announced, not sent · sent, its answer not
// there · its answer there, the engine told, not written down · between changes · undoing, in the same states · ended, the
// engine not told. Races: the runner that ends still has its change under way when the next one begins · its session is
// still to be logged out · the database is away · two runners take themselves for the run's.
//
// Invariants: each write is sent once in all · what has begun to be undone is never gone on with, and what goes on was
// never undone · a go that has lost the run writes nothing more down, and sends nothing more · a runner that is interrupted
// leaves no session · no secret is in the database.
import { describe, expect, it } from "@effect/vitest"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { placesOf } from "../support/cluster.ts"
import { eventually } from "../support/eventually.ts"
import { inRest } from "../support/long.ts"
import { runtime, start } from "../support/runtime.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

/** Starts a runner, which also asks for the run and says what that came to. It is gone when the test is over. */
const runnerOn = (sandbox: Sandbox.Sandbox, folder: string, FAILS: "yes" | "no") =>
  Effect.acquireRelease(
    Effect.sync(() =>
      start("test/scripts/clusterRunner.ts", {
        env: {
          DATABASE: `${folder}/runs.sqlite`,
          RUN: "night",
          NAMES: "a,b,c",
          FAILS,
          DEVICES: placesOf({ hq: sandbox })
        }
      })
    ),
    ({ ended, isEnded, kill }) =>
      Effect.promise(() => {
        if (!isEnded()) kill("SIGKILL")
        return ended
      })
  )

/** The first runner, until it is in the middle of its `nth` request of this method, whose answer takes its time. */
const inTheMiddle = (
  method: "POST" | "DELETE",
  nth: number,
  FAILS: "yes" | "no",
  time: Duration.DurationInput = "1 minute"
) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const folder = yield* temporaryFolder
    const how = Sandbox.Fault.slow(time)
    yield* sandbox.fail({ method, path: /object\/hosts/, nth, how })
    const first = yield* runnerOn(sandbox, folder, FAILS)
    const isUnderWay = () =>
      first.isEnded() ||
      sandbox.ledger.requests.some(({ status, ...one }) => one.method === method && status === "pending")
    yield* eventually("it is in the middle of a change", isUnderWay, 30)
    expect(first.isEnded(), first.output()).toBe(false)
    /** The next runner, until it says what the run came to. */
    const next = Effect.gen(function* () {
      const { output } = yield* runnerOn(sandbox, folder, FAILS)
      const said = () =>
        output()
          .split("\n")
          .find((line) => line.startsWith('{"version"'))
      yield* eventually("the run ends", () => said() !== undefined, 30)
      return yield* Schema.decode(Schema.parseJson(Workflow.RunReport))(said() ?? "")
    })
    return { sandbox, first, next }
  })

/** What the device has got to write, and how it has answered. */
const writes = ({ ledger }: Sandbox.Sandbox) =>
  ledger.requests
    .filter(({ method, path }) => method !== "GET" && path.includes("/object/hosts"))
    .map(({ method, status }) => `${method} ${status}`)

const states = ({ changes }: Workflow.RunReport) => changes.map(({ state }) => state)

// On Bun better-sqlite3 says that it is not supported, and Deno does not load it.
const withSqlite = describe.runIf(runtime === "node")

withSqlite("a runner that is killed (with SQLite, which is for Node alone)", () => {
  it.scopedLive("in the middle of a change: the next one goes on, and each write is sent once", () =>
    Effect.gen(function* () {
      const { first, next, sandbox } = yield* inTheMiddle("POST", 2, "no")
      first.kill("SIGKILL")
      const report = yield* next
      expect([report.outcome, states(report)]).toEqual(["done", ["done", "done", "done"]])
      expect(writes(sandbox)).toEqual(["POST 201", "POST gone", "POST 201"])
    })
  )

  it.scopedLive.runIf(inRest)(
    "in the middle of an undo: the next one goes on with that, and takes nothing back twice",
    () =>
      Effect.gen(function* () {
        const { first, next, sandbox } = yield* inTheMiddle("DELETE", 2, "yes")
        first.kill("SIGKILL")
        const report = yield* next
        expect([report.undo, states(report)]).toEqual([
          { state: "done", left: 0 },
          ["undone", "undone", "undone"]
        ])
        const created = ["POST 201", "POST 201", "POST 201"]
        expect(writes(sandbox)).toEqual([...created, "DELETE 200", "DELETE gone", "DELETE 200"])
      })
  )
})

withSqlite("a runner that is interrupted (with SQLite, which is for Node alone)", () => {
  it.scopedLive("logs out and takes nothing back; the next one goes on", () =>
    Effect.gen(function* () {
      const { first, next, sandbox } = yield* inTheMiddle("POST", 2, "no")
      first.kill("SIGINT")
      const { code, stdout } = yield* Effect.promise(() => first.ended)
      expect({ code, stdout, open: sandbox.ledger.open }).toEqual({ code: 130, stdout: "", open: 0 })
      const report = yield* next
      expect([report.outcome, states(report)]).toEqual(["done", ["done", "done", "done"]])
      expect(writes(sandbox)).toEqual(["POST 201", "POST gone", "POST 201"])
    })
  )

  it.scopedLive.runIf(inRest)("ends its undo after the request at hand; the next one goes on with it", () =>
    Effect.gen(function* () {
      const { first, next, sandbox } = yield* inTheMiddle("DELETE", 2, "yes", "1 second")
      first.kill("SIGINT")
      const { code } = yield* Effect.promise(() => first.ended)
      const deletes = writes(sandbox).filter((one) => one.startsWith("DELETE")).length
      expect({ code, open: sandbox.ledger.open, deletes }).toEqual({ code: 130, open: 0, deletes: 2 })
      const report = yield* next
      expect([report.undo, states(report)]).toEqual([
        { state: "done", left: 0 },
        ["undone", "undone", "undone"]
      ])
      const created = ["POST 201", "POST 201", "POST 201"]
      expect(writes(sandbox)).toEqual([...created, "DELETE 200", "DELETE 200", "DELETE 200"])
    })
  )
})
