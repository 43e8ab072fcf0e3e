import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { blameCaller } from "../validation/BlameCaller.ts"
import * as EnvironmentFields from "../validation/EnvironmentFields.ts"
import * as EnvironmentVariable from "../validation/EnvironmentVariable.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as InputSource from "../validation/InputSource.ts"
import * as Needed from "../validation/Needed.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { attemptInput } from "./AttemptInput.ts"
import type { InvalidInput } from "./DeviceError.ts"
import * as Proxy from "./Proxy.ts"
import * as TargetOptions from "./TargetOptions.ts"
import * as TargetUrl from "./TargetUrl.ts"
import * as TrustConfig from "./tls/TrustConfig.ts"
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
  readonly connect: TargetOptions.Connect | undefined
  readonly proxy: Proxy.Proxy | undefined
}

export type { Connect } from "./TargetOptions.ts"

/** `Options` say where a device is, how it is reached, and what is allowed on the way. */
export interface Options extends TargetOptions.TargetOptions {}

/**
 * `make` describes a device. Nothing is sent.
 *
 * Throws `InvalidInput` when the URL is not an `https:` origin or a number is out of bounds.
 *
 * @example
 * Target.make({ url: "https://fmc.example", trust: Trust.pin("AB:CD:…") })
 */
export const make = blameCaller((options: Options): Target => fromSource(options, InputSource.callArguments))

/**
 * `fromSource` does the same for options that were given elsewhere. Throws `InvalidInput`, which names the field as it
 * is called there.
 */
export const fromSource = (given: Options, source: InputSource.InputSource): Target => {
  Needed.fn("source.field", source?.field)
  // The types say so too; a script in JavaScript has none.
  if (!Predicate.isRecord(given)) {
    const field = source.field("target")
    throw refuseInput(
      field,
      'there are no options; give an object with a url such as "https://fmc.example:443".'
    )
  }
  const options = InputSchema.decodeSync(TargetOptions.TargetOptions, given, source, "a target")
  const url = TargetUrl.parse(options.url, source)
  const basePath = url.pathname.replace(/\/$/, "")
  return {
    name: options.name ?? `${url.host}${basePath}`,
    origin: url.origin,
    basePath,
    host: TargetUrl.withoutBrackets(url.hostname),
    port: url.port === "" ? 443 : Number(url.port),
    trust: TrustConfig.toTrust(options.trust ?? "system", source.field("trust")),
    serverName: options.serverName,
    minTlsVersion: options.minTlsVersion ?? "TLSv1.2",
    connectTimeout: Duration.decode(options.connectTimeout ?? Duration.seconds(10)),
    handshakeTimeout: Duration.decode(options.handshakeTimeout ?? Duration.seconds(10)),
    responseTimeout: Duration.decode(options.responseTimeout ?? Duration.minutes(2)),
    idleTimeout: Duration.decode(options.idleTimeout ?? Duration.seconds(4)),
    maxConnections: options.maxConnections ?? 10,
    requestsPerMinute: options.requestsPerMinute,
    maxBodyBytes: options.maxBodyBytes ?? 64 * 1024 * 1024,
    userAgent: options.userAgent ?? UserAgent.defaultUserAgent(),
    connect: options.connect,
    proxy: proxyOf(options, source)
  }
}

const proxyOf = ({ connect, proxy }: Options, source: InputSource.InputSource): Proxy.Proxy | undefined => {
  if (proxy === undefined) return undefined
  if (connect === undefined) return Proxy.parse(proxy, source)
  const field = source.field("proxy")
  throw refuseInput(
    field,
    "it is given along with connect, and only one can make the connection; leave one of them out."
  )
}

/** `check` refuses what is no target, whatever the types say of it. Fails with `InvalidInput`. */
export const check = (given: unknown): Effect.Effect<Target, InvalidInput> =>
  Predicate.hasProperty(given, "origin") &&
  Predicate.hasProperty(given, "trust") &&
  TrustPolicy.isTrust(given.trust)
    ? Effect.succeed(given as unknown as Target) // what else it has, Target.make has checked
    : refuseInput("target", "this is no Target; give Target.make({ url, trust }).")

/**
 * `fromEnv` gives a target from the environment, or whatever `ConfigProvider` is set: for the prefix `FMC`, `FMC_URL`,
 * and `FMC_PIN` (fingerprints, separated by commas) or `FMC_CA_FILE` (the path of a PEM file) for a certificate that
 * the system does not trust; the other options, but for `connect`, under their own names: `FMC_PROXY`,
 * `FMC_REQUESTS_PER_MINUTE`.
 *
 * Fails with `ConfigError` for a variable that is missing, and with `InvalidInput` for one that is out of bounds.
 */
export const fromEnv = (prefix: string): Effect.Effect<Target, ConfigError.ConfigError | InvalidInput> =>
  Effect.gen(function* () {
    if (!EnvironmentVariable.isPrefix(prefix)) return yield* EnvironmentVariable.refusePrefix()
    const url = yield* EnvironmentVariable.readPermitted(
      `${prefix}_URL`,
      Config.nonEmptyString(`${prefix}_URL`)
    )
    const others = yield* EnvironmentFields.read(prefix, otherOptions)
    const trust = yield* TrustConfig.fromEnv(prefix)
    const options = { ...others, url: url.trim(), trust }
    const field = (option: string) => EnvironmentFields.variableOf(prefix, option)
    return yield* attemptInput(() => fromSource(options, { field, isSafeToShow: false }))
  })

const otherOptions = TargetOptions.TargetOptions.omit("url", "trust", "connect")
