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
  },
  {
    name: "says of a fleet's undo that all of it is taken back",
    file: "src/fleet/FleetUndo.ts",
    from: "Effect.provideService(InFleet, true)",
    to: "Effect.provideService(InFleet, false)",
    tests: ["fleet/afterwards.test.ts: that is interrupted ends with the device at hand"]
  },
  {
    name: "says of a fleet that all is taken back that it has changed",
    file: "src/fleet/DeviceWork.ts",
    from: "Effect.provideService(InFleet, true)",
    to: "Effect.provideService(InFleet, false)",
    tests: ["promises/fleets.test.ts: is ended by Ctrl-C, and what was changed is taken back first"]
  }
]
