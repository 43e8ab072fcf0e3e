import * as Effect from "effect/Effect"
import type { RunRefused } from "../../../auth/RunRefused.ts"
import type { Change, Description } from "../../../client/changes/Change.ts"
import type { Guard } from "../../guards/Guards.ts"
import type { PlanFollower } from "./PlanFollower.ts"

/** `Refusal` is why a run must not make a change. */
type Refusal = Pick<RunRefused, "why" | "reason">

/** `RunRules` say which changes a run may make. */
export interface RunRules {
  /** `before` is asked before each change is sent. */
  readonly before: (
    change: Description & Pick<Change<never>, "isIdle">,
    step: string
  ) => Effect.Effect<void, Refusal>
  /** `replayed` is told of each that a resumed run takes from its journal. */
  readonly replayed: (change: Description, step: string) => Effect.Effect<void>
  /** `passed` is told of each that has nothing to do as things are. */
  readonly passed: (change: Description, step: string) => void
  /** `made` is told of each that was made, and of the ids that its objects have. */
  readonly made: (change: Description, ids: ReadonlyArray<string | undefined>) => void
}

/** `none` let everything through. */
export const none: RunRules = {
  before: () => Effect.void,
  replayed: () => Effect.void,
  passed: () => {},
  made: () => {}
}

/** `make` are the plan of a run, where it has one, and its guards. */
export const make = (guard: Guard, follower: PlanFollower | undefined): RunRules => ({
  before: (change, step) =>
    Effect.suspend(() => {
      const refusal = follower?.take(change, step)
      // What does nothing as things are stands in no plan.
      if (refusal !== undefined && change.isIdle !== true) return Effect.fail(refusal)
      return Effect.mapError(
        guard.before(change),
        ({ message }): Refusal => ({ why: "GuardRefused", reason: message })
      )
    }),
  replayed: (change, step) =>
    Effect.suspend(() => {
      follower?.take(change, step)
      return guard.countReplayed(change)
    }),
  passed: (change, step) => follower?.passed(change, step),
  made: (change, ids) => follower?.made(change, ids)
})
