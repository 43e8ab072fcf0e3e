import * as Schema from "effect/Schema"
import { digestOf } from "../Digest.ts"
import { FieldDiff } from "./FieldDiff.ts"
import { unchangedFacts } from "./Unchanged.ts"

/** `changeFacts` say which object a change is about, and what becomes of it: in a plan, and in a report. */
export const changeFacts = {
  /** `device` is the name of its target. */
  device: Schema.String,
  /** `step` is the step of the workflow; empty outside of all steps. */
  step: Schema.String,
  /** `action` is `create`, `update`, `remove`, or a plugin's own word, such as `deploy`. */
  action: Schema.String,
  /** `kind` is what it is, such as `Host`. */
  kind: Schema.String,
  /** `path` is the list that it is in, from the device's root. */
  path: Schema.String,
  name: Schema.optional(Schema.String),
  /** `id` is its id, as far as it is known; in a plan that of one that is created stands for what the device will give. */
  id: Schema.optional(Schema.String),
  fields: Schema.Array(FieldDiff),
  /** `place` is where in a list with an order it is put, in the device's own words, such as `section: mandatory`. */
  place: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String }))
}

/** `PlannedChange` is one object that a run would change. */
export const PlannedChange = Schema.Struct({
  ...changeFacts,
  /**
   * `undo` says whether a run could take it back: `yes`, `newId` where that gives the object another id, so that what
   * refers to the old one stays broken, or why it cannot.
   */
  undo: Schema.Union(Schema.Literal("yes", "newId"), Schema.Struct({ cannot: Schema.String })),
  /** `undoLoses` is what an undo would not give back, as the end of a sentence: `its place in the list`. */
  undoLoses: Schema.optional(Schema.String)
})
export type PlannedChange = typeof PlannedChange.Type

/** `PlanEnd` is where a plan cannot see further. */
export const PlanEnd = Schema.Struct({
  device: Schema.String,
  step: Schema.String,
  /** `operation` is the request that was not sent. */
  operation: Schema.String,
  reason: Schema.String
})
export type PlanEnd = typeof PlanEnd.Type

/** `Note` is what the workflow says by `Workflow.note`. */
export const Note = Schema.Struct({ step: Schema.String, text: Schema.String })
export type Note = typeof Note.Type

/**
 * `Plan` is what a workflow would do to its devices: a value, which can be kept as JSON by this Schema. Secrets in it
 * are masked.
 */
export const Plan = Schema.Struct({
  version: Schema.Literal(1),
  workflow: Schema.String,
  /** `changes` are in the order in which the workflow makes them. */
  changes: Schema.Array(PlannedChange),
  ...unchangedFacts,
  notes: Schema.Array(Note),
  /** `complete` is false where the plan ends before the workflow does: what comes then, nobody knows. */
  complete: Schema.Boolean,
  end: Schema.optional(PlanEnd),
  /**
   * `hash` is the same for plans that would do the same. Of a field that is masked it knows that it is written, and not
   * what: whoever has the plan could try short secrets until its hash comes out.
   */
  hash: Schema.String
})
export type Plan = typeof Plan.Type

/** `make` gives a plan with its hash. */
export const make = (plan: Omit<Plan, "version" | "hash">): Plan => ({
  version: 1,
  ...plan,
  hash: digestOf([plan.workflow, plan.complete, ...plan.changes.map(effectOf)])
})

/** `effectOf` is what a change comes to, whatever was there before. */
export const effectOf = ({
  action,
  device,
  fields,
  id,
  name,
  path,
  place
}: Omit<PlannedChange, "undo" | "undoLoses">): ReadonlyArray<unknown> => [
  device,
  action,
  path,
  name ?? null,
  id ?? null,
  fields.map(({ added, after, field, removed }) => [field, after ?? null, added ?? null, removed ?? null]),
  ...(place === undefined ? [] : [place])
]
