import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import type { InvalidInput } from "../validation/InvalidInput.ts"
import type { DeviceUnreachable } from "./DeviceUnreachable.ts"
import * as Redaction from "./redaction/Redaction.ts"
import type { Sent } from "./Sent.ts"
import type { TrustRefused } from "./TrustRefused.ts"

export { InvalidInput } from "../validation/InvalidInput.ts"
export { DeviceUnreachable } from "./DeviceUnreachable.ts"
export type { Sent } from "./Sent.ts"
export { type TrustReason, TrustRefused } from "./TrustRefused.ts"

/** `DeviceBusy` says that the device has no time now: 429, 503, or its own words for it. */
export class DeviceBusy extends Data.TaggedError("DeviceBusy")<{
  readonly targetName: string
  readonly operation: string
  readonly status: number
  /** `retryAfter` is how long the device asks to wait, where it says so. */
  readonly retryAfter: Duration.Duration | undefined
  readonly sent: Sent
  /** `messages` are the device's own words, masked and cut, where the answer has been read for them. */
  readonly messages?: ReadonlyArray<string>
  /** `isChange` says that it was a change, with which the device may have begun. It is never repeated. */
  readonly isChange?: boolean
}> {
  override get message(): string {
    const words = Redaction.joinMessages(this.messages ?? [])
    const wait =
      this.retryAfter === undefined || Duration.toMillis(this.retryAfter) === 0
        ? "Try again in a minute"
        : `It asks to wait ${Duration.format(this.retryAfter)}: come back after that`
    return `${this.targetName}: the device is busy (${this.operation} answered ${this.status}${words && `: ${words}`}). ${wait}, and check what else uses it.${this.isChange ? " The change may have been carried out all the same: read back before you send it again." : ""}`
  }
}

/** `ProtocolViolation` says that the device answered something that its protocol does not allow. */
export class ProtocolViolation extends Data.TaggedError("ProtocolViolation")<{
  readonly targetName: string
  readonly operation: string
  /** `detail` says what was wrong, without the device's bytes. */
  readonly detail: string
  /** `advice` says what to do next, where more is known than that something else may have answered. */
  readonly advice?: string | undefined
  /** `messages` are the device's own words, masked and cut, where the answer is an error in spite of its status. */
  readonly messages?: ReadonlyArray<string>
  /** `isChange` says that it answers a change, which may have been carried out. */
  readonly isChange?: boolean
}> {
  readonly sent: Sent = "maybe"
  override get message(): string {
    const words = Redaction.joinMessages(this.messages ?? [])
    const advice = Redaction.withoutFinalPunctuation(this.advice ?? violationAdvice(words))
    return `${this.targetName}: ${this.operation}: ${Redaction.withoutFinalPunctuation(this.detail)}${words && `: ${words}`}. ${advice}.${this.isChange ? " It may have been carried out all the same: read back before you send it again." : ""}`
  }
}

const violationAdvice = (words: string): string =>
  words === ""
    ? "If that is not to be expected of it, check that the device itself answers at this address, and no proxy or portal"
    : "That is the device's own word: mend what it complains of, or look at its state and logs"

/**
 * `DeviceRefused` says that the device understood and refused: a login, or a request whose answer went through
 * `filterStatusOk`. A script's own requests hand back a response of any status.
 */
export class DeviceRefused extends Data.TaggedError("DeviceRefused")<{
  readonly targetName: string
  readonly operation: string
  readonly status: number
  /** `messages` are the device's own words, masked and cut. */
  readonly messages: ReadonlyArray<string>
  /** `advice` says what to do next, where it is known. */
  readonly advice?: string
  /**
   * `isAbsent` says that what the request names is not there, as the backend tells it: by the status 404, or by a code
   * in the answer.
   */
  readonly isAbsent?: boolean
}> {
  readonly sent: Sent = "maybe"
  override get message(): string {
    const words = Redaction.joinMessages(this.messages ?? [])
    const advice = Redaction.withoutFinalPunctuation(this.advice ?? defaultAdvice(this.status))
    return `${this.targetName}: ${this.operation} was refused with status ${this.status}${words && `: ${words}`}. ${advice}.`
  }
}

const defaultAdvice = (status: number): string => {
  if (status === 401 || status === 403) return "Check what the account's role and its domain allow"
  if (status === 404) return "Check the path, the id and the domain: what is asked for is not there"
  if (status === 405) return "Check the method and the path: this version of the device has no such operation"
  if (status === 409 || status === 412) return "Read it again: someone else has changed it meanwhile"
  if (status >= 500) return "Look at the device's own state and logs before you repeat it"
  return "Mend what the device complains of before you send it again"
}

/**
 * `OutcomeUnknown` says that a request that changes something was sent, and its answer never came, or does not say what
 * became of it: it may or may not have happened.
 */
export class OutcomeUnknown extends Data.TaggedError("OutcomeUnknown")<{
  readonly targetName: string
  readonly operation: string
  /** `reason` says how the answer was lost, or what is the matter with it. */
  readonly reason: string
  /**
   * `readBack` is what reading back showed, where it was tried: `Absent`, no trace of it so far; `Unreadable`, the
   * device could not be asked.
   */
  readonly readBack?: "Absent" | "Unreadable"
  /** `proxy` is the proxy by which the device is reached, if any, where it may be what lost the answer. */
  readonly proxy?: { readonly at: string }
}> {
  readonly sent: Sent = "maybe"
  override get message(): string {
    const proxy =
      this.proxy === undefined
        ? ""
        : ` It went by the proxy ${this.proxy.at}, which may have lost the answer.`
    return `${this.targetName}: the outcome of ${this.operation} is unknown (${this.reason}): it may have been carried out. ${readBackMessages[this.readBack ?? "None"]}${proxy}`
  }
}

const readBackMessages = {
  None: "Read back before you repeat it.",
  Absent:
    "Reading back showed no trace of it; the device may still be at it. Look again before you repeat it.",
  Unreadable: "It could not be read back either. Look at the device before you repeat it."
}

/** `WireError` is what a bare exchange with a device can fail with. */
export type WireError = TrustRefused | DeviceUnreachable | ProtocolViolation | InvalidInput
