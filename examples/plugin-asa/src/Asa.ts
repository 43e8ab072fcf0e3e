import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  Backend,
  Rest,
  type Session,
  StatusFilter,
  type Target,
  TargetConfig,
  Transport
} from "sallyport/plugin"
import * as NetworkObjects from "./NetworkObjects.ts"
import * as Provider from "./Provider.ts"

/** `Asa` is a session on an ASA. */
export class Asa extends Context.Tag("sallyport-asa/Asa")<
  Asa,
  {
    readonly session: Session.Session
    /**
     * `filterStatusOk` hands back a response that the ASA accepted; any other is `DeviceRefused`, with the ASA's own
     * words.
     */
    readonly filterStatusOk: StatusFilter.StatusFilter
    /** `rest` is the ASA's REST API, with JSON in and out. */
    readonly rest: Rest.Rest
    readonly networkObjects: NetworkObjects.NetworkObjects
  }
>() {}

/** `Options` are what a session on an ASA needs, and how it behaves. */
export interface Options extends Session.Options, Provider.Options {
  readonly target: Target.Target
}

/** `client` is the client on a session that was opened in another way. */
export const client = (session: Session.Session): Asa["Type"] => {
  const { http, target } = session
  const filterStatusOk = StatusFilter.filterStatusOk(session, Provider.errorMessages)
  const plain = Rest.make(target.name, http, filterStatusOk)
  const rest: Rest.Rest = { ...plain, list: (path, query) => NetworkObjects.list(plain, path, query) }
  return { session, filterStatusOk, rest, networkObjects: NetworkObjects.make(rest, target.name) }
}

const asa = Backend.make({
  id: "asa",
  version: "0.1.0",
  pluginInterface: 1,
  capabilities: ["objects"],
  config: Schema.Struct({ tokenLifetime: Schema.optional(TargetConfig.DurationConfig) }),
  tag: Asa,
  subClients: { session: {}, rest: {}, networkObjects: {} },
  backend: (options: Options) =>
    Effect.map(Transport.make(options.target), (transport) => ({
      provider: Provider.make(transport, options),
      client: (session) => Effect.succeed(client(session))
    }))
})

/**
 * `make` opens a session on an ASA: logs in now and logs out when the scope closes. An ASA has 25 tokens at most for
 * each context (About the ASA REST API v1.3.2, Token Authentication API); one more is `DeviceBusy`.
 *
 * @example
 * const asa = yield* Asa.make({ url: "https://asa.example", credentials: { env: "ASA" } })
 * const objects = yield* asa.rest.request("GET", "/api/objects/networkobjects")
 */
export const { make } = asa

/** `open` and `use` are for scripts that don't write Effect: `await Asa.use("ASA", async (asa) => …)`. */
export const { open, use } = asa

/** `layer` opens the session when a script starts and logs out when it ends; see `make`. */
export const { layer } = asa

/** `layerConfig` gives the same from the environment: for the prefix `ASA`, `ASA_URL` and the other variables. */
export const { layerConfig } = asa

/** `provider` gives the ASA's way to log in, for a `Session.layer` of one's own. */
export const { provider } = asa

/**
 * `plugin` is an ASA among the devices of a program: `{ kind: "asa", url, credentials, tokenLifetime: "10 minutes" }`.
 */
export const { plugin } = asa
