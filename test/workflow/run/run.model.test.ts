// Random workflows on random devices, with all that goes wrong, in a time of their own: only their journals are real.
//
// States of a run: planned · going on · failed · interrupted · undoing · left as it is · resumed · undone later. Races: a
// request that is lost, reset, cut off, refused by a broken device or never answered, in the run and in its undo; somebody
// else who changes what the script touches, before the run, during it, and before its undo; Ctrl-C at any moment;
// changes side by side.
//
// Invariants: what a run that has failed leaves is what was there, or what its report says is left, and why · what
// somebody else has changed is not written over by an undo · a resumed run sends nothing twice, and ends as one that
// nothing has disturbed · a plan writes nothing · a run does what its plan says, or is stopped and undone · a journal can be read, and holds no secret · every session is
// logged out.
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import type * as Scope from "effect/Scope"
import { describe, it } from "vitest"
import { runInVirtualTime } from "../../support/virtualRun.ts"
import { VirtualTime } from "../../support/virtualTime.ts"
import * as Properties from "./model/properties.ts"
import { type Scenario, scenario } from "./model/scenario.ts"

// More of them: SALLYPORT_MODEL_RUNS=500. One once more: SALLYPORT_MODEL_SEED, as it was printed.
const { SALLYPORT_MODEL_RUNS: runs = "5", SALLYPORT_MODEL_SEED: seed } = process.env

const holds = (property: (given: Scenario) => Effect.Effect<unknown, unknown, Scope.Scope>) => () =>
  fc.assert(
    fc.asyncProperty(scenario, (given) =>
      runInVirtualTime(new VirtualTime(1, 0), Effect.asVoid(Effect.scoped(property(given))))
    ),
    { numRuns: Number(runs), endOnFailure: true, ...(seed !== undefined && { seed: Number(seed) }) }
  )

const timeout = 60_000 + 5_000 * Number(runs)

describe("a random run", () => {
  it(
    "that fails leaves what was there, or tells exactly what is not so",
    { timeout },
    holds(Properties.undone)
  )
  it("that was left is undone as if at once", { timeout }, holds(Properties.leftAndUndone))
  it("that was left is resumed as if nothing had been", { timeout }, holds(Properties.leftAndResumed))
  it("does what its plan says, or is stopped", { timeout }, holds(Properties.planned))
})
