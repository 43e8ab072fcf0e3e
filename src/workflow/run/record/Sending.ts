import * as Context from "effect/Context"

/**
 * `Sending` says what a fiber of a run may write: nothing; what a change has described; or, within
 * `Workflow.unplanned`, anything.
 */
export class Sending extends Context.Reference<Sending>()("sallyport/Workflow/Sending", {
  defaultValue: (): "nothing" | "described" | Unplanned => "nothing"
}) {}

/** `Unplanned` is what `Workflow.unplanned` lets through: each write is journaled by itself. */
export interface Unplanned {
  readonly key: string
  readonly reason: string
}
