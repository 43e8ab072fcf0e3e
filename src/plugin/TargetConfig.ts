import { readFile } from "node:fs/promises"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Credentials from "../auth/Credentials.ts"
import { InvalidInput } from "../device/DeviceError.ts"
import * as Target from "../device/Target.ts"
import * as Trust from "../device/Trust.ts"
import type { Place } from "./Plugin.ts"

const Fingerprints = Schema.Union(Schema.NonEmptyString, Schema.NonEmptyArray(Schema.NonEmptyString))

const TrustConfig = Schema.Union(
  Schema.Literal("system", "insecure"),
  Schema.Struct({ pin: Fingerprints }),
  Schema.Struct({ ca: Schema.NonEmptyString }),
  Schema.Struct({ caFile: Schema.NonEmptyString })
)

const isCredentials = (given: unknown): given is Credentials.Credentials => Effect.isEffect(given)

const CredentialsConfig = Schema.Union(
  Schema.Struct({ env: Schema.NonEmptyString }),
  Schema.Struct({ username: Schema.NonEmptyString, password: Schema.NonEmptyString }),
  Schema.Struct({ username: Schema.NonEmptyString, passwordFile: Schema.NonEmptyString }),
  Schema.Struct({ tokenEnv: Schema.NonEmptyString }),
  Schema.declare(isCredentials)
)

/** How long something takes, as a script or a file may say it: `"10 minutes"`, or milliseconds. */
export const Length = Schema.declare((given: unknown): given is Duration.DurationInput =>
  Option.isSome(Duration.decodeUnknown(given))
)

/** What every kind of device is configured with; what is left out is as in `Target.make`. */
export const TargetConfig = Schema.Struct({
  /** `https:` origin such as `https://fmc.example:443`. */
  url: Schema.NonEmptyString,
  /** How messages call the device. Default: the device's name in the configuration. */
  name: Schema.optional(Schema.NonEmptyString),
  /** What certificate is trusted: `system`, a fingerprint (`pin`), an authority (`ca`, `caFile`). Default: `system`. */
  trust: Schema.optional(TrustConfig),
  /**
   * Who logs in: `{ env: "FMC" }` for `FMC_USERNAME` and `FMC_PASSWORD`, `{ username, passwordFile }`,
   * `{ username, password }`, `{ tokenEnv: "CDFMC_TOKEN" }`, or in code any `Credentials`.
   */
  credentials: CredentialsConfig,
  /** Requests in any 60 seconds. Default: what the kind of device allows. */
  requestsPerMinute: Schema.optional(Schema.Number),
  maxConnections: Schema.optional(Schema.Number),
  maxBodyBytes: Schema.optional(Schema.Number),
  connectTimeout: Schema.optional(Length),
  handshakeTimeout: Schema.optional(Length),
  responseTimeout: Schema.optional(Length),
  serverName: Schema.optional(Schema.NonEmptyString),
  minTlsVersion: Schema.optional(Schema.Literal("TLSv1.2", "TLSv1.3"))
})
export type TargetConfig = typeof TargetConfig.Type

/** What a script may write for a `TargetConfig`. */
export type Encoded = typeof TargetConfig.Encoded

/**
 * Reads a configuration by its schema. Fails with `InvalidInput`, which names the field by its path and never shows what
 * stands there.
 */
export const read = <A, I>(
  schema: Schema.Schema<A, I>,
  given: unknown,
  path: string,
  kind?: string
): Effect.Effect<A, InvalidInput> =>
  Effect.mapError(
    Schema.decodeUnknown(schema, { onExcessProperty: "error", errors: "first" })(given),
    (error) => {
      const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
      const field = [path, ...(issue?.path ?? []).map(String)].filter((part) => part !== "").join(".")
      const whose = kind === undefined ? "" : ` for a device of kind ${JSON.stringify(kind)}`
      if (issue?._tag === "Unexpected" && issue.path.length < 2) {
        return new InvalidInput({ field, bound: `left out: there is no such field${whose}` })
      }
      const bound =
        issue?._tag === "Missing"
          ? "given"
          : (forms[String(issue?.path[0])] ?? `what its documentation says${whose}`)
      return new InvalidInput({ field, bound })
    }
  )

// Of several forms, an error of the schema speaks of the first alone.
const forms: Readonly<Record<string, string>> = {
  trust: '"system", "insecure", or an object with one of pin, ca and caFile, as text',
  credentials:
    "an object with env, with tokenEnv, with username and passwordFile, or with username and password, as text"
}

/** Whether a field is one of those that every kind of device has. */
export const isCommon = (field: string): boolean => Object.hasOwn(TargetConfig.fields, field)

/** The target and credentials that a configuration means. Fails with `InvalidInput`, which names the field at `path`. */
export const place = (
  { credentials, name, trust, ...options }: TargetConfig,
  path: string,
  deviceName?: string
): Effect.Effect<Place, InvalidInput> =>
  Effect.gen(function* () {
    const trusted = yield* at(path, trustOf(trust), "trust")
    const given = Object.entries({ ...options, name: name ?? deviceName, trust: trusted })
    const present = given.filter(([, value]) => value !== undefined)
    // An option that is undefined is left out, which the types of Target.make ask for.
    const target = yield* at(
      path,
      built(() => Target.make(Object.fromEntries(present) as unknown as Target.Options))
    )
    return { target, credentials: credentialsOf(credentials) }
  })

const trustOf = (trust: TargetConfig["trust"]): Effect.Effect<Trust.Trust, InvalidInput> => {
  if (trust === undefined || trust === "system") return Effect.succeed(Trust.system)
  if (trust === "insecure") return Effect.succeed(Trust.insecure)
  if ("pin" in trust) {
    return built(() => Trust.pin(...(typeof trust.pin === "string" ? [trust.pin] : trust.pin)))
  }
  if ("ca" in trust) return built(() => Trust.ca(trust.ca))
  const { caFile } = trust
  const bound = "a file that this process may read"
  return Effect.flatMap(
    Effect.tryPromise({
      try: () => readFile(caFile, "utf8"),
      catch: () => new InvalidInput({ field: "caFile", bound })
    }),
    (pem) => built(() => Trust.ca(pem))
  )
}

const credentialsOf = (given: TargetConfig["credentials"]): Credentials.Credentials => {
  if (isCredentials(given)) return given
  if ("env" in given) return Credentials.fromEnv(given.env)
  if ("tokenEnv" in given) return tokenFromEnv(given.tokenEnv)
  if ("passwordFile" in given) {
    return Credentials.fromFile({ username: given.username, path: given.passwordFile })
  }
  return Credentials.password({ username: given.username, password: Redacted.make(given.password) })
}

const tokenFromEnv = (name: string): Credentials.Credentials =>
  Effect.flatMap(
    Effect.mapError(
      Config.redacted(Config.nonEmptyString(name)),
      () => new InvalidInput({ field: name, bound: "set in the environment, and not empty" })
    ),
    Credentials.token
  )

/** What is thrown for a value that is out of bounds, as a failure. */
const built = <A>(build: () => A): Effect.Effect<A, InvalidInput> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(build())
    } catch (error) {
      return error instanceof InvalidInput ? Effect.fail(error) : Effect.die(error)
    }
  })

// Without what was given: a slip may have put a password there.
const at = <A>(
  path: string,
  work: Effect.Effect<A, InvalidInput>,
  field?: string
): Effect.Effect<A, InvalidInput> =>
  Effect.mapError(
    work,
    (error) => new InvalidInput({ field: within(path, field ?? error.field), bound: error.bound })
  )

const within = (path: string, field: string): string => (path === "" ? field : `${path}.${field}`)
