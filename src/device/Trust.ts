import { X509Certificate } from "node:crypto"
import { InvalidInput } from "./DeviceError.ts"

/** Which certificate a target may present. */
export type Trust =
  | { readonly _tag: "System" }
  | { readonly _tag: "Ca"; readonly pem: ReadonlyArray<string> }
  | { readonly _tag: "Pin"; readonly sha256: ReadonlyArray<string> }
  | { readonly _tag: "Insecure" }

/** What the runtime trusts by itself: right for a device with a certificate of a public or installed CA. */
export const system: Trust = { _tag: "System" }

/**
 * No check at all: anyone on the path can read the password. Sessions warn about it once. `Trust.pin` is as
 * easy and safe.
 */
export const insecure: Trust = { _tag: "Insecure" }

/**
 * Trusts certificates signed by these authorities, or this very certificate; dates and host name are checked.
 *
 * Throws `InvalidInput` when the text holds no certificate that can be read.
 */
export const ca = (pem: string): Trust => {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  // Node silently ignores a CA that it cannot read, so each is read here first.
  const readable = blocks.every((block) => {
    try {
      return Boolean(new X509Certificate(block))
    } catch {
      return false
    }
  })
  if (blocks.length === 0 || !readable) {
    throw new InvalidInput({
      field: "Trust.ca",
      bound: "PEM text with at least one readable BEGIN CERTIFICATE block"
    })
  }
  return { _tag: "Ca", pem: blocks }
}

/**
 * Trusts exactly the certificates with these SHA-256 fingerprints, whatever their names and dates say. Colons,
 * white space, case, and the words that openssl prints before a fingerprint do not matter.
 *
 * Throws `InvalidInput` when there is none, or when one is not a SHA-256.
 */
export const pin = (...sha256: ReadonlyArray<string>): Trust => {
  if (sha256.length === 0)
    throw new InvalidInput({ field: "Trust.pin", bound: "at least one SHA-256 fingerprint" })
  return {
    _tag: "Pin",
    sha256: sha256.map((given) => {
      const hex = given
        .replace(/^\s*sha-?256(\s*fingerprint)?\s*[=:]/i, "")
        .replace(/[\s:]/g, "")
        .toLowerCase()
      if (!/^[0-9a-f]{64}$/.test(hex)) {
        throw new InvalidInput({
          field: "Trust.pin",
          value: given,
          bound: "a SHA-256 fingerprint: 64 hex digits, with or without colons"
        })
      }
      return hex
    })
  }
}
