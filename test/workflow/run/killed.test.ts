// Processes that are killed (`kill -9`) in the middle of a run or of its undo; another one resumes or undoes it.
//
// States when it is killed: before an intent is on the disk · behind it, nothing sent · the change made, no outcome on
// the disk · half a line of it there · the outcome there; before an undo's request is announced · behind that · the
// request answered · its end there; at any time. Races: the killed process still holds its locks; the device is still at
// what it was sent; another process is at the run.
//
// Invariants: each write is sent once in all, and all is as nobody had disturbed it · an undo leaves exactly what its
// report lists · one process has a run to itself, and a dead one has nothing.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Workflow } from "sallyport"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { child } from "../../support/crashes/child.ts"
import { devicesOf, prepared, soon, workflowOf } from "../../support/crashes/crashing.ts"
import { fdmCases } from "../../support/crashes/fdmCases.ts"
import { fmcCases } from "../../support/crashes/fmcCases.ts"
import * as Matrix from "../../support/crashes/matrix.ts"
import { slowCases } from "../../support/crashes/slowCases.ts"
import { eventually } from "../../support/eventually.ts"
import { fewest } from "../../support/long.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const all = { ...fmcCases, ...fdmCases, ...slowCases }
type Name = keyof typeof all

const killed = (...given: Parameters<typeof child>) =>
  Effect.gen(function* () {
    const { signal, stderr, stdout } = yield* Effect.promise(() => child(...given).ended)
    expect(signal, stdout + stderr).toBe("SIGKILL")
    const [run = "none"] = yield* JournalFile.list({ folder: given[1].FOLDER })
    return run
  })

const begun = (name: Name) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const one = all[name]
    return { folder, one, expected: yield* Matrix.undisturbed(one), ...(yield* prepared(one)) }
  })

describe("a process that is killed in the middle of a run", () => {
  it.scopedLive.each<[string, Name, string]>(
    fewest([
      ["in the middle of the line of an outcome", "fdm create, update, remove", "half 5"],
      ["before an intent is there", "create", "before 2"],
      ["when an intent is there, and nothing sent", "upsertAll", "after 2"],
      ["when the change is made, and its outcome is not there", "createAll", "before 3"],
      ["when an outcome is there", "mappings", "after 5"],
      ["while changes go on side by side", "side by side", "after 9"]
    ])
  )("is gone on with as if nothing had been: %s", ([, name, KILL]) =>
    Effect.gen(function* () {
      const { expected, folder, one, sandbox, writes } = yield* begun(name)
      const run = yield* killed(sandbox, { CASE: name, FOLDER: folder, HOW: "run", KILL })
      const resumed = yield* soon(Workflow.resume(workflowOf(one), devicesOf(sandbox), run, { folder }))
      expect(yield* Matrix.judgedResume(sandbox, resumed, writes(), expected)).toEqual([])
    })
  )

  it.scopedLive("is gone on with although the one that went on was killed, too", () =>
    Effect.gen(function* () {
      const name = "a policy with rules"
      const { expected, folder, one, sandbox, writes } = yield* begun(name)
      const RUN = yield* killed(sandbox, { CASE: name, FOLDER: folder, HOW: "run", KILL: "before 3" })
      yield* killed(sandbox, { CASE: name, FOLDER: folder, HOW: "resume", RUN, KILL: "after 3" })
      const resumed = yield* soon(Workflow.resume(workflowOf(one), devicesOf(sandbox), RUN, { folder }))
      expect(yield* Matrix.judgedResume(sandbox, resumed, writes(), expected)).toEqual([])
    })
  )

  it.scopedLive("is gone on with wherever it was, and however long the device is at its last write", () =>
    Effect.gen(function* () {
      const name = "side by side"
      const { expected, folder, one, sandbox, writes } = yield* begun(name)
      const millis = Math.floor(Math.random() * 40)
      const process = child(sandbox, { CASE: name, FOLDER: folder, HOW: "run" })
      yield* eventually("it writes", () => writes().length > 0)
      yield* Effect.sleep(millis)
      process.kill("SIGKILL")
      yield* Effect.promise(() => process.ended)
      const [run = "none"] = yield* JournalFile.list({ folder })
      const { lines } = yield* JournalFile.read({ folder }, run)
      // It may have come to its end.
      if (Object(lines.at(-1))._tag === "ended") return
      const resumed = yield* soon(Workflow.resume(workflowOf(one), devicesOf(sandbox), run, { folder }))
      const faults = yield* Matrix.judgedResume(sandbox, resumed, writes(), expected)
      expect(faults, `killed after ${millis} ms`).toEqual([])
    })
  )

  it.scopedLive("has the run to itself while it lives; then what it did is taken back", () =>
    Effect.gen(function* () {
      const name = "waits after three changes"
      const folder = yield* temporaryFolder
      const one = slowCases[name]
      const { sandbox } = yield* prepared(one)
      const process = child(sandbox, { CASE: name, FOLDER: folder, HOW: "run" })
      yield* eventually("it waits", () => process.output().includes("waits"))
      const [run = "none"] = yield* JournalFile.list({ folder })
      const workflow = workflowOf(one)
      const error = yield* Effect.flip(Workflow.resume(workflow, devicesOf(sandbox), run, { folder }))
      expect([error._tag, error.message]).toEqual(["RunHeld", expect.stringContaining(String(process.pid))])
      process.kill("SIGKILL")
      yield* Effect.promise(() => process.ended)
      const report = yield* soon(Workflow.undo(workflow, devicesOf(sandbox), run, { folder }))
      expect(report.changes.map(({ name, state }) => [name, state])).toEqual(
        ["a", "b", "c"].map((name) => [name, "undone"])
      )
      expect(report.undo).toEqual({ state: "done", left: 0 })
    })
  )
})

describe("a process that is killed in the middle of an undo", () => {
  it.scopedLive.each<[string, string]>(
    fewest([
      ["when it is answered, and that is not there", "before 10"],
      ["before a request is announced", "before 9"],
      ["when it is announced, and not sent", "after 9"],
      ["when its end is there", "after 10"]
    ])
  )("is gone on with: %s", ([, KILL]) =>
    Effect.gen(function* () {
      const name = "two devices"
      const { expected, folder, one, sandbox } = yield* begun(name)
      const run = yield* killed(sandbox, { CASE: name, FOLDER: folder, HOW: "fail", KILL })
      const report = yield* soon(Workflow.undo(workflowOf(one), devicesOf(sandbox), run, { folder }))
      expect(yield* Matrix.judgedUndo(one, sandbox, report, expected)).toEqual([])
    })
  )
})
