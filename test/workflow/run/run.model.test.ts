// Random workflows on random devices, with all that goes wrong, in a time of their own: only their journals are real.
//
// States of a run: planned · going on · failed · interrupted · undoing · left as it is · resumed · undone later. Races: a
// request that is lost, reset, cut off, refused by a broken device or never answered, in the run and in its undo; somebody
// else who changes, removes, renames or recreates what the script touches, before the run, between its steps, before its
// undo, and before any request of it, or of a resumed run; Ctrl-C at any moment, also in the undo or the resumed run
// behind that; another workflow that follows, or goes on at the same time from another machine; changes side by side.
//
// Invariants: what a run that has failed leaves is what was there, or what its report says is left, and why · what
// somebody else has changed is not written over by an undo, unless that was between its look and its write · a resumed
// run sends nothing twice, and ends as one that nothing has disturbed · of two that follow each other and are undone,
// the later one first, the same holds as of one · of two at once an undo touches what its own run has changed, and not
// what the other one has since · a plan writes nothing · a run does what its plan
// says, or is stopped before the first change that differs, and undone · a journal can be read, and holds no secret ·
// every session is logged out.
import * as fc from "effect/FastCheck"
import { describe, it } from "vitest"
import { randomRuns } from "../../support/randomRuns.ts"
import * as Found from "./model/found.ts"
import { held } from "./model/held.ts"
import * as Properties from "./model/properties.ts"
import type { Scenario } from "./model/scenario.ts"

// The same ones each time: others are what test/soak/runs.ts is for.
const holds =
  (property: Parameters<typeof held>[0], found: ReadonlyArray<Scenario> = []) =>
  () =>
    fc.assert(held(property), {
      numRuns: randomRuns(100, 1 / 50) + found.length,
      seed: 1,
      examples: found.map((one) => [one])
    })

const timeout = 600_000

describe("a random run", () => {
  it(
    "that fails leaves what was there, or tells exactly what is not so",
    { timeout },
    holds(Properties.undone)
  )
  it(
    "that was left is undone as if at once",
    { timeout },
    holds(Properties.leftAndUndone, Found.leftAndUndone)
  )
  it(
    "that was left is resumed as if nothing had been",
    { timeout },
    holds(Properties.leftAndResumed, Found.leftAndResumed)
  )
  it(
    "that was left is resumed, and then undone, while others change the devices",
    { timeout },
    holds(Properties.resumedAmongOthers, Found.resumedAmongOthers)
  )
  it(
    "that another one has followed is undone behind that as if neither had been",
    { timeout },
    holds(Properties.stacked, Found.stacked)
  )
  it(
    "beside another one is undone, in either order, as far as that has changed nothing since",
    { timeout },
    holds(Properties.interleaved, Found.interleaved)
  )
  it("does what its plan says, or is stopped", { timeout }, holds(Properties.planned, Found.planned))
})
