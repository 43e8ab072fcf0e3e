import * as Data from "effect/Data"
import type { Sent } from "../../transport/DeviceError.ts"

/** `GuardRefused` says that a guard of a run has stopped it. What it was asked for was not sent. */
export class GuardRefused extends Data.TaggedError("GuardRefused")<{
  /** `guard` is the option that stopped it. */
  readonly guard: "limit" | "approve" | "window" | "only"
  /** `message` says why, and what to do. */
  readonly message: string
}> {
  readonly sent: Sent = "no"
}
