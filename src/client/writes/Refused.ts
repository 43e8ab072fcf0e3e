import * as Predicate from "effect/Predicate"

/** `hasRefused` says that a device has certainly not done what it was asked for. */
export const hasRefused = (error: unknown): boolean => {
  if (!Predicate.hasProperty(error, "_tag")) return false
  if (error._tag === "DeviceRefused")
    return Predicate.hasProperty(error, "status") && Number(error.status) < 500
  return Predicate.hasProperty(error, "sent") && error.sent === "no"
}
