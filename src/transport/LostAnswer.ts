import { DeviceUnreachable } from "./DeviceError.ts"
import type { Flight } from "./Flight.ts"

/** `lostAnswer` is the failure of a request that was sent, and whose answer has not come as a whole. */
export const lostAnswer = (targetName: string, reason: string): DeviceUnreachable =>
  new DeviceUnreachable({ targetName, phase: "Response", reason, sent: "maybe" })

/**
 * `timedOut` is the failure of an exchange whose time is over, by how far it came: one that still waited for its turn, or
 * for a connection, has not reached the device.
 */
export const timedOut = (targetName: string, { stage }: Flight): DeviceUnreachable => {
  const reason = "Timeout"
  if (stage !== "Waiting" && stage !== "Leaving") return lostAnswer(targetName, reason)
  const phase = stage === "Waiting" ? "Turn" : "Connect"
  return new DeviceUnreachable({ targetName, phase, reason, sent: "no" })
}
