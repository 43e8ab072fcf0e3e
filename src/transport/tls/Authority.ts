import { Buffer } from "node:buffer"
import { createHash, X509Certificate } from "node:crypto"
import { type Certificate, fromDer } from "./Certificate.ts"
import type { TrustPolicy } from "./TrustPolicy.ts"

/** `Authority` is a certificate that a target is to be trusted by. */
export interface Authority {
  readonly pem: string
  readonly sha256: string
  /** `certificate` is `undefined` where the runtime cannot read it. */
  readonly certificate: Certificate | undefined
  /**
   * `mayIssue` says whether it may issue others: Deno takes any that it is given for one that may. Self-signed ones of
   * X.509 version 1, as old roots are, cannot say so and may, as OpenSSL has it.
   */
  readonly mayIssue: boolean
}

const known = new WeakMap<TrustPolicy, ReadonlyArray<Authority>>()

/** `authoritiesOf` gives those of a policy: read once for all its connections, which takes as long as a handshake. */
export const authoritiesOf = (trust: TrustPolicy): ReadonlyArray<Authority> => {
  const authorities = known.get(trust) ?? (trust._tag === "Ca" ? trust.pem.map(read) : [])
  known.set(trust, authorities)
  return authorities
}

/** `sha256Of` gives the SHA-256 of a certificate's DER bytes, in lower-case hex without colons. */
export const sha256Of = (der: Uint8Array): string => createHash("sha256").update(der).digest("hex")

/** `orUndefined` reads what may be unreadable. */
export const orUndefined = <A>(read: () => A): A | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

const read = (pem: string): Authority => {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64")
  const mayIssue = orUndefined(() => {
    const certificate = new X509Certificate(pem)
    return certificate.ca || (isVersion1(der) && certificate.subject === certificate.issuer)
  })
  return {
    pem,
    sha256: sha256Of(der),
    certificate: orUndefined(() => fromDer(der)),
    mayIssue: mayIssue ?? false
  }
}

/** `isVersion1` looks inside two sequences, where other versions begin with the tag `[0]` of their number. */
const isVersion1 = (der: Uint8Array): boolean => {
  const inside = (at: number): number => {
    const length = der[at + 1] ?? 0
    return at + 2 + (length > 0x80 ? length - 0x80 : 0)
  }
  return der[inside(inside(0))] !== 0xa0
}
