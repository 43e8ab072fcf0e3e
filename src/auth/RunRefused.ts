import * as Data from "effect/Data"
import type { Sent } from "../transport/DeviceError.ts"

/**
 * `RunRefused` says that a workflow's run did not send a change: no verb describes it, or the run is over, because of
 * what `why` names. The run's report has the whole of it.
 */
export class RunRefused extends Data.TaggedError("RunRefused")<{
  readonly targetName: string
  /** `operation` is the verb and the path: `POST /api/…/hosts`. */
  readonly operation: string
  /** `step` is the step of the workflow that asked for it; empty outside of all steps. */
  readonly step: string
  readonly why: WhyRefused
  /** `reason` says it as a sentence. */
  readonly reason: string
}> {
  readonly sent: Sent = "no"
  override get message(): string {
    const step = this.step === "" ? "" : ` Step: ${JSON.stringify(this.step)}.`
    return `${this.targetName}: ${this.operation} was not sent: ${this.reason}${step}`
  }
}

/**
 * `WhyRefused` says why. `Undescribed`: no verb describes it. `PlanOutdated`: it is not what the plan says. `Drifted`:
 * somebody has changed the object since it was planned. `ResumeDiverged`: a resumed run asks for something else than
 * the run did. `OutcomeUnknown`: nobody can tell whether the run that was killed has done it. `GuardRefused`: a guard
 * forbids it. `JournalFailed`: it could not be written down. `RunOver`: the run has ended.
 */
export type WhyRefused =
  | "Undescribed"
  | "PlanOutdated"
  | "Drifted"
  | "ResumeDiverged"
  | "OutcomeUnknown"
  | "GuardRefused"
  | "JournalFailed"
  | "RunOver"
