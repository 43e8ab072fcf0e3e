import { DeviceUnreachable } from "./DeviceError.ts"

/** `lostAnswer` is the failure of a request that was sent, and whose answer has not come as a whole. */
export const lostAnswer = (targetName: string, reason: string): DeviceUnreachable =>
  new DeviceUnreachable({ targetName, phase: "Response", reason, sent: "maybe" })
