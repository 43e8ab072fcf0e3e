import type { Duplex } from "node:stream"
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import { InvalidInput } from "./DeviceError.ts"
import * as Trust from "./Trust.ts"

/** Where a device is, which certificate it may present, and how patient to be with it. */
export interface Target {
  /** What errors, events and spans call it. */
  readonly name: string
  /** `https://host:port`, nothing after it. */
  readonly origin: string
  readonly host: string
  readonly port: number
  readonly trust: Trust.Trust
  /** TLS server name, sent and checked instead of the host. */
  readonly serverName: string | undefined
  readonly minTlsVersion: "TLSv1.2" | "TLSv1.3"
  readonly connectTimeout: Duration.Duration
  readonly handshakeTimeout: Duration.Duration
  readonly responseTimeout: Duration.Duration
  /** An idle connection is closed after this time. */
  readonly idleTimeout: Duration.Duration
  /** Connections at once. */
  readonly maxConnections: number
  /** The largest body that is read, in bytes, before and after it is unzipped. */
  readonly maxBodyBytes: number
  readonly connect: Connect | undefined
}

/**
 * Makes the byte stream to the device, on which TLS is then spoken and checked as always: a jump host, a proxy.
 * The library destroys the stream when it is done, also when the effect is interrupted.
 */
export type Connect = (to: { readonly host: string; readonly port: number }) => Effect.Effect<Duplex, Error>

export interface Options {
  /** `https:` origin such as `https://fmc.example:443`; no user info, path or query. */
  readonly url: string | URL
  /** Default: `Trust.system`. */
  readonly trust?: Trust.Trust
  /** Default: the host, with the port where it is not 443. */
  readonly name?: string
  readonly serverName?: string
  /** Default: `TLSv1.2`. */
  readonly minTlsVersion?: "TLSv1.2" | "TLSv1.3"
  /** Default: 10 seconds. */
  readonly connectTimeout?: Duration.DurationInput
  /** Default: 10 seconds. */
  readonly handshakeTimeout?: Duration.DurationInput
  /** From the request's last byte to the answer's last byte. Default: 2 minutes. */
  readonly responseTimeout?: Duration.DurationInput
  /** Default: 4 seconds, below the 5 after which many servers close. */
  readonly idleTimeout?: Duration.DurationInput
  /** Default: 10, what an FMC allows one address. */
  readonly maxConnections?: number
  /** Default: 64 MiB. */
  readonly maxBodyBytes?: number
  readonly connect?: Connect
}

/**
 * Describes a device. Nothing is sent.
 *
 * Throws `InvalidInput` when the URL is not an `https:` origin or a number is out of bounds.
 *
 * @example
 * Target.make({ url: "https://fmc.example", trust: Trust.pin("AB:CD:…") })
 */
export const make = (options: Options): Target => {
  const url = originOf(options.url)
  return {
    name: options.name ?? url.host,
    origin: url.origin,
    // Brackets belong to the URL of an IPv6 address, not to the address.
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 443 : Number(url.port),
    trust: options.trust ?? Trust.system,
    serverName: options.serverName,
    minTlsVersion: options.minTlsVersion ?? "TLSv1.2",
    connectTimeout: duration("connectTimeout", options.connectTimeout ?? "10 seconds"),
    handshakeTimeout: duration("handshakeTimeout", options.handshakeTimeout ?? "10 seconds"),
    responseTimeout: duration("responseTimeout", options.responseTimeout ?? "2 minutes"),
    idleTimeout: duration("idleTimeout", options.idleTimeout ?? "4 seconds"),
    maxConnections: count("maxConnections", options.maxConnections ?? 10),
    maxBodyBytes: count("maxBodyBytes", options.maxBodyBytes ?? 64 * 1024 * 1024),
    connect: options.connect
  }
}

const originOf = (given: string | URL): URL => {
  const refuse = (bound: string) =>
    // What stands before an @ may be a password, so the message shows only what follows it.
    new InvalidInput({ field: "url", value: String(given).replace(/^.*@/, "…@").slice(0, 100), bound })
  let url: URL
  try {
    url = new URL(given)
  } catch {
    throw refuse("an https: origin such as https://fmc.example:443")
  }
  if (url.protocol !== "https:") throw refuse("an https: origin; tokens are never sent in the clear")
  if (url.username !== "" || url.password !== "")
    throw refuse("an origin without user info; give the account as credentials")
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw refuse("an origin alone, without path, query or fragment")
  return url
}

// 2^31 - 1 ms: a longer timer fires at once.
const longestTimer = Duration.millis(2_147_483_647)

const duration = (field: string, given: Duration.DurationInput): Duration.Duration => {
  const value = Duration.decode(given)
  if (Duration.lessThanOrEqualTo(value, Duration.zero) || Duration.greaterThan(value, longestTimer)) {
    throw new InvalidInput({ field, value: Duration.format(value), bound: "more than 0 and at most 24 days" })
  }
  return value
}

const count = (field: string, value: number): number => {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidInput({ field, value: String(value), bound: "a whole number of at least 1" })
  return value
}
