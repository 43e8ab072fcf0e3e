// A fleet that fails as a whole.
import type { Mutant } from "./mutants.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "stops a fleet at its first failure, whatever it was told",
    file: "src/fleet/StopRule.ts",
    from: "stopAfter === undefined ? undefined : Math.max",
    to: "stopAfter === undefined ? 1 : Math.max",
    tests: ["fleet/Dispatch.test.ts: stops none of the others"]
  }
]
