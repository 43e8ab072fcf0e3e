import * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Fmc from "sallyport/fmc"
import {
  type AuthError,
  type AuthProvider,
  Backend,
  type Credentials,
  type InvalidInput,
  type Promises,
  type Session,
  type SessionError,
  Target,
  TokenRejected,
  Transport
} from "sallyport/plugin"
import * as Provider from "./Provider.ts"

/** `CdFmc` is the tag of an open cdFMC: `yield* CdFmc.CdFmc` gives the same client as an FMC's. */
export class CdFmc extends Context.Tag("sallyport/CdFmc")<CdFmc, Fmc.Fmc>() {}

/** `Options` are those of a session, but for `giveWay`: nobody can take a token away by logging in. */
export interface Options extends Omit<Session.Options, "giveWay"> {
  /**
   * `target` is the tenant's own host, or the gateway of Security Cloud Control with its path, such as
   * `https://api.eu.security.cisco.com/firewall`; the paths of scripts are then meant below its `/v1/cdfmc`.
   */
  readonly target: Target.Target
  /**
   * `credentials` are `Credentials.token` of an API-only user's token; they are asked again when the token is refused.
   */
  readonly credentials: Credentials.Credentials
}

const client = (session: Session.Session): Fmc.Fmc => {
  const { token, http, renew } = session
  return Fmc.client({
    ...session,
    http: HttpClient.transformResponse(http, withTokenAdvice),
    token: withTokenAdvice(token),
    renew: withTokenAdvice(renew)
  })
}

/**
 * `atGatewayPath` gives a target as it is, on the tenant's own host; behind the gateway of Security Cloud Control with
 * the path at which a cdFMC lies there (cdFMC API page 1.15.0), for which the gateway's own address, `…/firewall`, is
 * enough.
 */
const atGatewayPath = (target: Target.Target): Target.Target => {
  const { basePath, host } = target
  const isGateway = /^\/firewall(\/v1)?$/.test(basePath) || (basePath === "" && gatewayHost.test(host))
  return isGateway ? { ...target, basePath: "/firewall/v1/cdfmc" } : target
}

const gatewayHost = /^api\.[a-z]+\.security\.cisco\.com$/

// Its session speaks of logins, which this token has none of.
const withTokenAdvice = <A, R>(work: Effect.Effect<A, SessionError, R>): Effect.Effect<A, SessionError, R> =>
  Effect.catchTag(work, "TokenRejected", ({ operation, targetName }) =>
    Effect.fail(new TokenRejected({ targetName, operation, reason: newTokenAdvice }))
  )

const newTokenAdvice =
  "it was deleted, or was never good here. Make a new API token for an API-only user in Security Cloud Control and start again with it."

/** `OpenOptions` say where a cdFMC is, its token, and how its session behaves. */
export type OpenOptions = Backend.OpenOptions<Options, object>

const cdfmc = Backend.make({
  id: "cdfmc",
  version: "0.2.0",
  pluginInterface: 1,
  capabilities: ["objects", "bulk", "deploy", "pendingChanges", "highAvailability", "audit"],
  config: Schema.Struct({}),
  tag: CdFmc,
  subClients: Fmc.subClients,
  credentialsFromEnv: (prefix) => ({ tokenEnv: `${prefix}_TOKEN` }),
  backend: ({ credentials, target }: Options) =>
    Effect.map(
      Effect.flatMap(Target.check(target), (known) => Transport.make(atGatewayPath(known))),
      (transport) => ({
        provider: Provider.make(transport, credentials),
        client: (session) => Effect.sync(() => client(session))
      })
    )
})

/**
 * `make` opens a session on a cloud-delivered FMC. Nothing is sent: there is no login, so a wrong token shows at the
 * first request, as `TokenRejected`. That is final, unless the credentials give another token by then.
 *
 * Fails with `InvalidInput`, or with what the credentials fail with.
 *
 * @example
 * const cdfmc = yield* CdFmc.make({ url: "https://tenant.example", credentials: { tokenEnv: "CDFMC_TOKEN" } })
 * const { hosts } = yield* cdfmc.domain("Global")
 */
export const make: (options: OpenOptions) => Effect.Effect<Fmc.Fmc, AuthError, Scope.Scope> = cdfmc.make

/** `use` is for scripts that don't write Effect; see `Fmc.use` and `Fmc.open`. */
export const use: Promises.PromiseApi<Options, object, Fmc.Fmc>["use"] = cdfmc.use
/** `open` is the same without a function round it. */
export const open: Promises.PromiseApi<Options, object, Fmc.Fmc>["open"] = cdfmc.open

/** `layer` opens the session when a script starts. Fails as `make` does. */
export const layer: (options: OpenOptions) => Layer.Layer<CdFmc, AuthError> = cdfmc.layer

/**
 * `layerConfig` gives the same from the environment, or whatever `ConfigProvider` is set: for the prefix `CDFMC` from
 * `CDFMC_URL`, `CDFMC_TOKEN` and the other variables of `OpenOptions`. Fails as `make` does, and with a
 * `ConfigError` for what is missing.
 *
 * @example
 * Main.run(Effect.provide(script, CdFmc.layerConfig("CDFMC")))
 */
export const layerConfig: (
  prefix: string,
  settings?: Session.Options
) => Layer.Layer<CdFmc, AuthError | ConfigError.ConfigError> = cdfmc.layerConfig

/**
 * `provider` authorizes requests to a cdFMC, for a `Session.layer` of one's own. Fails with `InvalidInput` for an
 * option.
 */
export const provider: (options: OpenOptions) => Layer.Layer<AuthProvider.AuthProvider, InvalidInput> =
  cdfmc.provider

/**
 * `plugin` is a cdFMC among the devices of a program: `{ kind: "cdfmc", url, credentials: { tokenEnv: "CDFMC_TOKEN" }
 * }`.
 */
export const { plugin } = cdfmc
