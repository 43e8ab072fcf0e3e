import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Accepted from "sallyport/Accepted"
import type { AuthError, SessionError } from "sallyport/AuthError"
import * as AuthProvider from "sallyport/AuthProvider"
import * as Credentials from "sallyport/Credentials"
import { InvalidInput } from "sallyport/DeviceError"
import * as Session from "sallyport/Session"
import * as Target from "sallyport/Target"
import * as Transport from "sallyport/Transport"
import * as Domain from "./Domain.ts"
import * as Provider from "./Provider.ts"
import * as Words from "./Words.ts"

/** A session on a management centre. */
export interface Fmc {
  readonly session: Session.Session
  /**
   * The domain of this name, such as `Global/Branch`; white space round the slash does not matter. Fails with
   * `InvalidInput`, which lists the known names, where there is none.
   */
  readonly domain: (name: string) => Effect.Effect<Domain.Domain, SessionError>
  /**
   * Hands back a response that the FMC accepted; any other is `DeviceRefused`, with the FMC's own words.
   *
   * @example
   * const host = yield* branch.http.get("/object/hosts/…").pipe(Effect.flatMap(fmc.accepted))
   */
  readonly accepted: Accepted.Accepted
  /** The domains that the account may use. */
  readonly domains: Effect.Effect<ReadonlyArray<Domain.DomainFacts>, SessionError>
}

/** The tag of an open FMC: `yield* Fmc.Fmc` in a script that is given one of the layers. */
export const Fmc: Context.Tag<Fmc, Fmc> = Context.GenericTag<Fmc>("sallyport/Fmc")

export interface Options extends Session.Options, Provider.Options {
  readonly target: Target.Target
}

/**
 * Opens a session on an FMC: logs in now and logs out when the scope closes. Use an account of its own for
 * scripts: the FMC ends the session of one who is logged in to the web interface with the same account (Cisco's
 * text).
 *
 * Fails with `CredentialsRefused`, `TrustRefused`, `DeviceUnreachable`, `DeviceBusy`, `DeviceRefused`,
 * `ProtocolViolation` or `InvalidInput`.
 *
 * @example
 * const fmc = yield* Fmc.make({ target, credentials: Credentials.fromEnv("FMC") })
 * const branch = yield* fmc.domain("Global/Branch")
 * const hosts = yield* branch.http.get("/object/hosts", { urlParams: { limit: 1000 } })
 */
export const make = (options: Options): Effect.Effect<Fmc, AuthError, Scope.Scope> =>
  Effect.flatMap(backend(options), (provider) => Effect.map(Session.make(provider, options), client))

/** The FMC's client on a session that was opened in another way, such as a cdFMC's. Its end is the session's. */
export const client = (session: Session.Session): Fmc => ({
  session,
  accepted: Accepted.by(session, Words.messages),
  domain: (name) => Domain.find(session, name),
  domains: Domain.known(session)
})

/** Opens the session when a script starts and logs out when it ends; see `make`. */
export const layer = (options: Options): Layer.Layer<Fmc, AuthError> => Layer.scoped(Fmc, make(options))

/**
 * The same from the environment, or whatever `ConfigProvider` is set: for the prefix `FMC`, `FMC_URL`,
 * `FMC_USERNAME`, `FMC_PASSWORD`, and `FMC_PIN` or `FMC_CA_FILE` for a certificate that the system does not trust.
 */
export const layerConfig = (
  prefix: string,
  options: Omit<Options, "target" | "credentials"> = {}
): Layer.Layer<Fmc, AuthError | ConfigError.ConfigError> =>
  Layer.scoped(
    Fmc,
    Effect.gen(function* () {
      // All at once, so that whatever is missing is told together; the account is asked for again at each login.
      yield* Config.all([Config.nonEmptyString(`${prefix}_URL`), Credentials.config(prefix)])
      const target = yield* Target.fromEnv(prefix)
      return yield* make({ ...options, target, credentials: Credentials.fromEnv(prefix) })
    })
  )

/** The FMC's way to log in, for a `Session.layer` of one's own. */
export const provider = (
  options: Provider.Options & { readonly target: Target.Target }
): Layer.Layer<AuthProvider.AuthProvider, InvalidInput> =>
  Layer.scoped(AuthProvider.AuthProvider, backend(options))

// Cisco's text, for each source address.
const requestsPerMinute = 120

const backend = (options: Provider.Options & { readonly target: Target.Target }) =>
  Effect.gen(function* () {
    const { tokenLifetime } = options
    // The types say so too; a script in JavaScript has none.
    if (tokenLifetime !== undefined && Option.isNone(Duration.decodeUnknown(tokenLifetime))) {
      const bound = 'a duration such as "30 minutes", or milliseconds'
      return yield* Effect.fail(
        new InvalidInput({ field: "tokenLifetime", value: String(tokenLifetime), bound })
      )
    }
    return Provider.make(yield* Transport.make(options.target, { requestsPerMinute }), options)
  })
