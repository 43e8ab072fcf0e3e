import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import { ProtocolViolation } from "../../transport/DeviceError.ts"
import type { AuthError } from "../AuthError.ts"

/** `AcquireFailure` is an attempt to get a token that failed. */
export interface AcquireFailure {
  readonly error: AuthError
  /** `loginNext` says that the next attempt must be a login: the refresh token may be used up. */
  readonly loginNext: boolean
}

/** `fromCause` reads how an attempt failed: a plugin may break off where it should fail. */
export const fromCause = (cause: Cause.Cause<AcquireFailure>, targetName: string): AcquireFailure =>
  Option.getOrElse(Cause.failureOption(cause), () => brokenPlugin(targetName))

/** `isLost` says whether the device may have restarted, and forgotten its sessions. */
export const isLost = (error: AuthError): boolean =>
  error._tag === "DeviceUnreachable" || (error._tag === "DeviceBusy" && error.status === 503)

/** `brokenPlugin` is the failure of an attempt that a plugin broke off: nothing is known of its refresh token. */
export const brokenPlugin = (targetName: string): AcquireFailure => {
  const detail = "the plugin broke off with a defect"
  const advice = "This is a fault of the plugin: tell who wrote it"
  const operation = "login or refresh"
  return { error: new ProtocolViolation({ targetName, operation, detail, advice }), loginNext: true }
}
