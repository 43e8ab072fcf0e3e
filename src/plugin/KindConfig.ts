import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import type * as Schema from "effect/Schema"
import type { CredentialsConfig } from "../auth/CredentialsConfig.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as EnvironmentFields from "../validation/EnvironmentFields.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as InputSource from "../validation/InputSource.ts"
import type { DeviceConfig } from "./Plugin.ts"
import * as TargetConfig from "./TargetConfig.ts"

/** `Kind` is what of a plugin the configuration of its devices is read by. */
export interface Kind<Config, Encoded> {
  readonly id: string
  readonly config: Schema.Schema<Config, Encoded>
}

/** `DecodedDevice` is a device as its configuration means it, with what its kind has beside. */
export interface DecodedDevice<Config> {
  readonly config: Config
  readonly deviceConfig: DeviceConfig
}

/**
 * `decode` gives what data at a path means for a device of this kind. `name` is what it is called where the data does
 * not say, and `beside` are names of what else may be given where it stands. Fails with `InvalidInput`, which never shows
 * what stands there.
 */
export const decode = <Config, Encoded>(
  kind: Kind<Config, Encoded>,
  given: Readonly<Record<string, unknown>>,
  path: string,
  name?: string,
  beside: ReadonlyArray<string> = []
): Effect.Effect<DecodedDevice<Config>, InvalidInput> => {
  const [own, common] = Record.partition(given, (_, field) => TargetConfig.isTargetField(field))
  return Effect.all({
    deviceConfig: TargetConfig.decode(common, path, name),
    config: InputSchema.decode(kind.config, own, InputSource.dataAt(path), ownerOf(kind), [
      ...TargetConfig.names,
      ...beside
    ])
  })
}

/**
 * `fromEnv` gives the same from the environment; what is given beside goes before the kind's own variables, such as
 * `FMC_TOKEN_LIFETIME`. Fails with `ConfigError` for what is missing, and with `InvalidInput`.
 */
export const fromEnv = <Config, Encoded>(
  kind: Kind<Config, Encoded>,
  prefix: string,
  credentials: CredentialsConfig | undefined,
  given: Readonly<Record<string, unknown>>
): Effect.Effect<DecodedDevice<Config>, ConfigError.ConfigError | InvalidInput> =>
  Effect.gen(function* () {
    const deviceConfig = yield* TargetConfig.fromEnv(prefix, credentials)
    const set = yield* EnvironmentFields.read(prefix, kind.config)
    const field = (option: string) =>
      Object.hasOwn(set, option) && !Object.hasOwn(given, option)
        ? EnvironmentFields.variableOf(prefix, option)
        : option
    const source = { field, isSafeToShow: false }
    const config = yield* InputSchema.decode(kind.config, { ...set, ...given }, source, ownerOf(kind))
    return { deviceConfig, config }
  })

const ownerOf = ({ id }: { readonly id: string }): string => `a device of kind ${JSON.stringify(id)}`
