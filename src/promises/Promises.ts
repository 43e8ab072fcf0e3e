import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { SessionClosed } from "../auth/AuthError.ts"
import type { OpenObject } from "../plugin/OpenOptions.ts"
import type { DeviceConfig } from "../plugin/Plugin.ts"
import type { SubClients } from "../plugin/SubClients.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as Needed from "../validation/Needed.ts"
import * as Pending from "../validation/Pending.ts"
import * as CallSite from "./CallSite.ts"
import { type PromiseClient, toPromiseClient } from "./PromiseClient.ts"
import * as PromiseScope from "./PromiseScope.ts"
import * as RepeatOptions from "./RepeatOptions.ts"

export type { SubClients } from "../plugin/SubClients.ts"
export type { PromiseClient } from "./PromiseClient.ts"
export { devices, type PromiseDeviceKinds, type PromiseDevices } from "./PromiseDevices.ts"
export type { PromiseList } from "./PromiseList.ts"
export type { Repeat } from "./RepeatOptions.ts"

/**
 * `OpenClient` is an open client. It is logged out by `close`, at the end of an `await using` block, and before the
 * process ends.
 */
export type OpenClient<Client> = PromiseClient<Client> & PromiseScope.Closable

/** `OpenWithRepeats` are the options of any backend, and how long to wait for what takes its time. */
export type OpenWithRepeats<Options, Encoded> =
  | string
  | (OpenObject<Options, Encoded> & RepeatOptions.RepeatOptions)

/**
 * `PromiseApi` is the way in for scripts that don't write Effect.
 *
 * A process that ends logs out first, on a signal, on `process.exit` and on what nobody catches; what is opened then is
 * `SessionClosed`. Where the program listens to such a signal, or to `uncaughtException` or `unhandledRejection`,
 * itself, that event is left to it: its sessions stay open until it closes them, calls `process.exit` or has nothing
 * more to do.
 */
export interface PromiseApi<Options, Encoded, Client> {
  /**
   * `use` opens a session, hands the client to `body`, and logs out when that is over: whether it returns or throws,
   * and on Ctrl-C. What fails rejects with the same errors as elsewhere: `error._tag` tells them apart.
   */
  readonly use: <A>(
    given: OpenWithRepeats<Options, Encoded>,
    body: (client: PromiseClient<Client>) => Promise<A> | A
  ) => Promise<A>
  /** `open` opens a session that is logged out by `close`, by `await using`, and before the process ends. */
  readonly open: (given: OpenWithRepeats<Options, Encoded>) => Promise<OpenClient<Client>>
}

/** `PromiseOptions` are what a plugin says of its client for scripts with promises. */
export interface PromiseOptions<Options, Client> {
  /**
   * `subClients` say which members of the client are clients in turn; all that a client gives beside is handed on
   * untouched.
   */
  readonly subClients: SubClients<Client>
  /** `resolve` gives the options that are meant by what a script gives. */
  readonly resolve: (given: unknown) => Effect.Effect<Options, InvalidInput>
}

/** `make` makes `open` and `use` of a plugin from the way in which it is opened with Effect; see `Backend.make`. */
export const make = <Options extends Pick<DeviceConfig, "target">, Client, E, Encoded = object>(
  opening: (options: Options) => Effect.Effect<Client, E, Scope.Scope>,
  options: PromiseOptions<Options, Client>
): PromiseApi<Options, Encoded, Client> => {
  Needed.fn("opening", opening)
  Needed.fields("options", options, ["resolve", "subClients"], "{ resolve, subClients }")
  const { resolve, subClients } = options
  Needed.fn("options.resolve", resolve)
  Needed.object("options.subClients", subClients)
  const opened = (given: unknown, scope: PromiseScope.PromiseScope, site: CallSite.CallSite) =>
    scope.open(
      Effect.gen(function* () {
        const runner = yield* RepeatOptions.withRepeats(given, scope)
        const options = yield* resolve(RepeatOptions.withoutRepeats(given))
        if (PromiseScope.isEnding()) return yield* new SessionClosed({ targetName: options.target.name })
        // Its promises are made in here: a promise would call a client's own "then".
        return toPromiseClient(yield* opening(options), subClients, runner)
      }),
      site
    )
  const pending = Pending.promiseOf([...Object.keys(subClients), "close", Symbol.asyncDispose])
  const open: PromiseApi<Options, Encoded, Client>["open"] = (given) => {
    const site = CallSite.callerOf(open)
    return pending(PromiseScope.openScope((scope) => opened(given, scope, site)))
  }
  const use: PromiseApi<Options, Encoded, Client>["use"] = (given, body) => {
    const site = CallSite.callerOf(use)
    return PromiseScope.withScope((scope) => opened(given, scope, site), body, site)
  }
  return { open, use }
}
