import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { SessionClosed } from "../auth/AuthError.ts"
import type { DeviceConfig } from "../plugin/Plugin.ts"
import type { SubClients } from "../plugin/SubClients.ts"
import * as TargetConfig from "../plugin/TargetConfig.ts"
import * as FailureText from "../process/FailureText.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as CallSite from "./CallSite.ts"
import { type PromiseClient, toPromiseClient } from "./PromiseClient.ts"
import * as PromiseScope from "./PromiseScope.ts"
import * as RepeatOptions from "./RepeatOptions.ts"

export type { SubClients } from "../plugin/SubClients.ts"
export type { PromiseClient } from "./PromiseClient.ts"
export { devices, type PromiseDeviceKinds, type PromiseDevices } from "./PromiseDevices.ts"
export type { PromiseList } from "./PromiseList.ts"
export type { Repeat } from "./RepeatOptions.ts"

/**
 * `OpenClient` is an open client. It is logged out by `close`, at the end of an `await using` block, and before the
 * process ends.
 */
export type OpenClient<Client> = PromiseClient<Client> & PromiseScope.Closable

/**
 * `OpenOptions` say where the device is and who logs in: the prefix of variables in the environment, such as `FMC` for
 * `FMC_URL`, `FMC_USERNAME` and `FMC_PASSWORD`, alone or as `env` beside settings; `Target` and `Credentials`; or plain
 * data.
 */
export type OpenOptions<Options extends Pick<DeviceConfig, "target">> =
  | string
  | ((Options | (({ readonly env: string } | TargetConfig.Encoded) & Settings<Options>)) &
      RepeatOptions.RepeatOptions)

/**
 * `Settings` are what a plugin can be told beside the device's configuration; of a plugin that can be opened in several
 * ways, what all of them know.
 */
type Settings<Options> = Omit<Options, keyof DeviceConfig | keyof TargetConfig.Encoded>

/**
 * `PromiseApi` is the way in for scripts that don't write Effect.
 *
 * A process that ends logs out first, on a signal, on `process.exit` and on what nobody catches; what is opened then is
 * `SessionClosed`. Where the program listens to such a signal, or to `uncaughtException` or `unhandledRejection`,
 * itself, that event is left to it: its sessions stay open until it closes them, calls `process.exit` or has nothing
 * more to do.
 */
export interface PromiseApi<Options extends Pick<DeviceConfig, "target">, Client> {
  /**
   * `use` opens a session, hands the client to `body`, and logs out when that is over: whether it returns or throws,
   * and on Ctrl-C. What fails rejects with the same errors as elsewhere: `error._tag` tells them apart.
   */
  readonly use: <A>(
    given: OpenOptions<Options>,
    body: (client: PromiseClient<Client>) => Promise<A> | A
  ) => Promise<A>
  /** `open` opens a session that is logged out by `close`, by `await using`, and before the process ends. */
  readonly open: (given: OpenOptions<Options>) => Promise<OpenClient<Client>>
}

/** `PromiseOptions` are what a plugin says of its client for scripts with promises. */
export interface PromiseOptions<Client> {
  /**
   * `subClients` say which members of the client are clients in turn; all that a client gives beside is handed on
   * untouched.
   */
  readonly subClients: SubClients<Client>
  /**
   * `fromEnv` reads where the device is and who logs in, from variables with a prefix.
   *
   * @default `TargetConfig.fromEnv`
   */
  readonly fromEnv?: typeof TargetConfig.fromEnv
}

/**
 * `make` makes `open` and `use` of a plugin from the way in which it is opened with Effect.
 *
 * @example
 * export const { open, use } = Promises.make(make, { subClients: { session: {}, rest: {}, hosts: {} } })
 */
export const make = <Options extends Pick<DeviceConfig, "target">, Client, E>(
  opening: (options: Options) => Effect.Effect<Client, E, Scope.Scope>,
  { fromEnv = TargetConfig.fromEnv, subClients }: PromiseOptions<Client>
): PromiseApi<Options, Client> => {
  const opened = (given: OpenOptions<Options>, entry: PromiseScope.PromiseScope, site: CallSite.CallSite) =>
    entry.open(
      Effect.gen(function* () {
        const runner = yield* RepeatOptions.withRepeats(given, entry)
        const options = yield* resolveOptions(given, fromEnv)
        if (PromiseScope.isEnding()) return yield* new SessionClosed({ targetName: options.target.name })
        // Its promises are made in here: a promise would call a client's own "then".
        return toPromiseClient(yield* opening(options), subClients, runner)
      }),
      site
    )
  const open: PromiseApi<Options, Client>["open"] = (given) => {
    const site = CallSite.callerOf(open)
    return PromiseScope.openScope((entry) => opened(given, entry, site))
  }
  const use: PromiseApi<Options, Client>["use"] = (given, body) => {
    const site = CallSite.callerOf(use)
    return PromiseScope.withScope((entry) => opened(given, entry, site), body)
  }
  return { open, use }
}

/** `resolveOptions` reads plain data as what it means; what is there already stays as it is. */
const resolveOptions = <Options extends Pick<DeviceConfig, "target">>(
  given: OpenOptions<Options>,
  fromEnv: typeof TargetConfig.fromEnv
): Effect.Effect<Options, InvalidInput> =>
  Effect.gen(function* () {
    const known: object = typeof given === "string" ? { env: given } : given
    const entries = Object.entries(known ?? {}).filter(([key]) => !RepeatOptions.isRepeatOption(key))
    const all = Object.fromEntries(entries)
    if ("target" in all) return all as unknown as Options // the other forms have no target
    const { env, ...rest } = all
    const common = Object.fromEntries(Object.entries(rest).filter(([key]) => TargetConfig.isTargetField(key)))
    const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !TargetConfig.isTargetField(key)))
    const deviceConfig =
      env === undefined ? yield* fromConfig(common) : yield* fromPrefix(env, common, fromEnv)
    const whole: object = { ...own, ...deviceConfig }
    // What is left of the options, and the device that they lacked.
    return whole as Options
  })

const fromConfig = (common: object): Effect.Effect<DeviceConfig, InvalidInput> =>
  Effect.flatMap(TargetConfig.decode(TargetConfig.TargetConfig, common, ""), (config) =>
    TargetConfig.deviceConfig(config, "")
  )

const fromPrefix = (
  prefix: unknown,
  common: object,
  fromEnv: typeof TargetConfig.fromEnv
): Effect.Effect<DeviceConfig, InvalidInput> => {
  const [field] = Object.keys(common)
  if (field !== undefined) {
    const message = `${field}: the place is read from the environment, so this cannot stand beside env; leave one of the two out.`
    return Effect.fail(new InvalidInput({ field, message }))
  }
  if (typeof prefix !== "string" || prefix === "") {
    const message = 'env: this is no prefix of variables; give one such as "FMC", for FMC_URL and its like.'
    return Effect.fail(new InvalidInput({ field: "env", message }))
  }
  return Effect.mapError(fromEnv(prefix), (error) => {
    if (!ConfigError.isConfigError(error)) return error
    const names = FailureText.configErrorText(error)
    const [field = prefix] = names.split(" ", 1)
    const message = `${names}; set what is missing in the environment, or give url, trust and credentials.`
    return new InvalidInput({ field, message })
  })
}
