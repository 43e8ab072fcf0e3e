import * as Schema from "effect/Schema"
import type { Description, Undo } from "../../client/changes/Change.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"

/** `JournaledChange` is what a journal knows of one change of a run: of one request, or of one verb for many objects. */
export interface JournaledChange extends Description {
  /** `number` counts the changes of a run in the order of their sending, from 1. */
  readonly number: number
  readonly step: string
  /** `shown` are the reads that had shown its objects. @default none had */
  readonly shown?: ReadonlyArray<Showing> | undefined
  /** `outcome` is what became of it; `undefined` where the run ended before that was known. */
  readonly outcome: ChangeOutcome | undefined
  /** `undo` is how it is taken back, as far as is known: by name before its answer, by id after it. */
  readonly undo: Undo
  /** `takenBack` are the requests of its undo of which something is known, by their place in `undo`. */
  readonly takenBack: ReadonlyMap<number, TakenBack | "begun">
}

/**
 * `ChangeOutcome` is what became of a change: the device has done it, has refused it, its answer was lost, or it was
 * found not to have happened.
 */
export const ChangeOutcome = Schema.Literal("done", "refused", "unknown", "absent")
export type ChangeOutcome = typeof ChangeOutcome.Type

/** `TakenBack` is what became of one request of an undo. */
export const TakenBack = Schema.Struct({
  /**
   * `how` is what: it was undone; there was nothing to undo, since it never happened or somebody has done it; it went with
   * what it lay below; somebody has changed it since, so that it was left; it cannot be undone; the undo failed; or nobody
   * knows.
   */
  how: Schema.Literal(
    "undone",
    "neverHappened",
    "goneAlready",
    "goneWithParent",
    "changedSince",
    "cannot",
    "failed",
    "unknown"
  ),
  /** `newId` is the id of what was created anew. */
  newId: Schema.optional(Schema.String),
  /** `why` is why it is not undone, and what a person has to do, as sentences. */
  why: Schema.optional(Schema.String)
})
export type TakenBack = typeof TakenBack.Type

/** `Showing` is a read that has shown a script objects before it changed them. */
export const Showing = Schema.Struct({
  /** `selection` is what it had asked for beside the list itself, as JSON; empty where that was nothing. */
  selection: Schema.String,
  /** `behind` says of each behind which one it was shown, by their ids; empty where it was the first. */
  behind: Schema.Record({ key: Schema.String, value: Schema.String })
})
export type Showing = typeof Showing.Type

/** `Present` is an object as a device has it now. */
export type Present = Fields & { readonly id: string }
