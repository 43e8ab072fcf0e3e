import process from "node:process"
import * as Data from "effect/Data"
import type { Sent } from "./Sent.ts"
import { type Certificate, fingerprint } from "./tls/Certificate.ts"

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
  /** `proxy` is the proxy by which it was reached, if any: what answered may be that. */
  readonly proxy?: { readonly at: string }
}> {
  readonly sent: Sent = "no"
  override get message(): string {
    return `${this.targetName}: ${trustMessage(this)}${proxyMessage(this)}${certificateText(this.certificate, this.reason, this.pinned ?? [])}`
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

const proxyMessage = ({ proxy }: TrustRefused): string =>
  proxy === undefined
    ? ""
    : ` It was reached through the proxy ${proxy.at}, which may answer in the device's place, or look into TLS itself: then ask whoever runs it to lead this host and port through untouched.`

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
