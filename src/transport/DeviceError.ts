import process from "node:process"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Redaction from "./redaction/Redaction.ts"
import { type Certificate, fingerprint } from "./tls/Certificate.ts"

/**
 * `Sent` says whether the request reached the wire: `no` means that the device never saw it, `maybe` that it may have
 * been carried out.
 */
export type Sent = "no" | "maybe"

export type TrustReason =
  | "SelfSigned"
  | "UnknownCa"
  | "WrongHost"
  | "Expired"
  | "NotYetValid"
  | "PinMismatch"
  | "Handshake"
  | "ProtocolVersion"
  | "NotTls"

/**
 * `TrustRefused` says that the device's certificate, or its TLS, is not what the target trusts. The request was not
 * sent.
 */
export class TrustRefused extends Data.TaggedError("TrustRefused")<{
  readonly targetName: string
  readonly reason: TrustReason
  /** `certificate` is the one that the device presented, where it got as far as presenting one. */
  readonly certificate: Certificate | undefined
  /** `pinned` is what the target would have trusted, on a pin mismatch: SHA-256, hex. */
  readonly pinned?: ReadonlyArray<string>
  /** `minTlsVersion` is what the target asks for, where the device does not speak it. */
  readonly minTlsVersion?: "TLSv1.2" | "TLSv1.3"
}> {
  readonly sent: Sent = "no"
  override get message(): string {
    return `${this.targetName}: ${trustMessage(this)}${certificateText(this.certificate, this.reason, this.pinned ?? [])}`
  }
}

const trustMessage = ({ certificate, minTlsVersion, reason }: TrustRefused): string => {
  const isOutdated = reason === "Expired" || reason === "NotYetValid"
  if (reason === "ProtocolVersion" && minTlsVersion === "TLSv1.3")
    return "the device does not speak TLS 1.3, which the target's minTlsVersion asks for. Set it to TLSv1.2 if that is acceptable."
  if (isOutdated && certificate !== undefined && isInForce(certificate)) {
    return reason === "Expired"
      ? "an authority above the device's certificate has expired. Give the certificate by which it was renewed, or pin the device's own."
      : "an authority above the device's certificate is not valid yet. Check the clock of this machine, or pin the device's own certificate."
  }
  return `${trustMessages[reason]}${reason === "UnknownCa" && needsRoots ? " This Node.js needs that of the root above it too; one from 20.18 on does not." : ""}`
}

// Older ones take no authority for an anchor that is not a root.
const needsRoots = /^20\.(\d|1[0-7])\./.test(process.versions.node)

const isInForce = ({ validFrom, validTo }: Certificate): boolean =>
  validFrom.getTime() <= Date.now() && Date.now() <= validTo.getTime()

const trustMessages: Record<TrustReason, string> = {
  SelfSigned: "the device presents a self-signed certificate, and the target does not trust it.",
  UnknownCa:
    "the device's certificate is signed by an authority that the target does not trust. Give the certificate of the authority that issued it (Trust.ca, or in the environment a variable such as FMC_CA_FILE).",
  WrongHost:
    "the device's certificate is for another host name. Connect by a name that it lists, or set the target's serverName to one; where it lists none, renew it with a name on the device.",
  Expired: "the device's certificate has expired. Renew it on the device, or pin it.",
  NotYetValid:
    "the device's certificate is not valid yet. Check the clocks of the device and of this machine.",
  PinMismatch:
    "the device presents another certificate than the pinned one. Someone may be between you and the device, or its certificate was replaced.",
  Handshake:
    "the TLS handshake failed. The device may demand a client certificate, or offer nothing but outdated ciphers.",
  ProtocolVersion:
    "the device speaks no version of TLS from 1.2 on, and older ones are never used, since they protect no password. Update the device, or allow TLS 1.2 on it.",
  NotTls: "what answers at this port does not speak TLS. Check the port."
}

const certificateText = (
  certificate: Certificate | undefined,
  reason: TrustReason,
  pinned: ReadonlyArray<string>
): string => {
  if (certificate === undefined) return ""
  const shown = `\n  subject      ${certificate.subject}\n  issuer       ${certificate.issuer}\n  valid        ${dateOf(certificate.validFrom)} to ${dateOf(certificate.validTo)}\n  SHA-256      ${fingerprint(certificate.sha256)}`
  // No line to copy after a mismatch: the easy way out would be to trust the impostor.
  if (reason === "PinMismatch")
    return `${shown}${pinned.map((one) => `\n  pinned       ${fingerprint(one)}`).join("")}\nCompare it at the device's console first; do not change the pin before you know why it differs. If it was replaced on purpose, pin the new one beside the old or in its place.`
  if (reason === "Handshake") return shown
  if (reason === "WrongHost") return `${shown}\n  names        ${certificate.altNames.join(", ") || "none"}`
  return `${shown}\nTo trust this certificate, compare it at the device's console first, then: Trust.pin("${fingerprint(certificate.sha256)}"), or in the environment a variable such as FMC_PIN.`
}

const dateOf = (date: Date): string => (Number.isNaN(date.getTime()) ? "?" : date.toISOString().slice(0, 10))

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
  /**
   * `proxy` is the proxy that did not lead to the device, with the status of its refusal and the `schemes` in which it
   * takes an account, where Basic is none of them; or behind which TLS was not spoken to its end.
   */
  readonly proxy?: { readonly at: string; readonly status?: number; readonly schemes?: ReadonlyArray<string> }
  /**
   * `ignoredProxy` is the variable that names a proxy to other programs, where it is set and the target has no proxy.
   */
  readonly ignoredProxy?: string
}> {
  override get message(): string {
    if (this.proxy !== undefined)
      return `${this.targetName}: ${proxyMessage(this.proxy, this.phase, this.reason)}`
    const ignored =
      this.ignoredProxy === undefined
        ? ""
        : ` ${this.ignoredProxy} is set and was not obeyed: if the way leads through a proxy, give it by the target's option proxy, or in the environment by a variable such as FMC_PROXY.`
    const operation = this.operation === undefined ? "" : `${this.operation}: `
    return `${this.targetName}: ${operation}${unreachableMessage(this.phase, this.reason, this.sent)}${ignored}`
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

const unreachableMessage = (phase: DeviceUnreachable["phase"], reason: string, sent: Sent): string => {
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
    default: {
      const what =
        sent === "maybe"
          ? "The device may have carried out the request."
          : "The request that waited for it was not sent."
      const next =
        reason === "Timeout"
          ? "Ask for less at once, or give the target a longer responseTimeout, and run the step again."
          : "Look at the network and at the device's load, and run the step again."
      return `the connection was lost before the answer was complete (${reason}). ${what} ${next}`
    }
  }
}

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
  readonly advice?: string
}> {
  readonly sent: Sent = "maybe"
  override get message(): string {
    const advice =
      this.advice ??
      "If that is not to be expected of it, check that the device itself answers at this address, and no proxy or portal"
    return `${this.targetName}: ${this.operation}: ${Redaction.withoutFinalPunctuation(this.detail)}. ${Redaction.withoutFinalPunctuation(advice)}.`
  }
}

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
 * `OutcomeUnknown` says that a request that changes something was sent, and its answer never came: it may or may not
 * have happened.
 */
export class OutcomeUnknown extends Data.TaggedError("OutcomeUnknown")<{
  readonly targetName: string
  readonly operation: string
  /** `reason` says how the answer was lost. */
  readonly reason: string
  /**
   * `readBack` is what reading back showed, where it was tried: `Absent`, no trace of it so far; `Unreadable`, the
   * device could not be asked.
   */
  readonly readBack?: "Absent" | "Unreadable"
}> {
  readonly sent: Sent = "maybe"
  override get message(): string {
    return `${this.targetName}: no answer to ${this.operation} (${this.reason}): it may have been carried out. ${readBackMessages[this.readBack ?? "None"]}`
  }
}

const readBackMessages = {
  None: "Read back before you repeat it.",
  Absent:
    "Reading back showed no trace of it; the device may still be at it. Look again before you repeat it.",
  Unreadable: "It could not be read back either. Look at the device before you repeat it."
}

/** `InvalidInput` says that something that was given is out of bounds. Nothing was sent. */
export class InvalidInput extends Data.TaggedError("InvalidInput")<{
  /** `field` is the option, variable or argument, by its path. */
  readonly field: string
  /** `value` is what was given, unless it is a secret or missing. */
  readonly value?: string
  /** `message` is the field, and one whole sentence: what is wrong with it, and what to give instead. */
  readonly message: string
}> {
  readonly sent: Sent = "no"
}

/** `WireError` is what a bare exchange with a device can fail with. */
export type WireError = TrustRefused | DeviceUnreachable | ProtocolViolation | InvalidInput
