import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { blameCaller } from "../../validation/BlameCaller.ts"
import * as InputSchema from "../../validation/InputSchema.ts"
import type { Plan } from "../plan/Plan.ts"
import { differenceOf } from "../plan/PlanDifference.ts"
import * as PlanWords from "../plan/PlanWords.ts"
import { GuardRefused } from "./GuardRefused.ts"

/** `AsPlannedOptions` say what may be another than in the plan. */
export interface AsPlannedOptions {
  /** `onDrift` is that of the run: with `write`, what there was before may be another. @default `stop` */
  readonly onDrift?: "stop" | "write" | undefined
}

/**
 * `asPlanned` approves the plan of a run that shows the same as one that was kept, which somebody has seen: else nothing
 * is written, and `GuardRefused` shows what is another by now. One that changes nothing any more is approved, too: all is
 * as wanted. Throws `InvalidInput` for what is no plan, and for another option.
 *
 * @example
 * const plan = yield* Schema.decode(Schema.parseJson(Workflow.Plan))(yield* fs.readFileString("plan.json"))
 * yield* Workflow.run(importHosts, { fmc: "FMC" }, input, { approve: Workflow.asPlanned(plan) })
 */
export const asPlanned = blameCaller((kept: Plan, options: AsPlannedOptions = {}) => {
  InputSchema.checkSync(asPlannedOptions, options, "asPlanned")
  const { onDrift = "stop" } = options
  PlanWords.namesOf(kept)
  return (made: Plan): Effect.Effect<true, GuardRefused> => {
    if (made.complete && made.changes.length === 0) return Effect.succeed(true)
    const seen = onDrift === "write" ? withoutBefore : (plan: Plan) => plan
    const differences =
      kept.workflow === made.workflow
        ? differenceOf(seen(kept), seen(made))
        : [`It was of the workflow ${kept.workflow} then, and is of ${made.workflow} now.`]
    if (differences.length === 0) return Effect.succeed(true)
    const few = differences.slice(0, maxShown)
    const more = differences.length - few.length
    const lines = [
      "The plan is another one by now than the one that it is held to, and nothing was written.",
      ...few.map((line) => `  ${line}`),
      ...(more > 0 ? [`  And ${more} more.`] : []),
      "Look what has changed, make the plan anew, and hold the run to that one."
    ]
    return Effect.fail(new GuardRefused({ guard: "approve", message: lines.join("\n") }))
  }
})

/** `onDrift` is how this option is given. */
export const onDrift = InputSchema.optional(Schema.Literal("stop", "write"), '"stop" or "write"')

const asPlannedOptions = Schema.Struct({ onDrift })

// Enough to see what has happened.
const maxShown = 10

/** `withoutBefore` leaves out what there was before. */
export const withoutBefore = (plan: Plan): Plan => ({
  ...plan,
  changes: plan.changes.map((change) => ({
    ...change,
    fields: change.fields.map(({ before: _before, ...field }) => field)
  }))
})
