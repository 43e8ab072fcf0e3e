import type * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import {
  type AuthError,
  type AuthProvider,
  Backend,
  BasePath,
  type InvalidInput,
  Pending,
  type Plugin,
  type Promises,
  Rest,
  refuseInput,
  type Session,
  type SessionError,
  StatusFilter,
  type Target,
  TargetConfig,
  Transport
} from "sallyport/plugin"
import * as BusyAnswer from "./BusyAnswer.ts"
import * as Domain from "./Domain.ts"
import * as DomainList from "./domain/DomainList.ts"
import * as ServerVersion from "./domain/ServerVersion.ts"
import * as ErrorMessages from "./ErrorMessages.ts"
import * as Provider from "./Provider.ts"
import * as RequestLimit from "./RequestLimit.ts"

/** `Fmc` is a session on a management centre. */
export interface Fmc {
  /** `session` is the session that all requests go through. */
  readonly session: Session.Session
  /**
   * `domain` gives the domain of this name, such as `Global/Branch`; white space round the slash does not matter. Fails
   * with `InvalidInput`, which lists the known names, where there is none.
   *
   * @example
   * const branch = yield* fmc.domain("Global/Branch")
   */
  readonly domain: (name: string) => Effect.Effect<Domain.Domain, SessionError>
  /**
   * `filterStatusOk` hands back a response that the FMC accepted; any other is `DeviceRefused`, with the FMC's own
   * words.
   *
   * @example
   * const host = yield* branch.http.get("/object/hosts/…").pipe(Effect.flatMap(fmc.filterStatusOk))
   */
  readonly filterStatusOk: StatusFilter.StatusFilter
  /** `http` is the session's client, with paths from the root of the FMC: `/api/fmc_platform/v1/…`. */
  readonly http: HttpClient.HttpClient.With<SessionError>
  /** `rest` reaches the same paths, with JSON in and out. */
  readonly rest: Rest.Rest
  /** `serverVersion` is what the FMC says of its software: it is asked once. */
  readonly serverVersion: Effect.Effect<ServerVersion.ServerVersion, SessionError>
  /**
   * `listDomains` gives the domains that the account may use.
   *
   * @example
   * yield* Stream.runForEach(fmc.listDomains(), ({ name }) => Console.log(name))
   */
  readonly listDomains: () => Stream.Stream<DomainList.DomainInfo, SessionError>
}

/** `Fmc` is the tag of an open FMC: `yield* Fmc.Fmc` in a script that is given one of the layers. */
export const Fmc: Context.Tag<Fmc, Fmc> = Context.GenericTag<Fmc>("sallyport/Fmc")

/** `Options` are what a session on an FMC needs, and how it behaves. */
export interface Options extends Session.Options, Provider.Options {
  /** `target` is the FMC. */
  readonly target: Target.Target
}

/**
 * `client` gives the FMC's client on a session that was opened in another way, such as a cdFMC's. Its end is the
 * session's.
 */
export const client = (session: Session.Session): Fmc => {
  const accepted = StatusFilter.filterStatusOk(
    session,
    ErrorMessages.errorMessages,
    undefined,
    BusyAnswer.isBusy
  )
  const http = BasePath.withBasePath(session.http, Effect.succeed(""))
  const rest = Rest.make(session.target.name, http, accepted)
  const version = cached(ServerVersion.askServerVersion(rest))
  return {
    session,
    filterStatusOk: accepted,
    http,
    rest,
    domain: (name) => pendingDomain(Domain.find({ session, accepted, version }, name)),
    listDomains: () => Pending.stream(Stream.fromIterableEffect(DomainList.list(session))),
    serverVersion: version
  }
}

const pendingDomain = Pending.effectOf([...Object.keys(Domain.subClients), "http", "uuid", "deploy"])

/** `subClients` say which of its members are clients in turn: for a plugin that gives the same client. */
export const subClients: Promises.SubClients<Fmc> = { session: {}, rest: {}, domain: Domain.subClients }

/** `cached` asks until there is an answer, and never again. */
const cached = <A, E>(ask: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  let known: A | undefined
  const alone = Effect.unsafeMakeSemaphore(1).withPermits(1)
  return alone(
    Effect.suspend(() =>
      known === undefined
        ? Effect.tap(ask, (answer) => Effect.sync(() => (known = answer)))
        : Effect.succeed(known)
    )
  )
}

const backend = (options: Options): Effect.Effect<Plugin.Backend<Fmc>, InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const { tokenLifetime } = options
    // The types say so too; a script in JavaScript has none.
    if (tokenLifetime !== undefined && !isDuration(tokenLifetime)) {
      return yield* Effect.fail(noLifetime(tokenLifetime, "is no duration"))
    }
    // Meant as minutes or seconds: tokens that live on would be taken for dead, left open, and made anew at each
    // request.
    if (typeof tokenLifetime === "number" && !(tokenLifetime >= 60_000)) {
      return yield* Effect.fail(noLifetime(tokenLifetime, "is less than a minute"))
    }
    const provider = Provider.make(
      yield* Transport.make(options.target, { requestsPerMinute: RequestLimit.defaultLimit }),
      options
    )
    return {
      provider,
      client: (session) => Effect.as(RequestLimit.raiseIfAllowed(provider, session), client(session))
    }
  })

const isDuration = Schema.is(TargetConfig.DurationConfig)

const noLifetime = (given: unknown, what: string): InvalidInput => {
  const value = String(given)
  return refuseInput(
    "tokenLifetime",
    `${JSON.stringify(value)} ${what}; give one such as "30 minutes", or milliseconds.`,
    value
  )
}

type Config = typeof Provider.Settings.Type

/** `OpenOptions` say where an FMC is, who logs in, and how its session behaves. */
export type OpenOptions = Backend.OpenOptions<Options, Config>

const fmc = Backend.make({
  id: "fmc",
  version: "0.2.0",
  pluginInterface: 1,
  capabilities: ["objects", "bulk", "deploy", "pendingChanges", "highAvailability", "audit"],
  config: Provider.Settings,
  tag: Fmc,
  subClients,
  backend
})

/**
 * `make` opens a session on an FMC: logs in now and logs out when the scope closes. Use an account of its own for
 * scripts: the FMC ends the session of one who is logged in to the web interface with the same account (FMC guide,
 * Authentication from a REST API Client).
 *
 * Fails with `CredentialsRefused`, `TrustRefused`, `DeviceUnreachable`, `DeviceBusy`, `DeviceRefused`,
 * `ProtocolViolation` or `InvalidInput`.
 *
 * @example
 * const fmc = yield* Fmc.make({ url: "https://fmc.example", credentials: { env: "FMC" } })
 * const branch = yield* fmc.domain("Global/Branch")
 * const hosts = yield* branch.http.get("/object/hosts", { urlParams: { limit: 1000 } })
 */
export const make: (options: OpenOptions) => Effect.Effect<Fmc, AuthError, Scope.Scope> = fmc.make

/**
 * `use` is for scripts that don't write Effect: it opens a session, hands over the client with promises in place of
 * effects, and logs out when the function is over, whatever happens. It rejects with the same errors as `make`, told
 * apart by `error._tag`.
 *
 * @example
 * await Fmc.use("FMC", async (fmc) => {
 *   const branch = await fmc.domain("Global/Branch")
 *   for await (const host of branch.hosts.list()) console.log(host.name, host.value)
 * })
 */
export const use: Promises.PromiseApi<Options, Config, Fmc>["use"] = fmc.use

/**
 * `open` is the same without a function round it: `await using fmc = await Fmc.open(…)` where the language has it, or
 * `await fmc.close()`. What was forgotten is logged out when the process ends.
 *
 * @example
 * await using fmc = await Fmc.open("FMC")
 */
export const open: Promises.PromiseApi<Options, Config, Fmc>["open"] = fmc.open

/** `layer` opens the session when a script starts and logs out when it ends. Fails as `make` does. */
export const layer: (options: OpenOptions) => Layer.Layer<Fmc, AuthError> = fmc.layer

/**
 * `layerConfig` gives the same from the environment, or whatever `ConfigProvider` is set: for the prefix `FMC` from
 * `FMC_URL`, `FMC_USERNAME`, `FMC_PASSWORD` and the other variables of `OpenOptions`. Fails as `make` does, and with a
 * `ConfigError` for what is missing.
 *
 * @example
 * Main.run(Effect.provide(script, Fmc.layerConfig("FMC")))
 */
export const layerConfig: (
  prefix: string,
  settings?: Backend.Settings<Config>
) => Layer.Layer<Fmc, AuthError | ConfigError.ConfigError> = fmc.layerConfig

/**
 * `provider` gives the FMC's way to log in, for a `Session.layer` of one's own. Fails with `InvalidInput` for an
 * option.
 */
export const provider: (options: OpenOptions) => Layer.Layer<AuthProvider.AuthProvider, InvalidInput> =
  fmc.provider

/**
 * `plugin` is an FMC among the devices of a program: `{ kind: "fmc", url, credentials, tokenLifetime: "30 minutes" }`.
 */
export const { plugin } = fmc
