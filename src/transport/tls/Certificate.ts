import { Buffer } from "node:buffer"
import { createHash, X509Certificate } from "node:crypto"
import * as Predicate from "effect/Predicate"
import * as Needed from "../../validation/Needed.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"

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

/** `fromDer` reads a certificate from its DER bytes. Throws `InvalidInput` for what is none. */
export const fromDer = (der: Uint8Array): Certificate => {
  // A copy: Deno's X509Certificate accepts only a real Buffer.
  const raw = Predicate.isUint8Array(der) ? Buffer.from(der) : Buffer.alloc(0)
  const parsed = parse(raw)
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

const parse = (der: Buffer): X509Certificate => {
  try {
    return new X509Certificate(der)
  } catch {
    throw refuseInput(
      "der",
      "these are no bytes of a certificate that can be read; give those of one, as DER has them."
    )
  }
}

/** `fingerprint` gives the fingerprint as consoles and browsers show it: `AB:CD:…`. */
export const fingerprint = (sha256: string): string => {
  Needed.text("sha256", sha256)
  return (sha256.toUpperCase().match(/../g) ?? []).join(":")
}

// A certificate is the device's word: a name in it may hold line breaks or terminal escapes.
const oneLine = (name: string): string => name.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ", ").slice(0, 200)
