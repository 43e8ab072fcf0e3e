import * as Effect from "effect/Effect"
import type * as Session from "../auth/Session.ts"
import * as Devices from "../plugin/Devices.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import * as CallSite from "./CallSite.ts"
import { type PromiseClient, toPluginClient } from "./PromiseClient.ts"
import * as PromiseScope from "./PromiseScope.ts"
import * as RepeatOptions from "./RepeatOptions.ts"

/** `PromiseDevices` are devices by their names, as `Devices.Devices` has them, for scripts that don't write Effect. */
export interface PromiseDevices<P extends AnyPlugin, Names extends Devices.AnyNames<P>> {
  readonly names: ReadonlyArray<keyof Names & string>
  /** `kind` gives the kind of a device. */
  readonly kind: (name: keyof Names & string) => Promise<P["id"]>
  /**
   * `get` gives the client of a device; its session is opened by whoever asks first, and again where that has failed.
   */
  readonly get: <Name extends keyof Names & string>(
    name: Name
  ) => Promise<PromiseClient<Devices.ClientOf<Devices.OfKind<P, Names[Name]>>>>
  /** `as` does the same for a name from a file, when it is of the kind of this plugin; else `InvalidInput`. */
  readonly as: <Q extends P>(plugin: Q, name: string) => Promise<PromiseClient<Devices.ClientOf<Q>>>
}

type ConfiguredDevices<P extends AnyPlugin, Names extends Devices.AnyNames<P>> = {
  readonly [Name in keyof Names]: Devices.ConfigOf<P, Names[Name]>
}

type Settings = Session.Options & RepeatOptions.RepeatOptions

/** `PromiseDeviceKinds` are the kinds of devices that a program knows, for scripts that don't write Effect. */
export interface PromiseDeviceKinds<P extends AnyPlugin> {
  /** `use` hands the devices to `body`, and logs out of all that it opened when that is over, whatever happens. */
  readonly use: <const Names extends Devices.AnyNames<P>, A>(
    devices: ConfiguredDevices<P, Names>,
    body: (devices: PromiseDevices<P, Names>) => Promise<A> | A,
    settings?: Settings
  ) => Promise<A>
  /** `open` does the same for `await using`, `close`, and the end of the process. */
  readonly open: <const Names extends Devices.AnyNames<P>>(
    devices: ConfiguredDevices<P, Names>,
    settings?: Settings
  ) => Promise<PromiseDevices<P, Names> & PromiseScope.Closable>
  /** `useUnknown` is `use` for a configuration that comes from a file. */
  readonly useUnknown: <A>(
    devices: unknown,
    body: (devices: PromiseDevices<P, Devices.AnyNames<P>>) => Promise<A> | A,
    settings?: Settings
  ) => Promise<A>
  /** `openUnknown` is `open` for a configuration that comes from a file. */
  readonly openUnknown: (
    devices: unknown,
    settings?: Settings
  ) => Promise<PromiseDevices<P, Devices.AnyNames<P>> & PromiseScope.Closable>
}

/**
 * `devices` is `Devices.make` for scripts that don't write Effect.
 *
 * @example
 * const kinds = Promises.devices([Fmc.plugin, Fdm.plugin])
 * await kinds.use({ hq: { kind: "fmc", url, credentials: { env: "FMC" } } }, async (devices) => {
 *   const hq = await devices.get("hq")
 *   console.log(await hq.serverVersion())
 * })
 */
export const devices = <const P extends ReadonlyArray<AnyPlugin>>(
  plugins: P
): PromiseDeviceKinds<P[number]> => {
  type All = PromiseDevices<P[number], Devices.AnyNames<P[number]>>
  const kinds = Devices.make<P>(plugins)

  const opened = (
    given: unknown,
    settings: Settings,
    scope: PromiseScope.PromiseScope,
    site: CallSite.CallSite
  ): Promise<All> =>
    scope.open(
      Effect.gen(function* () {
        const runner = yield* RepeatOptions.withRepeats(settings, scope)
        const known = yield* kinds.openUnknown(given, RepeatOptions.withoutRepeats(settings))
        const pluginOf = (kind: string) => plugins.find(({ id }) => id === kind)
        const named = (name: string, client: Effect.Effect<unknown, unknown>) =>
          Effect.map(Effect.zip(client, known.kind(name)), ([client, kind]) =>
            toPluginClient(pluginOf(kind), client, runner)
          )
        const get = (name: string) =>
          runner.promise(named(name, known.get(name)), { site: CallSite.callerOf(get) })
        const as = (plugin: P[number], name: string) =>
          runner.promise(named(name, known.as(plugin, name)), { site: CallSite.callerOf(as) })
        const kind = (name: string) => runner.promise(known.kind(name), { site: CallSite.callerOf(kind) })
        // What the kinds' clients are is known by name, and not in here.
        return { names: known.names, kind, get, as } as unknown as All
      }),
      site
    )

  const openUnknown = (given: unknown, settings: Settings = {}) => {
    const site = CallSite.callerOf(openUnknown)
    return PromiseScope.openScope((scope) => opened(given, settings, scope, site))
  }
  const useUnknown = <A>(
    given: unknown,
    body: (devices: All) => Promise<A> | A,
    settings: Settings = {}
  ): Promise<A> => {
    const site = CallSite.callerOf(useUnknown)
    return PromiseScope.withScope((scope) => opened(given, settings, scope, site), body, site)
  }
  return {
    openUnknown,
    useUnknown,
    // The names and kinds are those of what was given: what is decoded is the same object.
    open: openUnknown as PromiseDeviceKinds<P[number]>["open"],
    use: useUnknown as PromiseDeviceKinds<P[number]>["use"]
  }
}
