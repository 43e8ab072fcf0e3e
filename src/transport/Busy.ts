import type * as Duration from "effect/Duration"
import { DeviceBusy } from "./DeviceError.ts"

/** `isStatus` says whether a status says by itself that the device has no time now. */
export const isStatus = (status: number): boolean => status === 429 || status === 503

/** `toError` is the failure by an answer that says so. A 429, as any 4xx, is said before anything is done. */
export const toError = (answer: {
  readonly targetName: string
  readonly operation: string
  readonly status: number
  readonly retryAfter: Duration.Duration | undefined
  readonly messages?: ReadonlyArray<string>
  /** `isChange` says that the request would change something. */
  readonly isChange?: boolean
}): DeviceBusy => {
  const { isChange = false, ...facts } = answer
  return answer.status < 500
    ? new DeviceBusy({ ...facts, sent: "no" })
    : new DeviceBusy({ ...facts, sent: "maybe", ...(isChange && { isChange }) })
}
