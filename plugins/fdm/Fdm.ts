import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import {
  type AuthError,
  type AuthProvider,
  Backend,
  Credentials,
  type InvalidInput,
  type Promises,
  refuseInput,
  type Session,
  type Target,
  Transport
} from "sallyport/plugin"
import * as ApiVersion from "./ApiVersion.ts"
import * as Client from "./Client.ts"
import * as GivenToken from "./GivenToken.ts"
import * as Passwords from "./Passwords.ts"
import * as Provider from "./Provider.ts"

const config = Schema.Struct({
  /**
   * `apiVersion` is a version such as `v6`, or `latest`.
   *
   * @default the newest that the device lists; where it lists none, the first of `latest`, `v2` and `v1` at which it
   * has a token operation
   */
  apiVersion: Schema.optional(
    Schema.NonEmptyString.annotations({ description: 'a version such as "v6", or "latest"' })
  ),
  /**
   * `node` is the node of a high-availability pair, where both answer at one address: a token belongs to one of them
   * (documented of custom tokens), so a `TokenStore` keeps them apart by this name.
   *
   * @default none: there is one device at the address
   */
  node: Schema.optional(Schema.NonEmptyString.annotations({ description: "text that is not empty" }))
})
type Config = typeof config.Type

/** `Settings` are what a script may set beside the device and its login. */
export interface Settings extends Session.Options, Config {}

/** `Login` is either credentials to log in with, or a custom token to run on. */
export type Login =
  | { readonly credentials: Credentials.Credentials; readonly token?: never }
  | {
      /**
       * `token` is a custom token, or its access token alone. It is used as it is, refreshed as long as it can be, and
       * never revoked; when it is used up, the session fails with `TokenRejected`. A refresh replaces what was given:
       * what is good from then on is in `session.token`.
       */
      readonly token: GivenToken.GivenToken
      readonly credentials?: never
    }

/** `Options` are what a session on an FDM needs, and how it behaves. */
export type Options = Settings & Login & { readonly target: Target.Target }

interface BackendParts {
  readonly provider: AuthProvider.AuthProvider
  readonly version: ApiVersion.ApiVersion
  /** `passwords` are not there where the session runs on a custom token. */
  readonly passwords: Passwords.Passwords | undefined
}

const backendParts = (options: Options): Effect.Effect<BackendParts, InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const { credentials, target, token } = options
    const fixed = yield* ApiVersion.validate(options.apiVersion)
    const transport = yield* Transport.make(target)
    const version = ApiVersion.make(ApiVersion.listByTransport(transport), fixed)
    if (credentials !== undefined && token === undefined) {
      if (!Effect.isEffect(credentials)) {
        return yield* refuseInput(
          "credentials",
          `they are no Credentials; give Credentials.fromEnv("FDM"), Credentials.password({ username, password }) or another Effect of an account.`
        )
      }
      const passwords = Passwords.make(credentials, (own) => Provider.make(transport, version, own))
      return { version, passwords, provider: { ...passwords.provider, node: options.node } }
    }
    if (token !== undefined && credentials === undefined) {
      const given = yield* GivenToken.validate(token)
      const account = Credentials.token(GivenToken.accessOf(given))
      const login = GivenToken.login(target.name, given)
      const provider = { ...Provider.make(transport, version, account), login }
      return { version, passwords: undefined, provider }
    }
    // The types say so too; a script in JavaScript has none.
    return yield* refuseInput(
      "options",
      "they have both credentials and token, or neither; give exactly one of the two."
    )
  })

/** `OpenOptions` say where an FDM is, who logs in, and how its session behaves. */
export type OpenOptions = Backend.OpenOptions<Options, Config>

const fdm = Backend.make({
  id: "fdm",
  version: "0.2.0",
  pluginInterface: 1,
  capabilities: ["objects", "deploy", "pendingChanges", "highAvailability", "files", "sessions"],
  config,
  tag: Client.Fdm,
  subClients: Client.subClients,
  backend: (options: Options) =>
    Effect.map(backendParts(options), ({ passwords, provider, version }) => ({
      provider,
      client: (session) =>
        Effect.succeed(
          Client.clientOn(session, {
            apiVersion: version.current,
            passwords,
            runsOnCustomToken: options.token !== undefined
          })
        )
    }))
})

/**
 * `make` opens a session on an FDM: logs in now and logs out when the scope closes. A device has five sessions, which
 * scripts share with the web interface: a sixth silently ends the oldest (FTD guide, Authenticating Your REST API
 * Client Using OAuth).
 *
 * Fails with `CredentialsRefused`, `TokenRejected`, `TrustRefused`, `DeviceUnreachable`, `DeviceBusy`, `DeviceRefused`,
 * `ProtocolViolation` or `InvalidInput`.
 *
 * @example
 * const fdm = yield* Fdm.make({ url: "https://fdm.example", credentials: { env: "FDM" } })
 * const networks = yield* fdm.http.get("/object/networks", { urlParams: { limit: 100 } })
 */
export const make: (options: OpenOptions) => Effect.Effect<Client.Fdm, AuthError, Scope.Scope> = fdm.make

/**
 * `use` is for scripts that don't write Effect: it opens a session, hands over the client with promises in place of
 * effects, and logs out when the function is over, whatever happens; `open` is the same for `await using`. They reject
 * with the same errors as `make`, told apart by `error._tag`.
 *
 * @example
 * await Fdm.use("FDM", async (fdm) => {
 *   for await (const network of fdm.networks.list()) console.log(network.name, network.value)
 * })
 */
export const use: Promises.PromiseApi<Options, Config, Client.Fdm>["use"] = fdm.use
/** `open` is `use` without a function round it; see `Fmc.open`. */
export const open: Promises.PromiseApi<Options, Config, Client.Fdm>["open"] = fdm.open

/** `layer` opens the session when a script starts and logs out when it ends. Fails as `make` does. */
export const layer: (options: OpenOptions) => Layer.Layer<Client.Fdm, AuthError> = fdm.layer

/**
 * `layerConfig` gives the same from the environment, or whatever `ConfigProvider` is set: for the prefix `FDM` from
 * `FDM_URL`, `FDM_USERNAME`, `FDM_PASSWORD` and the other variables of `OpenOptions`. Fails as `make` does, and with a
 * `ConfigError` for what is missing.
 *
 * @example
 * Main.run(Effect.provide(script, Fdm.layerConfig("FDM")))
 */
export const layerConfig: (
  prefix: string,
  settings?: Settings
) => Layer.Layer<Client.Fdm, AuthError | ConfigError.ConfigError> = fdm.layerConfig

/**
 * `provider` gives the FDM's way to log in, for a `Session.layer` of one's own. Fails with `InvalidInput` for an
 * option.
 */
export const provider: (options: OpenOptions) => Layer.Layer<AuthProvider.AuthProvider, InvalidInput> =
  fdm.provider

/**
 * `plugin` is an FDM among the devices of a program: `{ kind: "fdm", url, credentials, apiVersion: "v6", node:
 * "primary" }`.
 */
export const { plugin } = fdm
