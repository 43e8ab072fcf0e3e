import { readFile } from "node:fs/promises"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Credentials from "../auth/Credentials.ts"
import * as EnvironmentVariable from "../auth/EnvironmentVariable.ts"
import { attemptInput } from "../transport/AttemptInput.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import type { InputSource } from "../transport/InputSource.ts"
import * as Target from "../transport/Target.ts"
import * as Trust from "../transport/tls/Trust.ts"
import * as ExcessFields from "./ExcessFields.ts"
import type { DeviceConfig } from "./Plugin.ts"

const Fingerprints = Schema.Union(Schema.NonEmptyString, Schema.NonEmptyArray(Schema.NonEmptyString))

const TrustConfig = Schema.Union(
  Schema.Literal("system", "insecure"),
  Schema.Struct({ pin: Fingerprints }),
  Schema.Struct({ ca: Schema.NonEmptyString }),
  Schema.Struct({ caFile: Schema.NonEmptyString })
)

const isCredentials = (given: unknown): given is Credentials.Credentials => Effect.isEffect(given)

// Whose account it is; see `Credentials.Account`.
const AccountScope = Schema.optional(Schema.Literal("shared", "local"))

const CredentialsConfig = Schema.Union(
  Schema.Struct({ env: Schema.NonEmptyString }),
  Schema.Struct({ username: Schema.NonEmptyString, password: Schema.NonEmptyString, account: AccountScope }),
  Schema.Struct({
    username: Schema.NonEmptyString,
    passwordFile: Schema.NonEmptyString,
    account: AccountScope
  }),
  Schema.Struct({ tokenEnv: Schema.NonEmptyString }),
  Schema.declare(isCredentials)
)

/** `DurationConfig` is how long something takes, as a script or a file may say it: `"10 minutes"`, or milliseconds. */
export const DurationConfig = Schema.declare((given: unknown): given is Duration.DurationInput =>
  Option.isSome(Duration.decodeUnknown(given))
)

/** `TargetConfig` is what every kind of device is configured with; what is left out is as in `Target.make`. */
export const TargetConfig = Schema.Struct({
  /**
   * `url` is an `https:` origin such as `https://fmc.example:443`; behind a gateway with the path below which the
   * device lies.
   */
  url: Schema.NonEmptyString,
  /** `name` is what messages call the device. @default the device's name in the configuration */
  name: Schema.optional(Schema.NonEmptyString),
  /**
   * `trust` says what certificate is trusted: `system`, a fingerprint (`pin`), an authority (`ca`, `caFile`).
   *
   * @default `system`
   */
  trust: Schema.optional(TrustConfig),
  /**
   * `credentials` say who logs in: `{ env: "FMC" }` for `FMC_USERNAME` and `FMC_PASSWORD`, `{ username, passwordFile
   * }`, `{ username, password }`, `{ tokenEnv: "CDFMC_TOKEN" }`, or in code any `Credentials`. `account: "shared"` or
   * `"local"` beside a user name says whose it is; see `Credentials.Account`.
   */
  credentials: CredentialsConfig,
  /** `requestsPerMinute` counts requests in any 60 seconds. @default what the kind of device allows */
  requestsPerMinute: Schema.optional(Schema.Number),
  maxConnections: Schema.optional(Schema.Number),
  maxBodyBytes: Schema.optional(Schema.Number),
  connectTimeout: Schema.optional(DurationConfig),
  handshakeTimeout: Schema.optional(DurationConfig),
  responseTimeout: Schema.optional(DurationConfig),
  serverName: Schema.optional(Schema.NonEmptyString),
  /** `proxy` is an HTTP proxy on the way: `http://user:password@proxy.example:3128`. */
  proxy: Schema.optional(Schema.NonEmptyString),
  minTlsVersion: Schema.optional(Schema.Literal("TLSv1.2", "TLSv1.3")),
  userAgent: Schema.optional(Schema.NonEmptyString)
})
export type TargetConfig = typeof TargetConfig.Type

/** `Encoded` is what a script may write for a `TargetConfig`. */
export type Encoded = typeof TargetConfig.Encoded

/**
 * `decode` reads a configuration by its schema. Fails with `InvalidInput`, which names the field by its path and never
 * shows what stands there.
 */
export const decode = <A, I>(
  schema: Schema.Schema<A, I>,
  given: unknown,
  path: string,
  kind?: string
): Effect.Effect<A, InvalidInput> =>
  Effect.mapError(
    Effect.zipLeft(
      Schema.decodeUnknown(schema, { onExcessProperty: "error", errors: "first" })(given),
      ExcessFields.failOnExcess(schema, given)
    ),
    (error) => {
      const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
      const [first, ...deeper] = (issue?.path ?? []).map(String)
      // Of several forms the schema speaks of one, which may not be the one that is meant.
      const inside = first === "credentials" || first === "trust" ? [] : deeper
      const field = [path, first ?? "", ...inside].filter((part) => part !== "").join(".")
      const whose = kind === undefined ? "" : ` of kind ${JSON.stringify(kind)}`
      const refuse = (sentence: string) => new InvalidInput({ field, message: `${field}: ${sentence}` })
      if (issue?._tag === "Unexpected" && issue.path.length < 2) {
        return refuse(`a device${whose} has no such field; leave it out.`)
      }
      const known = expectedForms[String(issue?.path[0])]
      if (known === undefined && issue?.path.length === 0) {
        return refuse("what stands there is no object of fields; give one.")
      }
      const form = known ?? `what the documentation of a device${whose} says of it`
      return issue?._tag === "Missing" && issue.path.length === 1
        ? refuse(`it is missing, and a device needs it; give ${form}.`)
        : refuse(`what stands there cannot be used; give ${form}.`)
    }
  )

const text = "text that is not empty"
const number = "a whole number of at least 1"
const length = 'a duration such as "30 seconds", or milliseconds'

// An error of the schema may hold what was given, and of several forms it speaks of the first alone.
const expectedForms: Readonly<Record<string, string>> = {
  url: "the address of the device, such as https://fmc.example:443",
  name: text,
  trust: '"system", "insecure", or an object with one of pin, ca and caFile, as text',
  credentials:
    "an object with env, with tokenEnv, with username and passwordFile, or with username and password, as text",
  requestsPerMinute: number,
  maxConnections: number,
  maxBodyBytes: `${number}, in bytes`,
  connectTimeout: length,
  handshakeTimeout: length,
  responseTimeout: length,
  serverName: "the host name that the device's certificate is for",
  proxy: "the URL of an HTTP proxy, such as http://proxy.example:3128",
  minTlsVersion: '"TLSv1.2" or "TLSv1.3"',
  userAgent: "text of ASCII characters, such as my-script/1.0"
}

/** `isTargetField` says whether a field is one of those that every kind of device has. */
export const isTargetField = (field: string): boolean => Object.hasOwn(TargetConfig.fields, field)

/**
 * `deviceConfig` gives the target and credentials that a configuration means. Fails with `InvalidInput`, which names
 * the field at `path`.
 */
export const deviceConfig = (
  { credentials, name, trust, ...options }: TargetConfig,
  path: string,
  deviceName?: string
): Effect.Effect<DeviceConfig, InvalidInput> =>
  Effect.gen(function* () {
    const source: InputSource = { field: (option) => fieldPath(path, option), isSafeToShow: false }
    const trusted = yield* trustOf(trust, source.field("trust"))
    const given = Object.entries({ ...options, name: name ?? deviceName, trust: trusted })
    const present = given.filter(([, value]) => value !== undefined)
    // An option that is undefined is left out, which the types of Target.make ask for.
    const whole = Object.fromEntries(present) as unknown as Target.Options
    const target = yield* attemptInput(() => Target.fromSource(whole, source))
    return { target, credentials: credentialsOf(credentials, source.field("credentials")) }
  })

/**
 * `fromEnv` gives the target and credentials from the environment, or whatever `ConfigProvider` is set: for the prefix
 * `FMC`, `FMC_URL`, `FMC_USERNAME`, `FMC_PASSWORD` or `FMC_PASSWORD_FILE`, `FMC_PIN` or `FMC_CA_FILE` for a certificate
 * that the system does not trust, and `FMC_PROXY` for an HTTP proxy on the way. Fails with a `ConfigError` for what is
 * missing, and with `InvalidInput` for what is wrong.
 */
export const fromEnv = (
  prefix: string
): Effect.Effect<DeviceConfig, ConfigError.ConfigError | InvalidInput> =>
  Effect.gen(function* () {
    const credentials = Credentials.fromEnv(prefix)
    // All at once, so that whatever is missing is told together; the account is asked for again at each login.
    const all = yield* Effect.either(
      Config.all([Config.nonEmptyString(`${prefix}_URL`), Credentials.config(prefix)])
    )
    if (Either.isLeft(all)) {
      // They say what is wrong with a variable that is there; a ConfigError would show what stands in it.
      if (!ConfigError.isMissingDataOnly(all.left)) {
        yield* Effect.catchTag(credentials, "CredentialsRefused", () => Effect.void)
      }
      return yield* Effect.fail(all.left)
    }
    return { target: yield* Target.fromEnv(prefix), credentials }
  })

const trustOf = (trust: TargetConfig["trust"], field: string): Effect.Effect<Trust.Trust, InvalidInput> => {
  if (trust === undefined || trust === "system") return Effect.succeed(Trust.system)
  if (trust === "insecure") return Effect.succeed(Trust.insecure)
  if ("pin" in trust) {
    const pins = typeof trust.pin === "string" ? [trust.pin] : trust.pin
    return attemptInput(() => Trust.fingerprints(field, pins))
  }
  if ("ca" in trust) return attemptInput(() => Trust.authority(field, trust.ca))
  const { caFile } = trust
  return Effect.flatMap(
    Effect.tryPromise({
      try: () => readFile(caFile, "utf8"),
      catch: () => {
        const message = `${field}: the caFile cannot be read; give the path of a PEM file that this process may read (Deno: --allow-read).`
        return new InvalidInput({ field, message })
      }
    }),
    (pem) => attemptInput(() => Trust.authority(field, pem))
  )
}

const credentialsOf = (given: TargetConfig["credentials"], field: string): Credentials.Credentials => {
  if (isCredentials(given)) return given
  if ("env" in given) return Credentials.fromEnv(given.env)
  if ("tokenEnv" in given) return tokenFromEnv(given.tokenEnv)
  if ("passwordFile" in given) {
    const source: InputSource = { field: () => `${field}.passwordFile`, isSafeToShow: false }
    const { account, passwordFile, username } = given
    return Credentials.fromFile({ username, account, path: passwordFile }, source)
  }
  const password = Credentials.withoutLineBreak(Redacted.make(given.password))
  const username = given.username.replace(/\r?\n$/, "")
  return Credentials.password({ username, password, account: given.account })
}

const tokenFromEnv = (name: string): Credentials.Credentials =>
  Effect.flatMap(
    EnvironmentVariable.readRequired(name, Config.redacted(Config.nonEmptyString(name)), "to an API token"),
    Credentials.token
  )

const fieldPath = (path: string, field: string): string => (path === "" ? field : `${path}.${field}`)
