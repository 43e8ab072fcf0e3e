// Who is told of a run.
//
// States of an observer: it is told; it is at an event; it hangs; it is over. Races: events come faster than they are
// taken; the run ends while the observer is at an event.
//
// Invariants: what an observer does changes nothing of the run, its result and its report · events come in order, one
// after the other · the last is the report.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"

const workflow = Workflow.make({
  name: "observed",
  input: Schema.Struct({ fails: Schema.Boolean }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { fails }) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Workflow.step("hosts", hosts.create({ name: "a", value: "198.51.100.1" }))
      yield* Workflow.note("half of it")
      if (fails) yield* Effect.fail(scriptFailed("a later step"))
    })
})

const run = (onProgress: (event: Workflow.RunEvent) => unknown, fails = false) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const folder = mkdtempSync(join(tmpdir(), "sallyport-runs-"))
    const { report } = yield* Workflow.run(workflow, { fmc: sandbox.fmc }, { fails }, { folder, onProgress })
    return report
  })

describe("an observer", () => {
  it.scopedLive("is told of all in its order, the report last", () =>
    Effect.gen(function* () {
      const events: Array<Workflow.RunEvent> = []
      const report = yield* run((event) => Effect.sync(() => events.push(event)), true)
      expect(events.map(({ _tag }) => _tag)).toEqual([
        "Begun",
        "StepBegun",
        "ChangeBegun",
        "ChangeEnded",
        "StepEnded",
        "Note",
        "UndoBegun",
        "TakenBack",
        "Ended"
      ])
      expect(events.at(-1)).toEqual({ _tag: "Ended", report })
      expect(events[2]).toMatchObject({
        action: "create",
        kind: "Host",
        names: ["a"],
        step: "hosts",
        number: 1
      })
    })
  )

  it.scopedLive("that throws, rejects or fails changes nothing", () =>
    Effect.gen(function* () {
      const bad: ReadonlyArray<() => unknown> = [
        () => {
          throw new Error("a reporter's own")
        },
        () => Promise.reject(new Error("a reporter's own")),
        () => Effect.die("a reporter's own")
      ]
      for (const one of bad) expect((yield* run(one)).outcome).toBe("done")
    })
  )

  it.scopedLive("that hangs changes nothing", () =>
    Effect.gen(function* () {
      const report = yield* run(() => Effect.never)
      expect([report.outcome, report.changes.map(({ state }) => state)]).toEqual(["done", ["done"]])
      const promised = yield* run(() => new Promise(() => {}), true)
      expect([promised.outcome, promised.undo]).toEqual(["failed", { state: "done", left: 0 }])
    })
  )
})
