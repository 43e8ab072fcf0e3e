import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Accepted from "sallyport/Accepted"
import type { AuthError } from "sallyport/AuthError"
import * as AuthProvider from "sallyport/AuthProvider"
import * as Credentials from "sallyport/Credentials"
import type { InvalidInput } from "sallyport/DeviceError"
import * as Session from "sallyport/Session"
import * as Target from "sallyport/Target"
import * as Transport from "sallyport/Transport"
import * as Provider from "./Provider.ts"

/** A session on an ASA. */
export class Asa extends Context.Tag("sallyport-asa/Asa")<
  Asa,
  {
    readonly session: Session.Session
    /** Hands back a response that the ASA accepted; any other is `DeviceRefused`, with the ASA's own words. */
    readonly accepted: Accepted.Accepted
  }
>() {}

export interface Options extends Session.Options, Provider.Options {
  readonly target: Target.Target
}

/**
 * Opens a session on an ASA: logs in now and logs out when the scope closes. An ASA has 25 tokens at most for each
 * context (Cisco's text); one more is `DeviceBusy`.
 *
 * @example
 * const asa = yield* Asa.make({ target, credentials: Credentials.fromEnv("ASA") })
 * const objects = yield* asa.session.http.get("/api/objects/networkobjects").pipe(Effect.flatMap(asa.accepted))
 */
export const make = (options: Options): Effect.Effect<Asa["Type"], AuthError, Scope.Scope> =>
  Effect.gen(function* () {
    const session = yield* Session.make(yield* backend(options), options)
    return { session, accepted: Accepted.by(session, Provider.words) }
  })

/** Opens the session when a script starts and logs out when it ends; see `make`. */
export const layer = (options: Options): Layer.Layer<Asa, AuthError> => Layer.scoped(Asa, make(options))

/** The same from the environment: for the prefix `ASA`, `ASA_URL`, `ASA_USERNAME`, `ASA_PASSWORD`, and `ASA_PIN` or `ASA_CA_FILE`. */
export const layerConfig = (
  prefix: string,
  options: Omit<Options, "target" | "credentials"> = {}
): Layer.Layer<Asa, AuthError | ConfigError.ConfigError> =>
  Layer.scoped(
    Asa,
    Effect.gen(function* () {
      // All at once, so that whatever is missing is told together; the account is asked for again at each login.
      yield* Config.all([Config.nonEmptyString(`${prefix}_URL`), Credentials.config(prefix)])
      const target = yield* Target.fromEnv(prefix)
      return yield* make({ ...options, target, credentials: Credentials.fromEnv(prefix) })
    })
  )

/** The ASA's way to log in, for a `Session.layer` of one's own. */
export const provider = (
  options: Provider.Options & { readonly target: Target.Target }
): Layer.Layer<AuthProvider.AuthProvider, InvalidInput> =>
  Layer.scoped(AuthProvider.AuthProvider, backend(options))

const backend = (options: Provider.Options & { readonly target: Target.Target }) =>
  Effect.map(Transport.make(options.target), (transport) => Provider.make(transport, options))
