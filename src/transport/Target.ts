import { readFile } from "node:fs/promises"
import type { Duplex } from "node:stream"
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { attemptInput } from "./AttemptInput.ts"
import { InvalidInput } from "./DeviceError.ts"
import * as InputSource from "./InputSource.ts"
import * as Proxy from "./Proxy.ts"
import * as TargetUrl from "./TargetUrl.ts"
import { timerDuration } from "./TimerLength.ts"
import * as TrustPolicy from "./tls/TrustPolicy.ts"
import * as UserAgent from "./UserAgent.ts"

/** `Target` is where a device is, which certificate it may present, and how patient to be with it. */
export interface Target {
  /** `name` is what errors, events and spans call it. */
  readonly name: string
  /** `origin` is `https://host:port`, nothing after it. */
  readonly origin: string
  /**
   * `basePath` is the path below which all of the device lies, such as `/firewall`; empty for a device that has its
   * host to itself.
   */
  readonly basePath: string
  readonly host: string
  readonly port: number
  readonly trust: TrustPolicy.TrustPolicy
  /** `serverName` is the TLS server name, sent and checked instead of the host. */
  readonly serverName: string | undefined
  readonly minTlsVersion: "TLSv1.2" | "TLSv1.3"
  readonly connectTimeout: Duration.Duration
  readonly handshakeTimeout: Duration.Duration
  readonly responseTimeout: Duration.Duration
  /** `idleTimeout` is how long a connection may idle before it is closed. */
  readonly idleTimeout: Duration.Duration
  /** `maxConnections` is how many connections there may be at once. */
  readonly maxConnections: number
  /** `requestsPerMinute` counts requests in any 60 seconds; `undefined`: what is known of its kind of device. */
  readonly requestsPerMinute: number | undefined
  /**
   * `maxBodyBytes` is the largest body that is read, in bytes, before and after it is unzipped. Answers to logins,
   * refreshes and logouts have at most 1 MiB, whatever this says.
   */
  readonly maxBodyBytes: number
  /** `userAgent` is what each request says of who sends it, unless the request says so itself. */
  readonly userAgent: string
  readonly connect: Connect | undefined
  readonly proxy: Proxy.Proxy | undefined
}

/**
 * `Connect` makes the byte stream to the device, on which TLS is then spoken and checked as always: a jump host, a
 * proxy. The library destroys the stream when it is done. When nobody waits for it any more, the effect is interrupted:
 * what it has begun by then is its own to end.
 */
export type Connect = (to: { readonly host: string; readonly port: number }) => Effect.Effect<Duplex, Error>

/** `Options` say where a device is, how it is reached, and what is allowed on the way. */
export interface Options {
  /**
   * `url` is an `https:` origin such as `https://fmc.example:443`, without user info and query. A path, as of a
   * gateway, is put before the path of every request, of logins too; nothing is sent to what lies beside it.
   */
  readonly url: string | URL
  /** `trust` says which certificate the device may present. @default `Trust.system` */
  readonly trust?: TrustPolicy.TrustPolicy
  /**
   * `name` is what errors, events and spans call it.
   *
   * @default the host, with the port where it is not 443, and the path where there is one
   */
  readonly name?: string
  /**
   * `serverName` is the TLS server name, sent instead of the host and looked for in the certificate.
   *
   * @default the host
   */
  readonly serverName?: string
  /** `minTlsVersion` is the lowest version of TLS that is spoken. @default `TLSv1.2` */
  readonly minTlsVersion?: "TLSv1.2" | "TLSv1.3"
  /** `connectTimeout` is for the connection; a number is in milliseconds. @default 10 seconds */
  readonly connectTimeout?: Duration.DurationInput
  /** `handshakeTimeout` is for the TLS handshake; a number is in milliseconds. @default 10 seconds */
  readonly handshakeTimeout?: Duration.DurationInput
  /**
   * `responseTimeout` runs from the first byte sent to the answer's last byte; a number is in milliseconds.
   *
   * @default 2 minutes
   */
  readonly responseTimeout?: Duration.DurationInput
  /**
   * `idleTimeout` is how long an idle connection is kept; a number is in milliseconds.
   *
   * @default 4 seconds, below the 5 after which many servers close
   */
  readonly idleTimeout?: Duration.DurationInput
  /** `maxConnections` is how many connections there may be at once. @default 10, what an FMC allows one address */
  readonly maxConnections?: number
  /**
   * `requestsPerMinute` counts requests that this process sends in any 60 seconds, logins included; `Infinity` for no
   * limit. What is above it waits.
   *
   * @default what is known of the kind of device: 120 for an FMC (FMC guide, Rate Limiting; 300 from 7.4.1, read in
   * public clients' code), no limit for an FDM
   */
  readonly requestsPerMinute?: number
  /** `maxBodyBytes` is the most that an answer's body may have. @default 64 MiB */
  readonly maxBodyBytes?: number
  /**
   * `userAgent` is what each request, of logins and logouts too, says of who sends it.
   *
   * @default `sallyport/0.2.0 (node/20.20.2)`
   */
  readonly userAgent?: string
  /**
   * `connect` makes the connection in another way, such as through a jump host; TLS is spoken over what it gives.
   *
   * @default a connection of TCP to host and port
   */
  readonly connect?: Connect
  /**
   * `proxy` is an HTTP proxy, such as `http://proxy.example:3128` or `http://user:password@proxy.example:3128`: it is
   * asked by CONNECT for a way to the device, whose name it resolves. TLS is spoken with the device and checked as
   * always. Other ways, such as a jump host, are made by `connect`.
   *
   * @default no proxy
   */
  readonly proxy?: string | URL
}

/**
 * `make` describes a device. Nothing is sent.
 *
 * Throws `InvalidInput` when the URL is not an `https:` origin or a number is out of bounds.
 *
 * @example
 * Target.make({ url: "https://fmc.example", trust: Trust.pin("AB:CD:…") })
 */
export const make = (options: Options): Target => fromSource(options, InputSource.callArguments)

/**
 * `fromSource` does the same for options that were given elsewhere. Throws `InvalidInput`, which names the field as it
 * is called there.
 */
export const fromSource = (options: Options, source: InputSource.InputSource): Target => {
  checkOptions(options, source)
  const url = TargetUrl.parse(options.url, source)
  const basePath = url.pathname.replace(/\/$/, "")
  const length = (name: LengthOption, usual: Duration.DurationInput) =>
    timerDuration(name, options[name] ?? usual, source)
  return {
    name: options.name ?? `${url.host}${basePath}`,
    origin: url.origin,
    basePath,
    // Brackets belong to the URL of an IPv6 address, not to the address.
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 443 : Number(url.port),
    trust: options.trust ?? TrustPolicy.system,
    serverName: options.serverName === undefined ? undefined : serverName(options.serverName, source),
    minTlsVersion: options.minTlsVersion ?? "TLSv1.2",
    connectTimeout: length("connectTimeout", "10 seconds"),
    handshakeTimeout: length("handshakeTimeout", "10 seconds"),
    responseTimeout: length("responseTimeout", "2 minutes"),
    idleTimeout: length("idleTimeout", "4 seconds"),
    maxConnections: count("maxConnections", options.maxConnections ?? 10, source),
    requestsPerMinute:
      options.requestsPerMinute === undefined || options.requestsPerMinute === Number.POSITIVE_INFINITY
        ? options.requestsPerMinute
        : count("requestsPerMinute", options.requestsPerMinute, source),
    maxBodyBytes: count("maxBodyBytes", options.maxBodyBytes ?? 64 * 1024 * 1024, source),
    userAgent:
      options.userAgent === undefined ? UserAgent.defaultUserAgent() : userAgent(options.userAgent, source),
    connect: options.connect,
    proxy: options.proxy === undefined ? undefined : proxyOf(options.proxy, options.connect, source)
  }
}

/** `checkOptions` throws `InvalidInput` for what the types forbid: a script in JavaScript has none. */
const checkOptions = (options: Options, source: InputSource.InputSource): void => {
  const wrong = (option: string, sentence: string) => {
    const field = source.field(option)
    return new InvalidInput({ field, message: `${field}: ${sentence}` })
  }
  if (!Predicate.isRecord(options)) {
    throw wrong(
      "target",
      'there are no options; give an object with a url such as "https://fmc.example:443".'
    )
  }
  const { connect, minTlsVersion, name, trust }: Readonly<Record<string, unknown>> = options
  if (trust !== undefined && !TrustPolicy.isTrust(trust)) {
    throw wrong(
      "trust",
      "it is none of Trust.system, Trust.ca(pem), Trust.pin(…) and Trust.insecure; give one of them."
    )
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw wrong("name", "it is no text, or an empty one; give a name, or leave it out.")
  }
  if (minTlsVersion !== undefined && minTlsVersion !== "TLSv1.2" && minTlsVersion !== "TLSv1.3") {
    throw wrong("minTlsVersion", 'it is neither "TLSv1.2" nor "TLSv1.3"; give one of them.')
  }
  if (connect !== undefined && typeof connect !== "function") {
    throw wrong(
      "connect",
      "it is no function; give one that makes an Effect of a byte stream, or leave it out."
    )
  }
}

type LengthOption = "connectTimeout" | "handshakeTimeout" | "responseTimeout" | "idleTimeout"

/**
 * `fromEnv` gives a target from the environment, or whatever `ConfigProvider` is set: for the prefix `FMC`, `FMC_URL`,
 * and `FMC_PIN` (fingerprints, separated by commas) or `FMC_CA_FILE` (the path of a PEM file) for a certificate that
 * the system does not trust; `FMC_PROXY` for an HTTP proxy on the way.
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
        catch: () => {
          const field = `${prefix}_CA_FILE`
          const message = `${field}: no file can be read at the path that stands there; set the path of a PEM file that this process may read (Deno: --allow-read).`
          return new InvalidInput({ field, message })
        }
      })
    )
    if (Option.isSome(pin) && Option.isSome(pem)) {
      const field = `${prefix}_PIN and ${prefix}_CA_FILE`
      const message = `${field}: both are set, and only one can say what is trusted; unset one of them.`
      return yield* Effect.fail(new InvalidInput({ field, message }))
    }
    const trust = Option.isSome(pin)
      ? yield* attemptInput(() => TrustPolicy.fingerprints(`${prefix}_PIN`, parts(pin.value)))
      : Option.isSome(pem)
        ? yield* attemptInput(() => TrustPolicy.authority(`${prefix}_CA_FILE`, pem.value))
        : TrustPolicy.system
    const proxy = yield* Config.option(Config.nonEmptyString(`${prefix}_PROXY`))
    const field = (option: string) => (option === "proxy" ? `${prefix}_PROXY` : `${prefix}_URL`)
    const proxyOption = Option.isSome(proxy) ? { proxy: proxy.value.trim() } : {}
    return yield* attemptInput(() =>
      fromSource({ url: url.trim(), trust, ...proxyOption }, { field, isSafeToShow: false })
    )
  })

/** `parts` are what stands between commas; nothing after the last of them is none. */
const parts = (list: string): ReadonlyArray<string> => list.split(",").filter((part) => part.trim() !== "")

const proxyOf = (
  given: string | URL,
  connect: Connect | undefined,
  source: InputSource.InputSource
): Proxy.Proxy => {
  if (connect === undefined) return Proxy.parse(given, source)
  const field = source.field("proxy")
  const message = `${field}: it is given along with connect, and only one can make the connection; leave one of them out.`
  throw new InvalidInput({ field, message })
}

const serverName = (given: string, source: InputSource.InputSource): string => {
  if (typeof given === "string" && /^[\p{L}\p{N}_.:-]{1,253}$/u.test(given)) return given
  const field = source.field("serverName")
  const message = `${field}: ${InputSource.describe(source, given)} is no name of a server; give a host name or an address.`
  throw new InvalidInput({ field, ...InputSource.shownValue(source, given), message })
}

const userAgent = (given: string, source: InputSource.InputSource): string => {
  if (typeof given === "string" && /^[\u0021-\u007e]([\u0020-\u007e]{0,250}[\u0021-\u007e])?$/.test(given))
    return given
  const field = source.field("userAgent")
  const message = `${field}: ${InputSource.describe(source, given)} cannot be sent in a header; give 1 to 252 ASCII characters, without line breaks.`
  throw new InvalidInput({ field, ...InputSource.shownValue(source, given), message })
}

const count = (option: string, given: number, source: InputSource.InputSource): number => {
  if (Number.isSafeInteger(given) && given >= 1) return given
  const field = source.field(option)
  const message = `${field}: ${InputSource.describe(source, given)} is no whole number of at least 1; give one.`
  throw new InvalidInput({ field, ...InputSource.shownValue(source, given), message })
}
