import { readFile } from "node:fs/promises"
import type { Duplex } from "node:stream"
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { InvalidInput } from "./DeviceError.ts"
import { timerLength } from "./TimerLength.ts"
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
  /** Requests in any 60 seconds; `undefined`: what is known of its kind of device. */
  readonly requestsPerMinute: number | undefined
  /**
   * The largest body that is read, in bytes, before and after it is unzipped. Answers to logins, refreshes and logouts
   * have at most 1 MiB, whatever this says.
   */
  readonly maxBodyBytes: number
  readonly connect: Connect | undefined
}

/**
 * Makes the byte stream to the device, on which TLS is then spoken and checked as always: a jump host, a proxy.
 * The library destroys the stream when it is done. When nobody waits for it any more, the effect is interrupted:
 * what it has begun by then is its own to end.
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
  /** From the first byte sent to the answer's last byte. Default: 2 minutes. */
  readonly responseTimeout?: Duration.DurationInput
  /** Default: 4 seconds, below the 5 after which many servers close. */
  readonly idleTimeout?: Duration.DurationInput
  /** Default: 10, what an FMC allows one address. */
  readonly maxConnections?: number
  /**
   * Requests that this process sends in any 60 seconds, logins included; `Infinity` for no limit. What is above it
   * waits. Default: what is known of the kind of device: 120 for an FMC (Cisco's text; 300 from 7.4.1, seen in public
   * clients), no limit for an FDM.
   */
  readonly requestsPerMinute?: number
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
    serverName: options.serverName === undefined ? undefined : serverName(options.serverName),
    minTlsVersion: options.minTlsVersion ?? "TLSv1.2",
    connectTimeout: timerLength("connectTimeout", options.connectTimeout ?? "10 seconds"),
    handshakeTimeout: timerLength("handshakeTimeout", options.handshakeTimeout ?? "10 seconds"),
    responseTimeout: timerLength("responseTimeout", options.responseTimeout ?? "2 minutes"),
    idleTimeout: timerLength("idleTimeout", options.idleTimeout ?? "4 seconds"),
    maxConnections: count("maxConnections", options.maxConnections ?? 10),
    requestsPerMinute:
      options.requestsPerMinute === undefined || options.requestsPerMinute === Number.POSITIVE_INFINITY
        ? options.requestsPerMinute
        : count("requestsPerMinute", options.requestsPerMinute),
    maxBodyBytes: count("maxBodyBytes", options.maxBodyBytes ?? 64 * 1024 * 1024),
    connect: options.connect
  }
}

/**
 * A target from the environment, or whatever `ConfigProvider` is set: for the prefix `FMC`, `FMC_URL`, and `FMC_PIN`
 * (fingerprints, separated by commas) or `FMC_CA_FILE` (the path of a PEM file) for a certificate that the system
 * does not trust.
 *
 * Fails with `ConfigError` for a variable that is missing, and with `InvalidInput` for one that is out of bounds.
 */
export const fromEnv = (prefix: string): Effect.Effect<Target, ConfigError.ConfigError | InvalidInput> =>
  Effect.gen(function* () {
    const url = yield* Config.nonEmptyString(`${prefix}_URL`)
    const pin = yield* Config.option(Config.nonEmptyString(`${prefix}_PIN`))
    const caFile = yield* Config.option(Config.nonEmptyString(`${prefix}_CA_FILE`))
    const pem = yield* Effect.transposeMapOption(caFile, (path) =>
      Effect.tryPromise({
        try: () => readFile(path, "utf8"),
        catch: () =>
          new InvalidInput({
            field: `${prefix}_CA_FILE`,
            value: path,
            bound: "a file that this process may read"
          })
      })
    )
    if (Option.isSome(pin) && Option.isSome(pem)) {
      const field = `${prefix}_PIN and ${prefix}_CA_FILE`
      return yield* Effect.fail(
        new InvalidInput({ field, bound: "given one without the other: keep one of them" })
      )
    }
    const trust = Option.isSome(pin)
      ? yield* named(`${prefix}_PIN`, () => Trust.pin(...pin.value.split(",")))
      : Option.isSome(pem)
        ? yield* named(`${prefix}_CA_FILE`, () => Trust.ca(pem.value))
        : Trust.system
    return yield* named(`${prefix}_URL`, () => make({ url, trust }))
  })

/** What is out of bounds is told by the name of its variable. */
const named = <A>(field: string, build: () => A): Effect.Effect<A, InvalidInput> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(build())
    } catch (error) {
      return error instanceof InvalidInput
        ? Effect.fail(new InvalidInput({ ...error, field }))
        : Effect.die(error)
    }
  })

const originOf = (given: string | URL): URL => {
  const refuse = (bound: string) =>
    // What stands before an @ may be a password, so the message shows only what follows it.
    new InvalidInput({
      field: "url",
      value: String(given).replace(/^.*@/s, "…@").slice(0, 100),
      bound
    })
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

const serverName = (given: string): string => {
  if (/^[\p{L}\p{N}_.:-]{1,253}$/u.test(given)) return given
  throw new InvalidInput({ field: "serverName", value: given, bound: "a host name or an address" })
}

const count = (field: string, value: number): number => {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidInput({ field, value: String(value), bound: "a whole number of at least 1" })
  return value
}
