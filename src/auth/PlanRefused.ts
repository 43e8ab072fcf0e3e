import * as Data from "effect/Data"
import type { Sent } from "../transport/DeviceError.ts"

/**
 * `PlanRefused` says that a request was not sent, because a plan is being made: it would write and no change describes
 * it, or it asks for what is only planned so far.
 */
export class PlanRefused extends Data.TaggedError("PlanRefused")<{
  readonly targetName: string
  /** `operation` is the verb and the path: `POST /api/…/hosts`. */
  readonly operation: string
  /** `step` is the step of the workflow that asked for it; empty outside of all steps. */
  readonly step: string
  /** `reason` says why a plan cannot have it, as a sentence. */
  readonly reason: string
}> {
  readonly sent: Sent = "no"
  override get message(): string {
    const step = this.step === "" ? "" : ` Step: ${JSON.stringify(this.step)}.`
    return `${this.targetName}: ${this.operation} was not sent: ${this.reason}${step}`
  }
}
