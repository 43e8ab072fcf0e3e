import { X509Certificate } from "node:crypto"
import * as Predicate from "effect/Predicate"
import { blameCaller } from "../../validation/BlameCaller.ts"
import * as Needed from "../../validation/Needed.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"

/** `TrustPolicy` says which certificate a target may present. */
export type TrustPolicy =
  | { readonly _tag: "System" }
  | { readonly _tag: "Ca"; readonly pem: ReadonlyArray<string> }
  | { readonly _tag: "Pin"; readonly sha256: ReadonlyArray<string> }
  | { readonly _tag: "Insecure" }

/** `isTrust` says whether a value is one that this module made, whatever the types say of it. */
export const isTrust = (given: unknown): given is TrustPolicy =>
  Predicate.hasProperty(given, "_tag") &&
  (given._tag === "System" ||
    given._tag === "Insecure" ||
    (given._tag === "Ca" && Predicate.hasProperty(given, "pem") && Array.isArray(given.pem)) ||
    (given._tag === "Pin" && Predicate.hasProperty(given, "sha256") && Array.isArray(given.sha256)))

/** `system` is what the runtime trusts by itself: right for a device with a certificate of a public or installed CA. */
export const system: TrustPolicy = { _tag: "System" }

/**
 * `insecure` is no check at all: anyone on the path can read the password. Sessions warn about it once. `Trust.pin` is
 * as easy and safe.
 */
export const insecure: TrustPolicy = { _tag: "Insecure" }

/**
 * `ca` trusts certificates signed by these authorities, roots or not, or this very certificate; dates and host name are
 * checked. A certificate that is no authority stands for itself alone. (A Node before 20.18 needs the root.)
 *
 * Throws `InvalidInput` when the text holds no certificate that can be read.
 *
 * @example
 * Target.make({ url: "https://fmc.example", trust: Trust.ca(readFileSync("ca.pem", "utf8")) })
 */
export const ca = blameCaller((pem: string): TrustPolicy => authority("Trust.ca", pem))

/** `authority` does the same for a text that was given at `field`. */
export const authority = (field: string, pem: string): TrustPolicy => {
  const blocks = String(pem).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  const text = blocks.join("\n")
  const before = known.get(text)?.deref()
  if (before !== undefined) return before
  // Node silently ignores a CA that it cannot read, so each is read here first.
  const readable = blocks.every((block) => {
    try {
      return Boolean(new X509Certificate(block))
    } catch {
      return false
    }
  })
  if (blocks.length === 0 || !readable) {
    throw refuseInput(
      field,
      "this is no PEM text of certificates that can be read; give the whole text of the file, with a BEGIN CERTIFICATE line for each."
    )
  }
  const policy: TrustPolicy = Object.freeze({ _tag: "Ca", pem: Object.freeze(blocks) })
  known.set(text, new WeakRef(policy))
  forgetting.register(policy, text)
  return policy
}

/**
 * `known` are the policies of the texts that were read, for as long as anyone has them: the devices of a fleet have one
 * authority, and its text is given for each of them.
 */
const known = new Map<string, WeakRef<TrustPolicy>>()
const forgetting = new FinalizationRegistry((text: string) => {
  if (known.get(text)?.deref() === undefined) known.delete(text)
})

/**
 * `pin` trusts exactly the certificates with these SHA-256 fingerprints, whatever their names and dates say. Colons,
 * white space, case, and the words that openssl prints before a fingerprint do not matter.
 *
 * Throws `InvalidInput` when there is none, or when one is not a SHA-256.
 *
 * @example
 * Target.make({ url: "https://fmc.example", trust: Trust.pin("AB:CD:…") })
 */
export const pin = blameCaller(
  (...sha256: ReadonlyArray<string>): TrustPolicy => fingerprints("Trust.pin", sha256)
)

/**
 * `fingerprints` does the same for fingerprints that were given at `field`. No error shows them: a slip may have put a
 * password there.
 */
export const fingerprints = (field: string, sha256: ReadonlyArray<string>): TrustPolicy => {
  Needed.list(field, sha256)
  if (sha256.length === 0) {
    throw refuseInput(
      field,
      "there is no fingerprint; give at least one SHA-256 fingerprint of a certificate."
    )
  }
  return {
    _tag: "Pin",
    sha256: sha256.map((given) => {
      const hex = String(given)
        .replace(/^\s*sha-?256(\s*fingerprint)?\s*[=:]/i, "")
        .replace(/[\s:]/g, "")
        .toLowerCase()
      if (!/^[0-9a-f]{64}$/.test(hex)) {
        throw refuseInput(
          field,
          `${digitCountText(hex)} no SHA-256 fingerprint; give its 64 hex digits, with or without colons.`
        )
      }
      return hex
    })
  }
}

const digitCountText = (hex: string): string =>
  /^[0-9a-f]+$/.test(hex) ? `${hex.length} hex digits are` : "this is"
