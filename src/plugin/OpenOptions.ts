import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type * as Session from "../auth/Session.ts"
import * as SessionOptions from "../auth/SessionOptions.ts"
import type { Fields } from "../client/fields/ListEntry.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as Target from "../transport/Target.ts"
import * as EnvironmentFields from "../validation/EnvironmentFields.ts"
import * as EnvironmentVariable from "../validation/EnvironmentVariable.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { leaveOut, nearest } from "../validation/Spelling.ts"
import * as KindConfig from "./KindConfig.ts"
import type { AnyPlugin, DeviceConfig } from "./Plugin.ts"
import * as TargetConfig from "./TargetConfig.ts"

/**
 * `OpenOptions` say where a device is and who logs in: the prefix of variables in the environment, such as `FMC` for
 * `FMC_URL`, `FMC_USERNAME` and `FMC_PASSWORD`, alone or as `env` beside settings; data, as a file has it; or a
 * `Target` and `Credentials`.
 */
export type OpenOptions<Options, Encoded> = string | OpenObject<Options, Encoded>

/** `OpenObject` is whatever of them can have more beside. */
export type OpenObject<Options, Encoded> =
  | Options
  | (TargetConfig.Encoded & Settings<Encoded> & { readonly target?: never; readonly env?: never })
  | ({ readonly env: string; readonly target?: never } & Settings<Encoded>)

/** `Settings` are what can be set beside: of the session, and of this kind of device. */
export type Settings<Encoded> = Session.Options & Encoded

/** `OpenKind` is what of a kind of device its options are read by. */
export interface OpenKind<Config, Encoded>
  extends KindConfig.Kind<Config, Encoded>,
    Pick<AnyPlugin, "credentialsFromEnv"> {}

/** `OpenedWith` is what all of them mean. */
type OpenedWith<Config> = DeviceConfig & Session.Options & Config

/**
 * `resolve` gives what the options mean, whatever their form. Fails with `InvalidInput`: of data and settings also for
 * a field that there is not.
 */
export const resolve = <Config, Encoded>(
  kind: OpenKind<Config, Encoded>,
  given: unknown
): Effect.Effect<OpenedWith<Config>, InvalidInput> =>
  Effect.gen(function* () {
    const options = typeof given === "string" ? { env: given } : given
    if (!Predicate.isReadonlyRecord(options)) {
      return yield* refuseInput(
        "options",
        'there are none; give an object such as { url: "https://fmc.example", credentials: { env: "FMC" } }, one with target and credentials, or the prefix of variables.'
      )
    }
    if ("target" in options) {
      yield* Target.check(options.target)
      yield* checkBeside(kind, options)
      return options as unknown as OpenedWith<Config> // what else it holds, the plugin's own types say
    }
    const { env, ...data } = options
    return env === undefined ? yield* fromData(kind, data) : yield* fromPrefix(kind, env, data)
  })

/**
 * `checkBeside` finds what stands beside a target and would be passed over: a field of the target itself, or a slip of the
 * pen. A plugin may have options that no data can hold, so that others are the plugin's to judge.
 */
const checkBeside = <Config, Encoded>(
  { config, id }: OpenKind<Config, Encoded>,
  options: Fields
): Effect.Effect<void, InvalidInput> => {
  const known = ["target", "credentials", ...SessionOptions.names, ...EnvironmentFields.namesOf(config)]
  for (const [field, value] of Object.entries(options)) {
    if (value === undefined || known.includes(field)) continue
    if (TargetConfig.isTargetField(field))
      return refuseInput(
        field,
        "it is of the target, which is made already; give it to Target.make, or give url and all else in place of the target."
      )
    const meant = nearest(field, known)
    if (meant !== undefined)
      return refuseInput(
        field,
        `a device of kind ${JSON.stringify(id)} has no such option; ${leaveOut(field, known)}`
      )
  }
  return Effect.void
}

const fromData = <Config, Encoded>(kind: OpenKind<Config, Encoded>, data: Fields) => {
  const { device, session } = split(data)
  return Effect.map(KindConfig.decode(kind, device, "", undefined, SessionOptions.names), (decoded) => ({
    ...session,
    ...decoded.config,
    ...decoded.deviceConfig
  }))
}

/** `fromEnv` gives the same from the environment, and from settings. Fails with `ConfigError` for what is missing. */
export const fromEnv = <Config, Encoded>(
  kind: OpenKind<Config, Encoded>,
  prefix: unknown,
  settings: object
): Effect.Effect<OpenedWith<Config>, InvalidInput | ConfigError.ConfigError> => {
  if (!EnvironmentVariable.isPrefix(prefix)) return EnvironmentVariable.refusePrefix("env")
  const { device, session } = split({ ...settings })
  const decoded = KindConfig.fromEnv(kind, prefix, kind.credentialsFromEnv?.(prefix), device)
  return Effect.map(decoded, ({ config, deviceConfig }) => ({ ...session, ...config, ...deviceConfig }))
}

const fromPrefix = <Config, Encoded>(kind: OpenKind<Config, Encoded>, prefix: unknown, settings: Fields) => {
  const field = Object.keys(settings).find(TargetConfig.isTargetField)
  if (field !== undefined) {
    return refuseInput(
      field,
      "the place is read from the environment, so this cannot stand beside env; leave one of the two out."
    )
  }
  return Effect.mapError(fromEnv(kind, prefix, settings), (error) => {
    if (!ConfigError.isConfigError(error)) return error
    const names = EnvironmentVariable.configErrorText(error)
    const message = `${names}; set what is missing in the environment, or give url, trust and credentials.`
    return new InvalidInput({ field: names.split(" ", 1)[0] ?? "env", message })
  })
}

/** `split` tells the options of a session from what the device is configured with. What is undefined is left out. */
const split = (options: Fields) => {
  const given = Record.filter(options, (value) => value !== undefined)
  const [device, session] = Record.partition(given, (_, name) => SessionOptions.isOption(name))
  // Session.make looks at each.
  return { device, session: session as Session.Options }
}
