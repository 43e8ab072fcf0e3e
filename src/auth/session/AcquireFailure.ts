import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import type { AuthError } from "../AuthError.ts"
import { brokenPlugin } from "./BrokenPlugin.ts"

/** `AcquireFailure` is an attempt to get a token that failed. */
export interface AcquireFailure {
  readonly error: AuthError
  /** `loginNext` says that the next attempt must be a login: the refresh token may be used up. */
  readonly loginNext: boolean
}

/** `fromCause` reads how an attempt failed: a plugin may break off where it should fail. */
export const fromCause = (cause: Cause.Cause<AcquireFailure>, targetName: string): AcquireFailure =>
  Option.getOrElse(Cause.failureOption(cause), () => broken(targetName))

/** `isLost` says whether the device may have restarted, and forgotten its sessions. */
export const isLost = (error: AuthError): boolean =>
  error._tag === "DeviceUnreachable" || (error._tag === "DeviceBusy" && error.status === 503)

/** `broken` is the failure of an attempt that a plugin broke off: nothing is known of its refresh token. */
export const broken = (targetName: string): AcquireFailure => ({
  error: brokenPlugin(targetName, "login or refresh", "broke off with a defect"),
  loginNext: true
})
