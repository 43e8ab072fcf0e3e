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
import type { Case } from "../../support/crashes/Case.ts"
import { fmcCases } from "../../support/crashes/fmcCases.ts"
import * as Matrix from "../../support/crashes/matrix.ts"

const stopped: ReadonlyArray<readonly [string, Case]> = [
  ["an upsert whose later change is done", fmcCases.upsert],
  ["mappings that were added and taken off", fmcCases.mappings],
  ["an override that was set, changed and removed", fmcCases.overrides]
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
