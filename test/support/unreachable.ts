import { DeviceUnreachable } from "sallyport"

/** Nobody answers at a device, and the request was not sent. */
export const unreachable = (targetName: string): DeviceUnreachable =>
  new DeviceUnreachable({ targetName, phase: "Connect", reason: "ECONNREFUSED", sent: "no" })
