// A fleet that fails as a whole, and a run whose time is over.
import type { Mutant } from "./mutants.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "stops a fleet at its first failure, whatever it was told",
    file: "src/fleet/StopRule.ts",
    from: "stopAfter === undefined ? undefined : Math.max",
    to: "stopAfter === undefined ? 1 : Math.max",
    tests: ["fleet/Dispatch.test.ts: stops none of the others"]
  },
  {
    name: "takes a run whose time is over for one that is done",
    file: "src/workflow/run/RunTime.ts",
    from: "Effect.suspend(() => new RunTimedOut({ timeOut: Duration.decode(timeOut) }))",
    to: "Effect.succeed(undefined as never)",
    tests: [
      "workflow/run/timeOut.test.ts: has failed at a write",
      "fleet/run.test.ts: counts a run whose time is over as a failure"
    ]
  }
]
