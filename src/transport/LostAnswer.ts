import { DeviceUnreachable } from "./DeviceError.ts"
import type { Flight } from "./Flight.ts"
import * as Proxy from "./Proxy.ts"
import type { Target } from "./Target.ts"

type Way = Pick<Target, "name" | "proxy">

/** `lostAnswer` is the failure of a request that was sent, and whose answer has not come as a whole. */
export const lostAnswer = (to: Way, reason: string): DeviceUnreachable =>
  new DeviceUnreachable({ targetName: to.name, phase: "Response", reason, sent: "maybe", ...Proxy.named(to) })

/**
 * `timedOut` is the failure of a login, refresh or logout whose time is over, by how far it came: one that still waited
 * for its turn, or for a connection, has not reached the device.
 */
export const timedOut = (to: Way, { stage }: Flight): DeviceUnreachable => {
  const reason = "Timeout"
  if (stage !== "Waiting" && stage !== "Leaving")
    return new DeviceUnreachable({ ...lostAnswer(to, reason), isChange: true })
  return stage === "Waiting"
    ? new DeviceUnreachable({ targetName: to.name, phase: "Turn", reason, sent: "no" })
    : new DeviceUnreachable({ targetName: to.name, phase: "Connect", reason, sent: "no", ...Proxy.named(to) })
}
