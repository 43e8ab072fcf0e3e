import type * as ConfigError from "effect/ConfigError"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { AuthError } from "./auth/AuthError.ts"
import * as AuthProvider from "./auth/AuthProvider.ts"
import * as Session from "./auth/Session.ts"
import * as Plugin from "./plugin/Plugin.ts"
import type { SubClients } from "./plugin/SubClients.ts"
import * as TargetConfig from "./plugin/TargetConfig.ts"
import * as Promises from "./promises/Promises.ts"
import type { InvalidInput } from "./transport/DeviceError.ts"
import * as SendOptions from "./transport/SendOptions.ts"

/** `OpenOptions` are what every backend needs: the device, and how its session behaves. */
type OpenOptions = Session.Options & Pick<Plugin.DeviceConfig, "target">

/** `Settings` are what a script may set beside the device and its account. */
type Settings<Options> = Omit<Options, keyof Plugin.DeviceConfig>

/** `Definition` is all that is particular to one kind of device. */
export interface Definition<Id extends string, Self, Client, Options extends OpenOptions, Config, Encoded>
  extends Omit<Plugin.Plugin<Id, Client, Config, Encoded>, "backend" | "subClients"> {
  /** `tag` is what a script asks for that is given one of the layers. */
  readonly tag: Context.Tag<Self, Client>
  /** `subClients` say which members of the client are clients in turn: for scripts that don't write Effect. */
  readonly subClients: SubClients<Client>
  /**
   * `fromEnv` reads the device and its account from variables with a prefix.
   *
   * @default `TargetConfig.fromEnv`
   */
  readonly fromEnv?: typeof TargetConfig.fromEnv
  /** `backend` makes the way to log in, and the client on a session. What `config` decodes to is among its options. */
  readonly backend: (options: Options) => Effect.Effect<Plugin.Backend<Client>, InvalidInput, Scope.Scope>
}

/** `Backend` is the seven ways in which scripts and programs reach one kind of device. */
export interface Backend<Id extends string, Self, Client, Options extends OpenOptions, Config, Encoded>
  extends Promises.PromiseApi<Options, Client> {
  /** `make` opens a session: logs in now, and logs out when the scope closes. */
  readonly make: (options: Options) => Effect.Effect<Client, AuthError, Scope.Scope>
  /** `layer` opens the session when a script starts, and logs out when it ends. */
  readonly layer: (options: Options) => Layer.Layer<Self, AuthError>
  /**
   * `layerConfig` does the same from the environment, or whatever `ConfigProvider` is set, by the prefix of its
   * variables.
   */
  readonly layerConfig: (
    prefix: string,
    settings?: Settings<Options>
  ) => Layer.Layer<Self, AuthError | ConfigError.ConfigError>
  /** `provider` gives the way to log in alone, for a `Session.layer` of one's own. */
  readonly provider: (options: Options) => Layer.Layer<AuthProvider.AuthProvider, InvalidInput>
  /** `plugin` is the kind among the devices of a program. */
  readonly plugin: Plugin.Plugin<Id, Client, Config, Encoded>
}

/**
 * `make` gives a kind of device all the ways to reach it, from what is particular to it.
 *
 * @example
 * const asa = Backend.make({
 *   id: "asa", version: "1.0.0", pluginInterface: 1, capabilities: [], config: Schema.Struct({}), tag: Asa,
 *   subClients: { session: {}, rest: {} },
 *   backend: (options: Options) =>
 *     Effect.map(Transport.make(options.target), (transport) => ({
 *       provider: Provider.make(transport, options.credentials),
 *       client: (session) => Effect.succeed(client(session))
 *     }))
 * })
 * export const { layer, layerConfig, make, open, plugin, provider, use } = asa
 */
export const make = <
  const Id extends string,
  Self,
  Client,
  Options extends OpenOptions,
  Config extends Partial<Settings<Options>>,
  Encoded
>(
  definition: Definition<Id, Self, Client, Options, Config, Encoded>
): Backend<Id, Self, Client, Options, Config, Encoded> => {
  const { backend, fromEnv = TargetConfig.fromEnv, tag, ...described } = definition

  const make = (options: Options): Effect.Effect<Client, AuthError, Scope.Scope> =>
    Effect.gen(function* () {
      const { client, provider } = yield* backend(options)
      return yield* client(yield* Session.make(provider, options))
    }).pipe(SendOptions.withSendOptions(options))

  // The constraint on `Config` says that this is all of them; a compiler cannot follow it through a generic.
  const optionsOf = (settings: object, device: Plugin.DeviceConfig) =>
    ({ ...settings, ...device }) as unknown as Options

  return {
    make,
    ...Promises.make(make, { subClients: described.subClients, fromEnv }),
    layer: (options) => Layer.scoped(tag, make(options)),
    layerConfig: (prefix, settings = {} as Settings<Options>) =>
      Layer.scoped(
        tag,
        Effect.flatMap(fromEnv(prefix), (device) => make(optionsOf(settings, device)))
      ),
    provider: (options) =>
      Layer.scoped(
        AuthProvider.AuthProvider,
        Effect.map(backend(options), ({ provider }) => provider)
      ),
    plugin: Plugin.make({
      ...described,
      backend: (config: Config, device) => backend(optionsOf(config as object, device))
    })
  }
}
