import { Buffer } from "node:buffer"
import * as tls from "node:tls"
import type { TrustReason } from "../DeviceError.ts"
import { authoritiesOf, orUndefined, sha256Of } from "./Authority.ts"
import { type Certificate, fromDer } from "./Certificate.ts"
import type { TrustPolicy } from "./TrustPolicy.ts"

/** `Peer` is what a peer showed in its handshake, and what the runtime thinks of it. */
export interface Peer {
  readonly der: Uint8Array
  /** `certificate` is `undefined` where the runtime cannot read it. */
  readonly certificate: Certificate | undefined
  /** `authorized` is the runtime's own check against the system's or the given authorities. */
  readonly authorized: boolean
  /** `code` is the code of that check. */
  readonly code: string
  /** `matchesName` says that the certificate lists the name that was asked for. */
  readonly matchesName: boolean
}

/**
 * `peerOf` reads what the other side of a finished handshake presented; `undefined` when it presented no certificate.
 * `to` is where it is: the same bytes from there as before are not read once more.
 */
export const peerOf = (socket: tls.TLSSocket, name: string, to: object): Peer | undefined => {
  const presented = socket.getPeerCertificate(false)
  // The types promise an object and bytes in it; a session without certificate has neither.
  const der: Uint8Array | undefined = presented?.raw
  if (der === undefined) return undefined
  const error: unknown = socket.authorizationError
  return {
    der,
    certificate: orUndefined(() => certificateOf(der, to)),
    authorized: socket.authorized,
    code: String((error as { readonly code?: unknown } | null | undefined)?.code ?? error ?? ""),
    matchesName: orUndefined(() => tls.checkServerIdentity(name, presented) === undefined) ?? false
  }
}

const latest = new WeakMap<object, { readonly der: Uint8Array; readonly certificate: Certificate }>()

const certificateOf = (der: Uint8Array, to: object): Certificate => {
  const before = latest.get(to)
  const certificate =
    before !== undefined && Buffer.compare(before.der, der) === 0 ? before.certificate : fromDer(der)
  latest.set(to, { der, certificate })
  // Dates of its own: those of an error are in a script's hands.
  return {
    ...certificate,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo)
  }
}

/**
 * `judge` says why a peer is not trusted, or `undefined` if it is. It goes by code and by the certificate's own facts,
 * never by the words of a message, which differ between runtimes.
 */
export const judge = (trust: TrustPolicy, peer: Peer): TrustReason | undefined => {
  switch (trust._tag) {
    case "Insecure":
      return undefined
    case "Pin":
      return trust.sha256.includes(sha256Of(peer.der)) ? undefined : "PinMismatch"
    default: {
      if (peer.certificate === undefined) return "Handshake"
      // Both must agree: the runtime on the chain, and we on dates and name.
      const dated = datesReason(peer.certificate)
      const isTrusted = isAuthorized(trust, peer)
      if (isTrusted && peer.matchesName && dated === undefined) return authorityDates(trust)
      if (dated !== undefined) return dated
      if (peer.certificate.selfIssued && !isListed(trust, peer.der)) return "SelfSigned"
      return codes[peer.code] ?? (isTrusted ? "WrongHost" : "UnknownCa")
    }
  }
}

/**
 * `isAuthorized` takes the runtime's verdict where there is an authority to judge by; the very certificate that was
 * given is trusted.
 */
const isAuthorized = (trust: TrustPolicy, peer: Peer): boolean =>
  trust._tag !== "Ca"
    ? peer.authorized
    : isListed(trust, peer.der) || (peer.authorized && authoritiesOf(trust).some(({ mayIssue }) => mayIssue))

// Codes that the dates of the leaf do not explain are about what stands above it in the chain.
const codes: Readonly<Record<string, TrustReason>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: "WrongHost",
  CERT_HAS_EXPIRED: "Expired",
  CERT_NOT_YET_VALID: "NotYetValid"
}

const datesReason = (certificate: Certificate): TrustReason | undefined => {
  const now = Date.now()
  if (certificate.validTo.getTime() < now) return "Expired"
  if (certificate.validFrom.getTime() > now) return "NotYetValid"
  return undefined
}

// Deno does not look at the dates of an authority that is given to it.
const authorityDates = (trust: TrustPolicy): TrustReason | undefined => {
  const read = authoritiesOf(trust).flatMap(({ certificate }) => certificate ?? [])
  const dates = read.map(datesReason)
  return dates.includes(undefined) ? undefined : dates[0]
}

const isListed = (trust: TrustPolicy, der: Uint8Array): boolean =>
  authoritiesOf(trust).some(({ sha256 }) => sha256 === sha256Of(der))
