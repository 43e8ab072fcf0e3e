import * as Data from "effect/Data"
import type { Sent } from "../transport/DeviceError.ts"
import { messageOf, type RefusedRequest, unwrittenMessageOf } from "./RefusedRequest.ts"

/**
 * `RunRefused` says that a workflow's run did not send a change: no verb describes it, or the run is over, because of
 * what `why` names. Where `sent` is `maybe` the change was sent, and ended the run since what became of it could not be
 * written down. The run's report has the whole of it.
 */
export class RunRefused extends Data.TaggedError("RunRefused")<
  RefusedRequest & { readonly why: WhyRefused; readonly sent: Sent }
> {
  override get message(): string {
    return this.sent === "no" ? messageOf(this) : unwrittenMessageOf(this)
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
