import * as Data from "effect/Data"
import type { Sent } from "./Sent.ts"

/** `DeviceUnreachable` says that there was no connection, or one that was lost before the answer was there. */
export class DeviceUnreachable extends Data.TaggedError("DeviceUnreachable")<{
  readonly targetName: string
  /** `phase` is how far it came; `Turn`, that it waited for others of this process, within what the device allows. */
  readonly phase: "Turn" | "Resolve" | "Connect" | "Handshake" | "Response"
  /** `reason` is a system's code such as `ECONNREFUSED`, or `Timeout`; of a proxy also `Refused` and `NotHttp`. */
  readonly reason: string
  readonly sent: Sent
  /** `operation` is what was asked for, where it came so far. */
  readonly operation?: string | undefined
  /** `isChange` says that it was sent, and was none that only reads: the device may have carried it out. */
  readonly isChange?: boolean
  /**
   * `proxy` is the proxy that did not lead to the device, with the status of its refusal and the `schemes` in which it
   * takes an account, where Basic is none of them; or behind which TLS was not spoken to its end, or an answer was lost.
   */
  readonly proxy?: { readonly at: string; readonly status?: number; readonly schemes?: ReadonlyArray<string> }
  /**
   * `ignoredProxy` is the variable that names a proxy to other programs, where it is set and the target has no proxy.
   */
  readonly ignoredProxy?: string
}> {
  override get message(): string {
    const { proxy } = this
    if (proxy !== undefined && this.phase !== "Response")
      return `${this.targetName}: ${proxyMessage(proxy, this.phase, this.reason)}`
    const way = proxy === undefined ? "" : ` It went by the proxy ${proxy.at}, which may be at fault too.`
    const ignored =
      this.ignoredProxy === undefined
        ? ""
        : ` ${this.ignoredProxy} is set and was not obeyed: if the way leads through a proxy, give it by the target's option proxy, or in the environment by a variable such as FMC_PROXY.`
    const operation = this.operation === undefined ? "" : `${this.operation}: `
    return `${this.targetName}: ${operation}${unreachableMessage(this)}${way}${ignored}`
  }
}

const proxyMessage = (
  { at, schemes, status }: NonNullable<DeviceUnreachable["proxy"]>,
  phase: DeviceUnreachable["phase"],
  reason: string
): string => {
  if (reason === "EPERM" || reason === "NotCapable")
    return `this process may not open a connection to the proxy ${at}. With Deno: --allow-net=${at}.`
  if (phase === "Handshake")
    return `the proxy ${at} let the connection through, but the TLS handshake behind it did not end (${reason}). It may not reach the device, or look into TLS itself: ask whoever runs it, and look at the device's load.`
  if (phase === "Resolve")
    return `the name of the proxy ${at} cannot be resolved (${reason}). Check its spelling and the DNS of this machine.`
  if (schemes !== undefined)
    return `the proxy ${at} takes an account by ${schemes.join(" or ")} alone (407), and Sallyport knows Basic only. Go through a proxy on this machine that logs in so, or make the connection by the target's option connect.`
  if (status === 407)
    return `the proxy ${at} wants an account, or refuses the one that it was given (407). Give it in the proxy's URL: http://user:password@${at}.`
  if (status === 502 || status === 503 || status === 504)
    return `the proxy ${at} could not reach the device (${status}). Check the device's name and port, and what lies between the proxy and the device.`
  if (status !== undefined)
    return `the proxy ${at} refuses to lead to the device (${status}). Ask whoever runs it to allow CONNECT to this host and port.`
  if (reason === "NotHttp")
    return `what answers at ${at} is no HTTP proxy. Check the proxy's address and port.`
  if (reason === "Timeout")
    return `the proxy ${at} did not lead to the device in time (Timeout). Check the proxy, the device's address, and what lies between them.`
  return `no connection to the proxy ${at} (${reason}). Check its address and port, and the network between here and it.`
}

const unreachableMessage = ({ isChange = false, phase, reason, sent }: DeviceUnreachable): string => {
  if (reason === "EPERM" || reason === "NotCapable")
    return "this process may not open network connections. With Deno: --allow-net=HOST:PORT."
  if (reason === "Closed")
    return "its connections were closed along with the scope that opened them. Keep what uses it inside that scope."
  switch (phase) {
    case "Turn":
      return "it was not sent, since it had no turn within the target's requestsPerMinute and maxConnections. Open fewer sessions on this device at once, or raise these if it allows more, and run the step again."
    case "Resolve":
      return `the host name cannot be resolved (${reason}). Check its spelling and the DNS of this machine.`
    case "Connect":
      return `no connection (${reason}). Check the address, the port, and the firewalls and VPN between here and the device.`
    case "Handshake":
      return `the connection was made, but the TLS handshake did not end (${reason}). The device may be overloaded, or something between closes TLS. Look at the device's load, and at proxies and inspection on the way.`
    default:
      return lostMessage(reason, sent, isChange)
  }
}

/** `lostMessage` is for an answer that did not come as a whole. That a read may have been carried out is no matter. */
const lostMessage = (reason: string, sent: Sent, isChange: boolean): string => {
  const isLate = reason === "Timeout"
  const what = isLate
    ? "the answer was not complete in time"
    : "the connection was lost before the answer was complete"
  const outcome =
    sent === "no"
      ? " The request that waited for it was not sent."
      : isChange
        ? " The device may have carried out the request."
        : ""
  const next =
    sent === "no" || !isLate
      ? "Look at the network and at the device's load"
      : `${isChange ? "Look at the device's load" : "Ask for less at once"}, or give the target a longer responseTimeout`
  return `${what} (${reason}).${outcome} ${next}, and run the step again.`
}
