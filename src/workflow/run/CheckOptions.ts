import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as InputSchema from "../../validation/InputSchema.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { DurationConfig, TimerLength } from "../../validation/TimerLength.ts"
import { onDrift } from "../guards/AsPlanned.ts"
import { Plan } from "../plan/Plan.ts"

const { optional } = InputSchema

const duration = optional(DurationConfig, 'a duration such as "30 seconds", or milliseconds')
const undoing = {
  each: duration,
  all: duration,
  stop: optional(Schema.declare(Effect.isEffect), "an Effect that comes when the undo is to end")
}

const journaled = {
  folder: optional(Schema.NonEmptyString, "the path of a folder"),
  whenHeld: optional(Schema.Literal("refuse", "wait"), '"refuse" or "wait"'),
  onProgress: optional(Schema.declare(Predicate.isFunction), "a function that takes an event")
}

/** `runOptions` are those of a run. What its guards are given, they look at themselves. */
export const runOptions = Schema.Struct({
  ...journaled,
  plan: optional(Schema.typeSchema(Plan), "what Workflow.plan gives"),
  onDrift,
  onFailure: optional(Schema.Literal("undo", "leave"), '"undo" or "leave"'),
  timeOut: Schema.optional(TimerLength),
  undo: Schema.optional(Schema.Struct(undoing)),
  approve: Schema.optional(Schema.Unknown),
  limit: Schema.optional(Schema.Unknown),
  only: Schema.optional(Schema.Unknown),
  window: Schema.optional(Schema.Unknown)
})

/** `resumeOptions` are those of a run that is gone on with, and `undoOptions` those of an undo. */
export const resumeOptions = Schema.Struct({ ...runOptions.fields, input: Schema.optional(Schema.Unknown) })
export const undoOptions = Schema.Struct({ ...journaled, ...undoing })

/** `checkJournals` takes the options of what only reads journals. Fails with `InvalidInput`. */
export const checkJournals = (options: unknown): Effect.Effect<void, InvalidInput> =>
  InputSchema.check(undoOptions.pick("folder"), options, "what reads journals")

/** `checkPlan` takes the plan of this workflow. Fails with `InvalidInput` for another's. */
export const checkPlan = (plan: Plan | undefined, workflow: string): Effect.Effect<void, InvalidInput> => {
  if (plan === undefined || plan.workflow === workflow) return Effect.void
  return refuseInput(
    "plan",
    `it is that of the workflow ${JSON.stringify(plan.workflow)}; give one of ${JSON.stringify(workflow)}.`
  )
}
