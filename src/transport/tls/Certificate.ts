import { Buffer } from "node:buffer"
import { createHash, X509Certificate } from "node:crypto"

/** `Certificate` are the facts of a certificate that a device presented: all public, all safe to print. */
export interface Certificate {
  /** `sha256` is over the DER bytes, in lower-case hex without colons: what `Trust.pin` takes. */
  readonly sha256: string
  readonly pem: string
  readonly subject: string
  readonly issuer: string
  /** `validFrom` and `validTo` are its dates. */
  readonly validFrom: Date
  readonly validTo: Date
  /** `altNames` are the subject alternative names as the certificate lists them, such as `DNS:fmc.example`. */
  readonly altNames: ReadonlyArray<string>
  /** `selfIssued` says that subject and issuer are the same, as on an appliance that made its own certificate. */
  readonly selfIssued: boolean
}

/** `fromDer` reads a certificate from its DER bytes. */
export const fromDer = (der: Uint8Array): Certificate => {
  // A copy: Deno's X509Certificate accepts only a real Buffer.
  const raw = Buffer.from(der)
  const parsed = new X509Certificate(raw)
  return {
    sha256: createHash("sha256").update(raw).digest("hex"),
    pem: `-----BEGIN CERTIFICATE-----\n${raw
      .toString("base64")
      .replace(/(.{64})/g, "$1\n")
      .trimEnd()}\n-----END CERTIFICATE-----\n`,
    subject: oneLine(parsed.subject),
    issuer: oneLine(parsed.issuer),
    validFrom: new Date(parsed.validFrom),
    validTo: new Date(parsed.validTo),
    altNames: parsed.subjectAltName?.split(", ").map(oneLine) ?? [],
    selfIssued: parsed.subject === parsed.issuer
  }
}

/** `fingerprint` gives the fingerprint as consoles and browsers show it: `AB:CD:…`. */
export const fingerprint = (sha256: string): string => (sha256.toUpperCase().match(/../g) ?? []).join(":")

// A certificate is the device's word: a name in it may hold line breaks or terminal escapes.
const oneLine = (name: string): string => name.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ", ").slice(0, 200)
