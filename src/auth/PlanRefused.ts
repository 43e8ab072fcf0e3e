import * as Data from "effect/Data"
import type { Sent } from "../transport/DeviceError.ts"
import { messageOf, type RefusedRequest } from "./RefusedRequest.ts"

/**
 * `PlanRefused` says that a request was not sent, because a plan is being made: it would write and no change describes
 * it, or it asks for what is only planned so far.
 */
export class PlanRefused extends Data.TaggedError("PlanRefused")<RefusedRequest> {
  readonly sent: Sent = "no"
  override get message(): string {
    return messageOf(this)
  }
}
