import type * as ConfigError from "effect/ConfigError"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { AuthError } from "./auth/AuthError.ts"
import * as AuthProvider from "./auth/AuthProvider.ts"
import * as Session from "./auth/Session.ts"
import * as SessionOptions from "./auth/SessionOptions.ts"
import { checkDefinition } from "./plugin/CheckDefinition.ts"
import * as OpenOptions from "./plugin/OpenOptions.ts"
import type * as Plugin from "./plugin/Plugin.ts"
import type { SubClients } from "./plugin/SubClients.ts"
import * as Promises from "./promises/Promises.ts"
import type { InvalidInput } from "./transport/DeviceError.ts"
import * as SendOptions from "./transport/SendOptions.ts"
import * as Pending from "./validation/Pending.ts"

export type { OpenOptions, Settings } from "./plugin/OpenOptions.ts"

/** `Opened` is what every backend is opened with: the device, and how its session behaves. */
type Opened = Session.Options & Pick<Plugin.DeviceConfig, "target">

/** `Definition` is all that is particular to one kind of device. */
export interface Definition<Id extends string, Self, Client, Options extends Opened, Config, Encoded>
  extends Omit<Plugin.Plugin<Id, Client, Config, Encoded>, "backend" | "subClients"> {
  /** `tag` is what a script asks for that is given one of the layers. */
  readonly tag: Context.Tag<Self, Client>
  /** `subClients` say which members of the client are clients in turn: for scripts that don't write Effect. */
  readonly subClients: SubClients<Client>
  /** `backend` makes the way to log in, and the client on a session. What `config` decodes to is among its options. */
  readonly backend: (options: Options) => Effect.Effect<Plugin.Backend<Client>, InvalidInput, Scope.Scope>
}

/** `Backend` is the seven ways in which scripts and programs reach one kind of device. */
export interface Backend<Id extends string, Self, Client, Options extends Opened, Config, Encoded>
  extends Promises.PromiseApi<Options, Encoded, Client> {
  /** `make` opens a session: logs in now, and logs out when the scope closes. */
  readonly make: (
    options: OpenOptions.OpenOptions<Options, Encoded>
  ) => Effect.Effect<Client, AuthError, Scope.Scope>
  /** `layer` opens the session when a script starts, and logs out when it ends. */
  readonly layer: (options: OpenOptions.OpenOptions<Options, Encoded>) => Layer.Layer<Self, AuthError>
  /**
   * `layerConfig` does the same from the environment, or whatever `ConfigProvider` is set, by the prefix of its
   * variables.
   */
  readonly layerConfig: (
    prefix: string,
    settings?: OpenOptions.Settings<Encoded>
  ) => Layer.Layer<Self, AuthError | ConfigError.ConfigError>
  /** `provider` gives the way to log in alone, for a `Session.layer` of one's own. */
  readonly provider: (
    options: OpenOptions.OpenOptions<Options, Encoded>
  ) => Layer.Layer<AuthProvider.AuthProvider, InvalidInput>
  /** `plugin` is the kind among the devices of a program. */
  readonly plugin: Plugin.Plugin<Id, Client, Config, Encoded>
}

/**
 * `make` gives a kind of device all the ways to reach it, from what is particular to it. Throws `InvalidInput` for what is
 * no plugin.
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
  Options extends Opened,
  Config extends Partial<Omit<Options, keyof Plugin.DeviceConfig>>,
  Encoded
>(
  definition: Definition<Id, Self, Client, Options, Config, Encoded>
): Backend<Id, Self, Client, Options, Config, Encoded> => {
  checkDefinition(definition, make)
  const { backend, tag, ...kind } = definition

  // The constraint on `Config` says that this is all of them; a compiler cannot follow it through a generic.
  const toOptions = (given: object) => given as Options
  const resolve = (given: unknown) => Effect.map(OpenOptions.resolve(kind, given), toOptions)

  const open = (options: Options): Effect.Effect<Client, AuthError, Scope.Scope> =>
    Effect.gen(function* () {
      const { client, provider } = yield* backend(options)
      return yield* client(yield* Session.make(provider, SessionOptions.of(options)))
    }).pipe(SendOptions.withSendOptions(options))
  const resolved = (given: unknown) => Effect.flatMap(resolve(given), open)

  const pending = Pending.effectOf(Object.keys(kind.subClients ?? {}))

  return {
    make: (given) => pending(resolved(given)),
    ...Promises.make(open, { resolve, subClients: kind.subClients }),
    layer: (given) => Layer.scoped(tag, resolved(given)),
    layerConfig: (prefix, settings = {} as OpenOptions.Settings<Encoded>) =>
      Layer.scoped(
        tag,
        Effect.flatMap(OpenOptions.fromEnv(kind, prefix, settings), (options) => open(toOptions(options)))
      ),
    provider: (given) =>
      Layer.scoped(
        AuthProvider.AuthProvider,
        Effect.map(Effect.flatMap(resolve(given), backend), ({ provider }) => provider)
      ),
    plugin: {
      ...kind,
      backend: (config, device) => backend(toOptions({ ...(config as object), ...device }))
    }
  }
}
