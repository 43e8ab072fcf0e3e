// Signals to a process that runs a workflow: Ctrl-C once, twice and three times.
//
// States: a script at work · waiting for a deployment or a job · undoing · ending its undo. Races: a signal while a
// request is under way.
//
// Invariants: after the first what was done is taken back, and the exit code is 130 · after the second the undo ends
// behind the request at hand, and the journal has the rest · after the third the process
// is gone at once · what is told after each is what then is so · no wait for
// a device outlasts the first · each session is logged out, unless the process had to leave at once.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Workflow } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { betweenSignals } from "../../support/betweenSignals.ts"
import { child } from "../../support/crashes/child.ts"
import { devicesOf, prepared, soon, stateOf, workflowOf } from "../../support/crashes/crashing.ts"
import { slowCases } from "../../support/crashes/slowCases.ts"
import { eventually } from "../../support/eventually.ts"
import { inFull } from "../../support/fewer.ts"
import type { Running } from "../../support/runtime.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const begun = (name: keyof typeof slowCases) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const one = slowCases[name]
    const { sandbox } = yield* prepared(one)
    const before = yield* stateOf(sandbox)
    const process = child(sandbox, { CASE: name, FOLDER: folder, HOW: "run" })
    return { before, folder, one, process, sandbox }
  })

const says = (process: Running, words: string) =>
  eventually(`it says ${words}`, () => process.output().includes(words))

const ended = (process: Running) => Effect.promise(() => process.ended)

const undoOf = (one: Parameters<typeof workflowOf>[0], sandbox: Sandbox.Sandbox, folder: string) =>
  Effect.gen(function* () {
    const [run = "none"] = yield* JournalFile.list({ folder })
    return yield* soon(Workflow.undo(workflowOf(one), devicesOf(sandbox), run, { folder }))
  })

const deletions = ({ ledger }: Sandbox.Sandbox) =>
  ledger.requests.filter(({ kind, method }) => kind === "call" && method === "DELETE")

describe("a process that runs a workflow", () => {
  it.scopedLive("takes back what it did after the first signal, and is logged out", () =>
    Effect.gen(function* () {
      const { before, process, sandbox } = yield* begun("waits after three changes")
      yield* says(process, "waits")
      process.kill("SIGINT")
      const { code, stderr } = yield* ended(process)
      expect([code, sandbox.ledger.open], stderr).toEqual([130, 0])
      expect(stderr).toContain(
        "SIGINT: stopping, and taking back what was changed. Once more to end that after the change at hand."
      )
      expect(yield* stateOf(sandbox)).toEqual(before)
    })
  )

  it.scopedLive("ends its undo behind the request at hand after the second, and undo does the rest", () =>
    Effect.gen(function* () {
      const { before, folder, one, process, sandbox } = yield* begun("waits after three changes")
      yield* says(process, "waits")
      yield* sandbox.fail({ method: "DELETE", path: /object/, how: Sandbox.Fault.slow("2 seconds") })
      process.kill("SIGINT")
      yield* eventually("it undoes", () => deletions(sandbox).length > 0)
      yield* betweenSignals
      process.kill("SIGINT")
      const { code, stderr } = yield* ended(process)
      expect([code, sandbox.ledger.open], stderr).toEqual([130, 0])
      expect(stderr).toContain("the undo ends after the change at hand")
      expect(deletions(sandbox)).toHaveLength(1)
      const report = yield* undoOf(one, sandbox, folder)
      expect(report.changes.map(({ name, state }) => [name, state])).toEqual(
        ["a", "b", "c"].map((name) => [name, "undone"])
      )
      expect(deletions(sandbox)).toHaveLength(3)
      expect(yield* stateOf(sandbox)).toEqual(before)
    })
  )

  it.scopedLive.runIf(inFull)(
    "that undoes says that it goes on after the first, and ends it after the second",
    () =>
      Effect.gen(function* () {
        const { folder, process: killed, sandbox } = yield* begun("waits after three changes")
        yield* says(killed, "waits")
        killed.kill("SIGKILL")
        yield* ended(killed)
        const { open } = sandbox.ledger
        const [run = "none"] = yield* JournalFile.list({ folder })
        yield* sandbox.fail({ method: "DELETE", path: /object/, how: Sandbox.Fault.slow("2 seconds") })
        const told = { CASE: "waits after three changes", FOLDER: folder, HOW: "undo", RUN: run } as const
        const process = child(sandbox, told)
        yield* eventually("it undoes", () => deletions(sandbox).length > 0)
        process.kill("SIGINT")
        yield* says(process, "what was changed is being taken back, to the end of it.")
        yield* betweenSignals
        process.kill("SIGINT")
        const { code, stderr } = yield* ended(process)
        expect([code, sandbox.ledger.open], stderr).toEqual([130, open])
        expect(stderr).toContain("the undo ends after the change at hand; the run's journal has the rest.")
        expect(deletions(sandbox)).toHaveLength(1)
      })
  )

  it.scopedLive("is gone at once after the third, and undo does the rest", () =>
    Effect.gen(function* () {
      const { before, folder, one, process, sandbox } = yield* begun("waits after three changes")
      yield* says(process, "waits")
      // It is done, and never answered.
      yield* sandbox.fail({ method: "DELETE", path: /object/, how: Sandbox.Fault.slow("1 hour") })
      process.kill("SIGINT")
      yield* eventually("it undoes", () => deletions(sandbox).length > 0)
      yield* betweenSignals
      process.kill("SIGINT")
      yield* says(process, "the undo ends after the change at hand")
      yield* betweenSignals
      process.kill("SIGINT")
      expect((yield* ended(process)).code).toBe(130)
      const report = yield* undoOf(one, sandbox, folder)
      expect(report.undo).toEqual({ state: "done", left: 0 })
      expect(deletions(sandbox)).toHaveLength(3)
      expect(yield* stateOf(sandbox)).toEqual(before)
    })
  )

  it.scopedLive.runIf(inFull)("waits no longer for a deployment, which goes on by itself, and says so", () =>
    Effect.gen(function* () {
      const { folder, one, process, sandbox } = yield* begun("waits for a deployment")
      yield* sandbox.hangDeployment("ftd-1")
      yield* says(process, "deploys")
      const isPolled = () =>
        sandbox.ledger.requests.filter(
          ({ method, path }) => method === "GET" && path.includes("taskstatuses")
        ).length > 2
      yield* eventually("it waits for it", isPolled)
      process.kill("SIGINT")
      const { code, stderr } = yield* ended(process)
      expect([code, sandbox.ledger.open], stderr).toEqual([130, 0])
      const report = yield* undoOf(one, sandbox, folder)
      expect(report.outcome).toBe("interrupted")
      expect(report.changes.map(({ kind, state }) => [kind, state])).toEqual([
        ["Host", "undone"],
        ["deployment", "left"]
      ])
      expect(report.changes[1]?.why).toContain("until it is deployed again")
    })
  )

  it.scopedLive.runIf(inFull)("waits no longer for a job", () =>
    Effect.gen(function* () {
      const { folder, one, process, sandbox } = yield* begun("waits for a job")
      yield* says(process, "polls")
      process.kill("SIGINT")
      const { code, stderr } = yield* ended(process)
      expect([code, sandbox.ledger.open], stderr).toEqual([130, 0])
      const report = yield* undoOf(one, sandbox, folder)
      expect(report.changes.map(({ kind, state }) => [kind, state])).toEqual([["upgrade", "left"]])
    })
  )
})
