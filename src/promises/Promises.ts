import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { SessionClosed } from "../auth/AuthError.ts"
import type { Place } from "../plugin/Plugin.ts"
import type { Parts } from "../plugin/SubClients.ts"
import * as TargetConfig from "../plugin/TargetConfig.ts"
import * as FailureText from "../process/FailureText.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as CallSite from "./CallSite.ts"
import { type Plain, plain, usualParts } from "./PromiseClient.ts"
import * as Entry from "./PromiseScope.ts"
import * as Waits from "./RepeatOptions.ts"

export type { Parts } from "../plugin/SubClients.ts"
export type { Plain } from "./PromiseClient.ts"
export { type DevicesDoor, devices, type PlainDevices } from "./PromiseDevices.ts"
export type { PlainList } from "./PromiseList.ts"
export type { Repeats } from "./RepeatOptions.ts"

/** An open client. It is logged out by `close`, at the end of an `await using` block, and before the process ends. */
export type Opened<Client> = Plain<Client> & Entry.Closed

/**
 * Where the device is and who logs in: the prefix of variables in the environment, such as `FMC` for `FMC_URL`,
 * `FMC_USERNAME` and `FMC_PASSWORD`, alone or as `env` beside settings; `Target` and `Credentials`; or plain data.
 */
export type Given<Options extends Pick<Place, "target">> =
  | string
  | ((Options | (({ readonly env: string } | TargetConfig.Encoded) & Settings<Options>)) & Waits.Waits)

/** What a plugin can be told beside the place; of a plugin that can be opened in several ways, what all of them know. */
type Settings<Options> = Omit<Options, keyof Place | keyof TargetConfig.Encoded>

/**
 * The way in for scripts that don't write Effect.
 *
 * A process that ends logs out first, on a signal, on `process.exit` and on what nobody catches; what is opened then is
 * `SessionClosed`. Where the program listens to such a signal, or to `uncaughtException` or `unhandledRejection`,
 * itself, that event is left to it: its sessions stay open until it closes them, calls `process.exit` or has nothing
 * more to do.
 */
export interface Door<Options extends Pick<Place, "target">, Client> {
  /**
   * Opens a session, hands the client to `body`, and logs out when that is over: whether it returns or throws, and on
   * Ctrl-C. What fails rejects with the same errors as elsewhere: `error._tag` tells them apart.
   */
  readonly use: <A>(given: Given<Options>, body: (client: Plain<Client>) => Promise<A> | A) => Promise<A>
  /** Opens a session that is logged out by `close`, by `await using`, and before the process ends. */
  readonly open: (given: Given<Options>) => Promise<Opened<Client>>
}

/** What a plugin says of itself for the door. */
export interface Declaration<Client> {
  /**
   * Which members of the client are clients in turn; all that a client gives beside is handed on untouched. Default: its
   * `session` and its `rest`, which most clients have and no others.
   */
  readonly parts: Parts<Client>
  /** Where the device is and who logs in, from variables with a prefix. Default: `TargetConfig.fromEnv`. */
  readonly fromEnv?: typeof TargetConfig.fromEnv
}

/** May be left out where the client has no other clients in it than the usual ones. */
type Declared<Client> = keyof Parts<Client> extends keyof typeof usualParts
  ? [declaration?: Partial<Declaration<Client>>]
  : [declaration: Declaration<Client>]

/**
 * Makes the door of a plugin from the way in which it is opened with Effect.
 *
 * @example
 * export const { open, use } = Door.make(make, { parts: { session: {}, rest: {}, hosts: {} } })
 */
export const make = <Options extends Pick<Place, "target">, Client, E>(
  opening: (options: Options) => Effect.Effect<Client, E, Scope.Scope>,
  ...[declaration]: Declared<Client>
): Door<Options, Client> => {
  const { fromEnv = TargetConfig.fromEnv, parts }: Partial<Declaration<Client>> = declaration ?? {}
  // Where it may be left out, there are no others.
  const known = parts ?? (usualParts as Parts<Client>)
  const opened = (given: Given<Options>, entry: Entry.Entry, site: CallSite.CallSite) =>
    entry.opened(
      Effect.gen(function* () {
        const runner = yield* Waits.heeded(given, entry)
        const options = yield* placed(given, fromEnv)
        if (Entry.isEnding()) return yield* new SessionClosed({ target: options.target.name })
        // Made plain in here: a promise would call a client's own "then".
        return plain(yield* opening(options), known, runner)
      }),
      site
    )
  const open: Door<Options, Client>["open"] = (given) => {
    const site = CallSite.above(open)
    return Entry.left((entry) => opened(given, entry, site))
  }
  const use: Door<Options, Client>["use"] = (given, body) => {
    const site = CallSite.above(use)
    return Entry.within((entry) => opened(given, entry, site), body)
  }
  return { open, use }
}

/** Plain data as what it means; what is there already stays as it is. */
const placed = <Options extends Pick<Place, "target">>(
  given: Given<Options>,
  fromEnv: typeof TargetConfig.fromEnv
): Effect.Effect<Options, InvalidInput> =>
  Effect.gen(function* () {
    const known: object = typeof given === "string" ? { env: given } : given
    const entries = Object.entries(known ?? {}).filter(([key]) => !Waits.isWait(key))
    const all = Object.fromEntries(entries)
    if ("target" in all) return all as unknown as Options // the other forms have no target
    const { env, ...rest } = all
    const common = Object.fromEntries(Object.entries(rest).filter(([key]) => TargetConfig.isCommon(key)))
    const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !TargetConfig.isCommon(key)))
    const place = env === undefined ? yield* inCode(common) : yield* inEnvironment(env, common, fromEnv)
    const whole: object = { ...own, ...place }
    // What is left of the options, and the place that they lacked.
    return whole as Options
  })

const inCode = (common: object): Effect.Effect<Place, InvalidInput> =>
  Effect.flatMap(TargetConfig.read(TargetConfig.TargetConfig, common, ""), (config) =>
    TargetConfig.place(config, "")
  )

const inEnvironment = (
  prefix: unknown,
  common: object,
  fromEnv: typeof TargetConfig.fromEnv
): Effect.Effect<Place, InvalidInput> => {
  const [field] = Object.keys(common)
  if (field !== undefined) {
    const message = `${field}: the place is read from the environment, so this cannot stand beside env; leave one of the two out.`
    return Effect.fail(new InvalidInput({ field, message }))
  }
  if (typeof prefix !== "string" || prefix === "") {
    const message = 'env: this is no prefix of variables; give one such as "FMC", for FMC_URL and its like.'
    return Effect.fail(new InvalidInput({ field: "env", message }))
  }
  return Effect.mapError(fromEnv(prefix), (error) => {
    if (!ConfigError.isConfigError(error)) return error
    const names = FailureText.variables(error)
    const [field = prefix] = names.split(" ", 1)
    const message = `${names}; set what is missing in the environment, or give url, trust and credentials.`
    return new InvalidInput({ field, message })
  })
}
