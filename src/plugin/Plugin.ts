import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { AuthProvider } from "../auth/AuthProvider.ts"
import type { Credentials } from "../auth/Credentials.ts"
import type { CredentialsConfig } from "../auth/CredentialsConfig.ts"
import type { Session } from "../auth/Session.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type { Target } from "../transport/Target.ts"
import { checkWhole } from "./CheckDefinition.ts"
import type { SubClients } from "./SubClients.ts"

export { interfaceVersion, PluginMismatch } from "./PluginMismatch.ts"

/** `DeviceConfig` is where a device is, and who logs in. */
export interface DeviceConfig {
  readonly target: Target
  readonly credentials: Credentials
}

/** `Backend` is what speaks with one device: how it logs in, and the client on the session. */
export interface Backend<Client> {
  readonly provider: AuthProvider
  /** `client` gives the client on an open session; what it begins ends with the scope. */
  readonly client: (session: Session) => Effect.Effect<Client, never, Scope.Scope>
}

/** `Capability` is what scripts can do with a kind of device, beside requests of their own. */
export type Capability =
  | "objects"
  | "bulk"
  | "deploy"
  | "pendingChanges"
  | "highAvailability"
  | "audit"
  | "files"
  | "sessions"

/**
 * `Plugin` is a kind of device: all that Sallyport needs to know of it, as one value. Nothing registers itself
 * anywhere; a program names the plugins that it uses.
 *
 * @example
 * export const plugin = Plugin.make({
 *   id: "asa", version: "1.0.0", pluginInterface: 1, capabilities: [], config: Schema.Struct({}),
 *   backend: (_, device) => Effect.map(Transport.make(device.target), (transport) => ({
 *     provider: Provider.make(transport, device.credentials),
 *     client: (session) => Effect.succeed({ session })
 *   }))
 * })
 */
export interface Plugin<Id extends string, Client, Config, Encoded> {
  /** `id` is what a configuration calls it: `kind: "fmc"`. */
  readonly id: Id
  /** `version` is the plugin's own version, for messages. */
  readonly version: string
  /** `pluginInterface` is the plugin interface that it was written for: the `interfaceVersion` of its day. */
  readonly pluginInterface: number
  /** `capabilities` say what its client can do. */
  readonly capabilities: ReadonlyArray<Capability>
  /** `config` is what a configuration says beside address, trust and credentials, which all kinds have. */
  readonly config: Schema.Schema<Config, Encoded>
  /** `backend` makes the way to log in to a device of this kind, and the client on a session. */
  readonly backend: (
    config: Config,
    deviceConfig: DeviceConfig
  ) => Effect.Effect<Backend<Client>, InvalidInput, Scope.Scope>
  /**
   * `credentialsFromEnv` says where in the environment the account is.
   *
   * @default (prefix) => ({ env: prefix })
   */
  readonly credentialsFromEnv?: ((prefix: string) => CredentialsConfig) | undefined
  /**
   * `subClients` say which members of the client are clients in turn: for scripts that don't write Effect.
   *
   * @default `session` and `rest`
   */
  readonly subClients?: SubClients<Client>
}

/** `AnyPlugin` is a plugin of whatever kind. */
export interface AnyPlugin {
  readonly id: string
  readonly version: string
  readonly pluginInterface: number
  readonly capabilities: ReadonlyArray<Capability>
  readonly config: Schema.Schema.AnyNoContext
  readonly backend: (
    config: never,
    deviceConfig: DeviceConfig
  ) => Effect.Effect<Backend<unknown>, InvalidInput, Scope.Scope>
  readonly credentialsFromEnv?: ((prefix: string) => CredentialsConfig) | undefined
  readonly subClients?: object
}

/** `make` defines a plugin, with its types found from what is given. Throws `InvalidInput` for what is none. */
export const make = <const Id extends string, Client, Config, Encoded>(
  plugin: Plugin<Id, Client, Config, Encoded>
): Plugin<Id, Client, Config, Encoded> => {
  checkWhole(plugin, make)
  return plugin
}
