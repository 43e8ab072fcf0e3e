import { X509Certificate } from "node:crypto"
import process from "node:process"
import type { Duplex } from "node:stream"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { type DeviceUnreachable, InvalidInput, TrustRefused } from "../DeviceError.ts"
import * as InputSource from "../InputSource.ts"
import * as Proxy from "../Proxy.ts"
import type { Connect } from "../Target.ts"
import { timerDuration } from "../TimerLength.ts"
import type { Certificate } from "./Certificate.ts"
import { connectTls, type Endpoint } from "./Handshake.ts"
import * as RuntimeVersion from "./RuntimeVersion.ts"

/** Which certificate a target may present. */
export type Trust =
  | { readonly _tag: "System" }
  | { readonly _tag: "Ca"; readonly pem: ReadonlyArray<string> }
  | { readonly _tag: "Pin"; readonly sha256: ReadonlyArray<string> }
  | { readonly _tag: "Insecure" }

/** Whether a value is one that this module made, whatever the types say of it. */
export const isTrust = (given: unknown): given is Trust =>
  Predicate.hasProperty(given, "_tag") &&
  (given._tag === "System" ||
    given._tag === "Insecure" ||
    (given._tag === "Ca" && Predicate.hasProperty(given, "pem") && Array.isArray(given.pem)) ||
    (given._tag === "Pin" && Predicate.hasProperty(given, "sha256") && Array.isArray(given.sha256)))

/** What the runtime trusts by itself: right for a device with a certificate of a public or installed CA. */
export const system: Trust = { _tag: "System" }

/**
 * No check at all: anyone on the path can read the password. Sessions warn about it once. `Trust.pin` is as
 * easy and safe.
 */
export const insecure: Trust = { _tag: "Insecure" }

/**
 * Trusts certificates signed by these authorities, roots or not, or this very certificate; dates and host name are
 * checked. A certificate that is no authority stands for itself alone. (A Node before 20.18 needs the root.)
 *
 * Throws `InvalidInput` when the text holds no certificate that can be read.
 */
export const ca = (pem: string): Trust => authority("Trust.ca", pem)

/** The same for a text that was given at `field`. */
export const authority = (field: string, pem: string): Trust => {
  const blocks = String(pem).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
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
      field,
      message: `${field}: this is no PEM text of certificates that can be read; give the whole text of the file, with a BEGIN CERTIFICATE line for each.`
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
export const pin = (...sha256: ReadonlyArray<string>): Trust => fingerprints("Trust.pin", sha256)

/** The same for fingerprints that were given at `field`. No error shows them: a slip may have put a password there. */
export const fingerprints = (field: string, sha256: ReadonlyArray<string>): Trust => {
  if (sha256.length === 0) {
    const message = `${field}: there is no fingerprint; give at least one SHA-256 fingerprint of a certificate.`
    throw new InvalidInput({ field, message })
  }
  return {
    _tag: "Pin",
    sha256: sha256.map((given) => {
      const hex = String(given)
        .replace(/^\s*sha-?256(\s*fingerprint)?\s*[=:]/i, "")
        .replace(/[\s:]/g, "")
        .toLowerCase()
      if (!/^[0-9a-f]{64}$/.test(hex)) {
        throw new InvalidInput({
          field,
          message: `${field}: ${digitCountText(hex)} no SHA-256 fingerprint; give its 64 hex digits, with or without colons.`
        })
      }
      return hex
    })
  }
}

const digitCountText = (hex: string): string =>
  /^[0-9a-f]+$/.test(hex) ? `${hex.length} hex digits are` : "this is"

export interface InspectOptions {
  readonly host: string
  readonly port: number
  /** TLS server name, sent instead of the host. */
  readonly serverName?: string
  /** For the connection and for the handshake, each. Default: 10 seconds. */
  readonly timeout?: Duration.DurationInput
  /** As the target's: through a jump host or a proxy. */
  readonly connect?: Connect
  /** As the target's: an HTTP proxy. */
  readonly proxy?: string | URL
}

/**
 * Reads the certificate that a device presents, whatever it is, and sends no HTTP. What anyone on the path could
 * have put there: compare its fingerprint at the device's console before it is pinned.
 *
 * Fails with `DeviceUnreachable`, with `TrustRefused` where no TLS comes about, and with `InvalidInput`.
 *
 * @example
 * const { sha256 } = yield* Trust.inspect({ host: "fmc.example", port: 443 })
 */
export const inspect = (
  options: InspectOptions
): Effect.Effect<Certificate, TrustRefused | DeviceUnreachable | InvalidInput> =>
  Effect.suspend(() => {
    let opened: Duplex | undefined
    return Effect.gen(function* () {
      const to = yield* endpointOf(options)
      const { certificate } = yield* connectTls(to, (stream) => {
        opened = stream
      })
      return (
        certificate ?? (yield* new TrustRefused({ targetName: to.name, reason: "Handshake", certificate }))
      )
    }).pipe(Effect.ensuring(Effect.sync(() => opened?.destroy())))
  })

const endpointOf = ({
  host,
  port,
  serverName,
  timeout,
  connect,
  proxy
}: InspectOptions): Effect.Effect<Endpoint, InvalidInput> =>
  Effect.try({
    try: () => {
      const refused = RuntimeVersion.unsupported(process.versions)
      if (refused !== undefined) throw refused
      if (!/^[^\s/\\@?#\u0000-\u001f\u007f]+$/.test(host))
        throw new InvalidInput({
          field: "host",
          message: "host: this is no host; give a host name or an address, without scheme or path."
        })
      if (!Number.isInteger(port) || port < 1 || port > 65535)
        throw new InvalidInput({
          field: "port",
          value: String(port),
          message: `port: ${String(port)} is no port; give a whole number from 1 to 65535.`
        })
      const timeoutDuration = timerDuration("timeout", timeout ?? "10 seconds")
      return {
        name: `${host}:${port}`,
        host: host.replace(/^\[|\]$/g, ""),
        port,
        serverName,
        trust: insecure,
        minTlsVersion: "TLSv1.2",
        connectTimeout: timeoutDuration,
        handshakeTimeout: timeoutDuration,
        connect,
        proxy: proxy === undefined ? undefined : Proxy.parse(proxy, InputSource.callArguments)
      } as const
    },
    catch: (error) =>
      error instanceof InvalidInput
        ? error
        : new InvalidInput({
            field: "Trust.inspect",
            message: "Trust.inspect: it was called without a host as text; give { host, port }."
          })
  })
