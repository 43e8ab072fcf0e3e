// A run that ends in the middle, as if its process were gone, and is resumed or undone from its journal.
//
// States of a run when it ends: before the intent of a change · with the intent there, and nothing sent · with the
// change made, and its outcome not there · with the outcome there; of its undo: the same of each request. Races: the
// device is still at what was sent; changes side by side.
//
// Invariants: a resumed run sends each write once in all, gives what an undisturbed one gives, and leaves the devices as
// that does · where nobody can tell, it says so and sends nothing · an undo leaves exactly what its report lists.
//
// All kinds of change at all points are tried by `test/soak/crashes.ts`; here are those that have failed once.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { ReadBack, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import type { Case } from "../../support/crashes/Case.ts"
import { devicesOf, prepared, soon, stoppedAt, workflowOf } from "../../support/crashes/crashing.ts"
import { fdmCases } from "../../support/crashes/fdmCases.ts"
import { fmcCases } from "../../support/crashes/fmcCases.ts"
import * as Matrix from "../../support/crashes/matrix.ts"
import { oddCases } from "../../support/crashes/oddCases.ts"
import { eventually } from "../../support/eventually.ts"

const stopped: ReadonlyArray<readonly [string, Case]> = [
  ["an upsert whose later change is done", fmcCases.upsert],
  ["mappings that were put there and taken off again and again", oddCases["mappings there and back"]],
  ["an override that was set, changed and removed", fmcCases.overrides],
  ["a refusal that the script has taken", oddCases["a refusal that the script catches"]],
  ["a filtered list of what it has created", oddCases["a filtered list"]],
  ["a policy with a rule that it has removed", oddCases["a policy that comes and goes"]],
  ["rules that it has removed from among others", oddCases["many rules at once"]],
  ["the first ones of lists, which it has removed", oddCases["the first ones of lists, one by one"]]
]

describe("a run that ends before its last line", () => {
  for (const [name, one] of stopped) {
    it.scopedLive(`is resumed as if nothing had been: ${name}`, () =>
      Effect.gen(function* () {
        const expected = yield* Matrix.undisturbed(one)
        expect(yield* Matrix.resumed(one, { when: "before", line: expected.lines }, expected)).toEqual([])
      })
    )
  }
})

describe("what was sent before a run ended", () => {
  it.scopedLive("is looked for while the device is still at it, and not sent again", () =>
    Effect.gen(function* () {
      const one = fmcCases.create
      const { sandbox, writes } = yield* prepared(one)
      const workflow = workflowOf(one)
      const devices = devicesOf(sandbox)
      const point = { when: "after", line: 2 } as const
      const { folder, run = "none" } = yield* stoppedAt(point, sandbox, (folder) =>
        Workflow.run(workflow, devices, {}, { folder })
      )
      // The device comes to it once it was looked for in vain.
      const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
      const looks = () =>
        sandbox.ledger.requests.filter(
          ({ method, path }) => method === "GET" && path.includes("/object/hosts")
        ).length
      const before = looks()
      yield* eventually("it is looked for", () => looks() > before).pipe(
        Effect.zipRight(hosts.create({ name: "a", value: "198.51.100.9" })),
        Effect.fork
      )
      const { report } = yield* Workflow.resume(workflow, devices, run, { folder }).pipe(
        Effect.provideService(ReadBack.ReadBackSchedule, Schedule.spaced("50 millis"))
      )
      expect([report.outcome, report.changes.map(({ state }) => state)]).toEqual(["done", ["done"]])
      expect(writes()).toHaveLength(1)
    })
  )

  it.scopedLive("is told as what never happened where it was not, beside what was sent in its place", () =>
    Effect.gen(function* () {
      const one = fmcCases.create
      const { sandbox } = yield* prepared(one)
      const workflow = workflowOf(one)
      const devices = devicesOf(sandbox)
      const point = { when: "after", line: 2 } as const
      const { folder, run = "none" } = yield* stoppedAt(point, sandbox, (folder) =>
        Workflow.run(workflow, devices, {}, { folder })
      )
      const { report } = yield* soon(Workflow.resume(workflow, devices, run, { folder }))
      expect(report.changes.map(({ state }) => state)).toEqual(["neverHappened", "done"])
    })
  )

  it.scopedLive("is not what was there before it, however alike", () =>
    Effect.gen(function* () {
      const one = oddCases["fdm a bulk of which a row is refused"]
      const expected = yield* Matrix.undisturbed(one)
      // Before any of it was sent, and when all of it was.
      expect(yield* Matrix.resumed(one, { when: "after", line: 2 }, expected)).toEqual([])
      expect(yield* Matrix.resumed(one, { when: "before", line: 3 }, expected)).toEqual([])
      expect(yield* Matrix.undone(one, { when: "before", line: 3 }, expected)).toEqual([])
    })
  )
})

describe("a password that was being changed when a run ended", () => {
  it.scopedLive("is known by the one that the resumed run has logged in with, and changed once", () =>
    Effect.gen(function* () {
      const one = fdmCases["fdm changePassword"]
      const expected = yield* Matrix.undisturbed(one)
      // Before it was sent, and when it was.
      expect(yield* Matrix.resumed(one, { when: "after", line: 2 }, expected)).toEqual([])
      expect(yield* Matrix.resumed(one, { when: "before", line: 3 }, expected)).toEqual([])
    })
  )
})

describe("an undo that ends in the middle", () => {
  it.scopedLive("knows that what lay below is gone with what its undo has removed", () =>
    Effect.gen(function* () {
      const one = oddCases["a rule that is moved by its removal"]
      const { expected, first } = yield* Matrix.undoneUndisturbed(one)
      // The removal of the policy, in which the rules are, is the first that it does.
      expect(yield* Matrix.undoneTwice(one, { when: "after", line: first + 2 }, expected)).toEqual([])
    })
  )
})
