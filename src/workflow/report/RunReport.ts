import * as Schema from "effect/Schema"
import { changeFacts, Note } from "../plan/Plan.ts"
import { unchangedFacts } from "../plan/Unchanged.ts"

/** `Time` is a moment by the wall clock, as `Date` writes it: `2026-03-29T01:30:00.000Z`. */
export const Time = Schema.String.pipe(
  Schema.pattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  Schema.filter((text) => !Number.isNaN(Date.parse(text)) || "It is a moment that there is.", {
    arbitrary: () => (check) =>
      check
        .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
        .map((date) => date.toISOString())
  })
)

/** `RunError` is what went wrong, without secrets. */
export const RunError = Schema.Struct({
  /** `tag` is the error's tag, or else its name. */
  tag: Schema.String,
  /** `message` says what happened and what to do next; what stands behind it, each on a line of its own. */
  message: Schema.String,
  /** `advice` is the part of the message that says what to do next, where the error has it apart. */
  advice: Schema.optional(Schema.String),
  /** `at` is the line of the script that it is due to, where it is known. */
  at: Schema.optional(Schema.String)
})
export type RunError = typeof RunError.Type

/** `StepReport` is what became of a step. */
export const StepReport = Schema.Struct({
  /** `step` is its path: `rules / of HQ`. */
  step: Schema.String,
  /** `state` is `replayed` where a resumed run took its result from the journal. */
  state: Schema.Literal("done", "failed", "interrupted", "replayed"),
  startedAt: Time,
  /** `millis` is how long it took. */
  millis: Schema.NonNegative.pipe(Schema.finite())
})
export type StepReport = typeof StepReport.Type

/**
 * `ChangeState` is what became of a change when the run was over. `done`: the device has it. `failed`: the device
 * refused it, and has nothing of it. `undone`: it was taken back. `left`: the undo left it, wholly or in part.
 * `unknown`: nobody knows whether the device has it. `neverHappened`: its answer was lost, and it was found not to have
 * happened. `planned`: the plan has it, and the run was stopped before it was begun. `notReached`: the plan has it, and
 * the run did not come to it.
 */
export const ChangeState = Schema.Literal(
  "planned",
  "done",
  "failed",
  "undone",
  "left",
  "unknown",
  "neverHappened",
  "notReached"
)
export type ChangeState = typeof ChangeState.Type

/** `ChangeReport` is what became of one object. */
export const ChangeReport = Schema.Struct({
  ...changeFacts,
  state: ChangeState,
  /**
   * `why` says of what was not done or not undone why, of what was undone what is not as it was all the same, and what a
   * person has to do, as sentences.
   */
  why: Schema.optional(Schema.String),
  /** `newId` is the id of what its undo created anew: what refers to the old one stays broken. */
  newId: Schema.optional(Schema.String),
  /** `isReplayed` says that a resumed run took it from the journal, and sent nothing. */
  isReplayed: Schema.optional(Schema.Boolean),
  /**
   * `isUnasked` says that a resumed run had done it, and that its script came to its end without asking for it any more:
   * it is as it was left then, and an undo takes it back.
   */
  isUnasked: Schema.optional(Schema.Boolean)
})
export type ChangeReport = typeof ChangeReport.Type

/** `DeviceReport` is what a run asked of one device. */
export const DeviceReport = Schema.Struct({
  /** `part` is the part that it plays in the workflow. */
  part: Schema.String,
  name: Schema.String,
  origin: Schema.String,
  /**
   * `requests` counts what was sent to it, and `writes` those of them that change something. They are left out of a
   * report that is made by a journal, which does not tell, and of a run of which nothing was begun.
   */
  requests: Schema.optional(Schema.NonNegativeInt),
  writes: Schema.optional(Schema.NonNegativeInt)
})
export type DeviceReport = typeof DeviceReport.Type

/**
 * `UndoReport` is what became of an undo. `done`: nothing that the run changed is left. `incomplete`: it went through
 * all, and something is left. `stopped`: it ended before it was through, and can be gone on with. `left` counts the
 * objects that are not as they were.
 */
export const UndoReport = Schema.Struct({
  state: Schema.Literal("done", "incomplete", "stopped"),
  left: Schema.NonNegativeInt
})
export type UndoReport = typeof UndoReport.Type

/**
 * `RunReport` is what a run, a resumed one or an undo came to: a value, which can be kept as JSON by this Schema. Secrets
 * in it are masked.
 */
export const RunReport = Schema.Struct({
  version: Schema.Literal(1),
  /** `run` is the run's id, by which it is resumed and undone. */
  run: Schema.String,
  workflow: Schema.String,
  /**
   * `outcome` is `refused` where a rule of the run stopped it: a guard, a plan that is outdated, an object that has
   * changed since, or the script of a resumed run that goes another way than before.
   */
  outcome: Schema.Literal("done", "failed", "interrupted", "refused"),
  /** `errors` are why it is not done; of several at the same time each. */
  errors: Schema.Array(RunError),
  steps: Schema.Array(StepReport),
  /** `changes` are in the order of their sending. */
  changes: Schema.Array(ChangeReport),
  ...unchangedFacts,
  notes: Schema.Array(Note),
  /** `undo` is left out where there was none. */
  undo: Schema.optional(UndoReport),
  devices: Schema.Array(DeviceReport),
  startedAt: Time,
  endedAt: Time,
  /** `journal` is the path of its journal. It is left out where the run ended before it had one. */
  journal: Schema.optional(Schema.String)
})
export type RunReport = typeof RunReport.Type
