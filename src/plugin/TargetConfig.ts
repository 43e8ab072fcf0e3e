import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as CredentialsConfig from "../auth/CredentialsConfig.ts"
import { attemptInput } from "../transport/AttemptInput.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as Target from "../transport/Target.ts"
import * as TargetOptions from "../transport/TargetOptions.ts"
import * as EnvironmentVariable from "../validation/EnvironmentVariable.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as InputSource from "../validation/InputSource.ts"
import type { DeviceConfig } from "./Plugin.ts"

export { DurationConfig } from "../validation/TimerLength.ts"

/** `TargetConfig` is what every kind of device is configured with; what is left out is as in `Target.make`. */
export const TargetConfig = Schema.Struct({
  ...TargetOptions.TargetOptions.fields,
  /**
   * `credentials` say who logs in: `{ env: "FMC" }` for `FMC_USERNAME` and `FMC_PASSWORD`, `{ username, passwordFile
   * }`, `{ username, command: ["op", "read", "op://net/fmc/password"] }`, `{ username, prompt: true }`, `{ username,
   * password }`, `{ tokenEnv: "CDFMC_TOKEN" }`, or in code any `Credentials`. `account: "shared"` or `"local"` beside a
   * user name says whose it is; see `Credentials.Account`.
   */
  credentials: CredentialsConfig.CredentialsConfig
})

const Named = TargetConfig.pick("credentials")

/** `Encoded` is what a script or a file may write for a `TargetConfig`. */
export interface Encoded extends Schema.Schema.Encoded<typeof TargetConfig> {}

/** `names` are those of the fields that every kind of device has. */
export const names: ReadonlyArray<string> = Object.keys(TargetConfig.fields)

/** `isTargetField` says whether a field is one of those that every kind of device has. */
export const isTargetField = (field: string): boolean => Object.hasOwn(TargetConfig.fields, field)

/**
 * `decode` gives the target and credentials that data at a path means. Fails with `InvalidInput`, which names the
 * field by that path and never shows what stands there. `name` is what the device is called where the data does not say.
 */
export const decode = (
  given: unknown,
  path: string,
  name?: string
): Effect.Effect<DeviceConfig, InvalidInput> =>
  Effect.gen(function* () {
    const source = InputSource.dataAt(path)
    const { credentials, ...options } = yield* InputSchema.decode(TargetConfig, given, source, "a device")
    const target = yield* attemptInput(() =>
      Target.fromSource({ ...options, name: options.name ?? name }, source)
    )
    return {
      target,
      credentials: CredentialsConfig.toCredentials(credentials, source.field("credentials"))
    }
  })

/**
 * `fromEnv` gives the same from the environment, or whatever `ConfigProvider` is set: for the prefix `FMC`, `FMC_URL`,
 * `FMC_USERNAME`, `FMC_PASSWORD` or `FMC_PASSWORD_FILE`, `FMC_PIN` or `FMC_CA_FILE` for a certificate that the system
 * does not trust, and any other field of `TargetConfig` by its own name: `FMC_PROXY`, `FMC_CONNECT_TIMEOUT`.
 *
 * Fails with `ConfigError` for whatever is missing, told together, and with `InvalidInput`.
 */
export const fromEnv = (
  prefix: string,
  credentials: CredentialsConfig.CredentialsConfig = { env: prefix }
): Effect.Effect<DeviceConfig, ConfigError.ConfigError | InvalidInput> =>
  Effect.gen(function* () {
    if (!EnvironmentVariable.isPrefix(prefix)) return yield* EnvironmentVariable.refusePrefix()
    yield* InputSchema.check(Named, { credentials }, "a device")
    const account = CredentialsConfig.toCredentials(credentials, "credentials")
    // All at once, so that whatever is missing is told together; the account is asked for again at each login.
    const required = yield* Effect.exit(
      Config.all([Config.nonEmptyString(`${prefix}_URL`), CredentialsConfig.variablesOf(credentials)])
    )
    if (Exit.isFailure(required)) {
      const error = Option.getOrUndefined(Cause.failureOption(required.cause))
      if (error !== undefined && ConfigError.isMissingDataOnly(error)) return yield* Effect.fail(error)
      // A variable that is no good, or may not be read, is told by its name alone; a ConfigError would show it.
      yield* Effect.catchTag(account, "CredentialsRefused", () => Effect.void)
    }
    return { target: yield* Target.fromEnv(prefix), credentials: account }
  })
