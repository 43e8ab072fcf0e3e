import type * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import {
  type AuthError,
  type AuthProvider,
  Backend,
  BasePath,
  Credentials,
  InvalidInput,
  type Promises,
  Rest,
  type Session,
  type SessionError,
  StatusFilter,
  type Target,
  Transport
} from "sallyport/plugin"
import * as Accounts from "./Accounts.ts"
import * as ActiveSessions from "./ActiveSessions.ts"
import * as ApiVersion from "./ApiVersion.ts"
import * as Backups from "./Backups.ts"
import * as CustomToken from "./CustomToken.ts"
import * as Deploy from "./Deploy.ts"
import * as ErrorMessages from "./ErrorMessages.ts"
import * as Files from "./Files.ts"
import * as GivenToken from "./GivenToken.ts"
import * as HaStatus from "./HaStatus.ts"
import * as Objects from "./Objects.ts"
import * as Passwords from "./Passwords.ts"
import * as Provider from "./Provider.ts"

/**
 * `Fdm` is a session on a device that manages itself. Its verbs wait while the configuration database is locked (423)
 * and, where they only read, while the device has no time (503); what outlasts the session's retries is `DeviceRefused`
 * or `DeviceBusy`. A change that meets a 503 is not repeated, since it may have been carried out: it is `DeviceBusy`.
 */
export interface Fdm
  extends CustomToken.CustomTokens,
    Objects.Kinds,
    Deploy.Deploy,
    ActiveSessions.ActiveSessions,
    Files.Files,
    Backups.Backups,
    Accounts.Accounts {
  /** `session` is the session that all requests go through. */
  readonly session: Session.Session
  /**
   * `apiVersion` is a version such as `v6`, or `latest`.
   *
   * @default the newest that the device lists; where it lists none, the first of `latest`, `v2` and `v1` at which it
   * has a token operation
   */
  readonly apiVersion: Effect.Effect<string, SessionError>
  /**
   * `http` is the session's client, with a path such as `/object/networks` meant below `/api/fdm/{version}`. A path
   * that starts with `/api/` is taken as it is.
   */
  readonly http: HttpClient.HttpClient.With<SessionError>
  /**
   * `filterStatusOk` hands back a response that the device accepted; any other is `DeviceRefused`, with the device's
   * own words.
   *
   * @example
   * const networks = yield* fdm.http.get("/object/networks").pipe(Effect.flatMap(fdm.filterStatusOk))
   */
  readonly filterStatusOk: StatusFilter.StatusFilter
  /** `rest` reaches the same paths, with JSON in and out. */
  readonly rest: Rest.Rest
  /** `haStatus` is what the device is in its high-availability pair, and how its peer is. */
  readonly haStatus: Effect.Effect<HaStatus.HaStatus, SessionError>
  /**
   * `customToken` gives a token for a job of its own, such as monitoring. It outlives the session and is not revoked
   * with it: revoke it by its subject. The rules of `CustomTokenRequest` are checked before anything is sent.
   *
   * Fails with `InvalidInput`, also on a session that itself runs on a custom token (FTD reference, token), with
   * `DeviceRefused`, and with `OutcomeUnknown` where the answer was lost: then revoke the subject.
   *
   * @example
   * const token = yield* fdm.customToken({ subject: "monitoring", expiresIn: 86_400, refreshCount: 0 })
   */
  readonly customToken: (
    request: CustomToken.CustomTokenRequest
  ) => Effect.Effect<CustomToken.CustomToken, SessionError>
  /** `revokeSubject` revokes the custom tokens of a subject. Fails as `customToken` does. */
  readonly revokeSubject: (subject: string) => Effect.Effect<void, SessionError>
  /** `revokeToken` revokes one token, by its access token. Fails as `customToken` does. */
  readonly revokeToken: (token: GivenToken.GivenToken) => Effect.Effect<void, SessionError>
}

/** `Fdm` is the tag of an open FDM: `yield* Fdm.Fdm` in a script that is given one of the layers. */
export const Fdm: Context.Tag<Fdm, Fdm> = Context.GenericTag<Fdm>("sallyport/Fdm")

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

const client =
  ({ passwords, version }: BackendParts) =>
  (session: Session.Session): Fdm => {
    const accepted = StatusFilter.filterStatusOk(
      session,
      ErrorMessages.errorMessages,
      ErrorMessages.isNotFound
    )
    const base = Effect.map(version.current, (current) => `/api/fdm/${current}`)
    const http = BasePath.withBasePath(session.http, base)
    const rest = Rest.make(session.target.name, http, accepted, base)
    const files = Files.make({ targetName: session.target.name, http, filterStatusOk: accepted }, rest)
    const kinds = Objects.kinds({ targetName: session.target.name, rest })
    return {
      session,
      apiVersion: version.current,
      filterStatusOk: accepted,
      http,
      rest,
      haStatus: HaStatus.askHaStatus(rest),
      ...kinds,
      ...files,
      ...Deploy.make(session, rest),
      ...ActiveSessions.make(session.target.name, rest),
      ...Backups.make(session, rest, files),
      ...Accounts.make(session, rest, http, kinds.users, passwords),
      // Without passwords, it runs on a custom token.
      ...CustomToken.make(session, version.current, passwords === undefined)
    }
  }

const subClients: Promises.SubClients<Fdm> = { session: {}, rest: {}, ...Objects.subClients }

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
    const version = ApiVersion.make(transport, fixed)
    if (credentials !== undefined && token === undefined) {
      if (!Effect.isEffect(credentials)) {
        const message = `credentials: they are no Credentials; give Credentials.fromEnv("FDM"), Credentials.password({ username, password }) or another Effect of an account.`
        return yield* new InvalidInput({ field: "credentials", message })
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
    return yield* Effect.fail(
      new InvalidInput({
        field: "options",
        message: "options: they have both credentials and token, or neither; give exactly one of the two."
      })
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
  tag: Fdm,
  subClients,
  backend: (options: Options) =>
    Effect.map(backendParts(options), (parts) => ({
      provider: parts.provider,
      client: (session) => Effect.succeed(client(parts)(session))
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
export const make: (options: OpenOptions) => Effect.Effect<Fdm, AuthError, Scope.Scope> = fdm.make

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
export const use: Promises.PromiseApi<Options, Config, Fdm>["use"] = fdm.use
/** `open` is `use` without a function round it; see `Fmc.open`. */
export const open: Promises.PromiseApi<Options, Config, Fdm>["open"] = fdm.open

/** `layer` opens the session when a script starts and logs out when it ends. Fails as `make` does. */
export const layer: (options: OpenOptions) => Layer.Layer<Fdm, AuthError> = fdm.layer

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
) => Layer.Layer<Fdm, AuthError | ConfigError.ConfigError> = fdm.layerConfig

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
