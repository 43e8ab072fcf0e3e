import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import type * as Scope from "effect/Scope"
import { runInVirtualTime } from "../../../support/virtualRun.ts"
import { VirtualTime } from "../../../support/virtualTime.ts"
import { type Scenario, scenario } from "./scenario.ts"

/** That a property holds of each random run, which has a time of its own. */
export const held = (property: (given: Scenario) => Effect.Effect<unknown, unknown, Scope.Scope>) =>
  fc.asyncProperty(scenario, (given) =>
    runInVirtualTime(new VirtualTime(1, 0), Effect.asVoid(Effect.scoped(property(given))))
  )
