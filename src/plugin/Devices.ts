import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { type AuthError, SessionClosed } from "../auth/AuthError.ts"
import type * as Session from "../auth/Session.ts"
import * as SessionOptions from "../auth/SessionOptions.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { few } from "../validation/Few.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { type ConfiguredDevice, decodeDevices, faultOfPlugins } from "./DevicesConfig.ts"
import { type OpenedDevice, openDevice } from "./OpenDevice.ts"
import type { AnyPlugin, Backend, PluginMismatch } from "./Plugin.ts"
import type * as TargetConfig from "./TargetConfig.ts"

/** `AnyNames` are names of devices, with the kind of each. */
export type AnyNames<P extends AnyPlugin> = Readonly<Record<string, P["id"]>>
/** `OfKind` is the plugin of this kind. */
export type OfKind<P extends AnyPlugin, Kind> = P extends { readonly id: Kind } ? P : never
/** `ClientOf` is the client that a plugin gives. */
export type ClientOf<P> = P extends {
  readonly backend: (...given: never) => Effect.Effect<Backend<infer Client>, InvalidInput, Scope.Scope>
}
  ? Client
  : never

/** `ConfigOf` is what a device of this kind is configured with, in code. */
export type ConfigOf<P extends AnyPlugin, Kind extends P["id"]> = {
  readonly kind: Kind
} & TargetConfig.Encoded &
  Schema.Schema.Encoded<OfKind<P, Kind>["config"]>

/** `DeviceKinds` are the kinds of devices that a program knows. */
export interface DeviceKinds<P extends AnyPlugin> {
  /**
   * `open` gives the devices of a program, by their names. Nothing is opened before it is asked for. When the scope
   * closes, all that were opened are logged out side by side.
   *
   * Fails with `InvalidInput` for a value out of bounds, and with `PluginMismatch`.
   */
  readonly open: <const Names extends AnyNames<P>>(
    devices: { readonly [Name in keyof Names]: ConfigOf<P, Names[Name]> },
    options?: Session.Options
  ) => Effect.Effect<Devices<P, Names>, InvalidInput | PluginMismatch, Scope.Scope>
  /**
   * `openUnknown` does the same for a configuration that comes from a file. An unknown kind, or a field that a kind
   * does not have, is `InvalidInput`, which names it by its path and lists the kinds.
   */
  readonly openUnknown: (
    devices: unknown,
    options?: Session.Options
  ) => Effect.Effect<Devices<P, AnyNames<P>>, InvalidInput | PluginMismatch, Scope.Scope>
}

/** `Devices` are devices by their names; each has one session, which all who ask for it share. */
export interface Devices<P extends AnyPlugin, Names extends AnyNames<P>> {
  /** `names` are those of the configuration. */
  readonly names: ReadonlyArray<keyof Names & string>
  /** `kind` gives the kind of a device. */
  readonly kind: (name: keyof Names & string) => Effect.Effect<P["id"], InvalidInput>
  /**
   * `get` gives the client of a device; its session is opened by whoever asks first, and again where that has failed.
   *
   * @example
   * const hq = yield* devices.get("hq")
   */
  readonly get: <Name extends keyof Names & string>(
    name: Name
  ) => Effect.Effect<ClientOf<OfKind<P, Names[Name]>>, AuthError>
  /** `as` does the same for a name from a file, when it is of the kind of this plugin; else `InvalidInput`. */
  readonly as: <Q extends P>(plugin: Q, name: string) => Effect.Effect<ClientOf<Q>, AuthError>
  readonly session: (name: keyof Names & string) => Effect.Effect<Session.Session, AuthError>
}

/**
 * `make` gives the kinds of devices of a program: the plugins that it uses, named where it uses them. Throws
 * `InvalidInput` for what is no list of plugins.
 *
 * @example
 * const kinds = Devices.make([Fmc.plugin, Fdm.plugin])
 * const devices = yield* kinds.open({
 *   hq: { kind: "fmc", url: "https://fmc.example", credentials: { env: "FMC" } },
 *   edge: { kind: "fdm", url: "https://edge.example", trust: { pin: "AB:…" }, credentials: { env: "FDM" } }
 * })
 * const hq = yield* devices.get("hq")
 */
export const make = <const P extends ReadonlyArray<AnyPlugin>>(plugins: P): DeviceKinds<P[number]> => {
  const fault = faultOfPlugins(plugins)
  if (fault !== undefined) {
    Error.captureStackTrace(fault, make)
    throw fault
  }
  const openUnknown: DeviceKinds<P[number]>["openUnknown"] = (given, options) =>
    Effect.gen(function* () {
      const all = yield* decodeDevices<P[number]>(plugins, given)
      return yield* openDevices(all, yield* SessionOptions.checkNames(options))
    })
  return {
    openUnknown,
    // The names and kinds are those of what was given: what is decoded is the same object.
    open: openUnknown as DeviceKinds<P[number]>["open"]
  }
}

/** `SharedDevice` is a device that is open, or being opened. */
interface SharedDevice {
  readonly scope: Scope.CloseableScope
  readonly opened: Deferred.Deferred<OpenedDevice, AuthError>
  opening?: Fiber.RuntimeFiber<unknown, unknown>
}

const openDevices = <P extends AnyPlugin>(
  all: ReadonlyArray<ConfiguredDevice<P>>,
  options: Session.Options
): Effect.Effect<Devices<P, AnyNames<P>>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const byName = new Map(all.map((one) => [one.name, one]))
    const entries = new Map<string, SharedDevice>()
    let isClosed = false

    yield* Effect.addFinalizer((exit) =>
      Effect.suspend(() => {
        isClosed = true
        return Effect.forEach([...entries.values()], (one) => end(one, exit), {
          concurrency: "unbounded",
          discard: true
        })
      })
    )

    const known = (name: string) => {
      const found = byName.get(name)
      return found === undefined
        ? Effect.fail(unknownDevice(name, [...byName.keys()]))
        : Effect.succeed(found)
    }

    /** `start` goes on by itself: whoever asks for it and is interrupted takes it from nobody else. */
    const start = (device: ConfiguredDevice<P>) =>
      Effect.gen(function* () {
        const entry: SharedDevice = {
          scope: yield* Scope.make(),
          opened: yield* Deferred.make<OpenedDevice, AuthError>()
        }
        entries.set(device.name, entry)
        entry.opening = yield* openDevice(device.plugin, device.config, device.deviceConfig, options).pipe(
          Scope.extend(entry.scope),
          Effect.interruptible,
          Effect.onExit((exit) => {
            if (Exit.isSuccess(exit)) return Deferred.done(entry.opened, exit)
            // The next one who asks tries again.
            if (entries.get(device.name) === entry) entries.delete(device.name)
            const told = Exit.isInterrupted(exit)
              ? Exit.fail(new SessionClosed({ targetName: device.deviceConfig.target.name }))
              : exit
            return Effect.zipRight(Scope.close(entry.scope, exit), Deferred.done(entry.opened, told))
          }),
          Effect.forkDaemon
        )
        return entry
      }).pipe(Effect.uninterruptible)

    const openedBy = (name: string): Effect.Effect<OpenedDevice, AuthError> =>
      Effect.flatMap(known(name), (device) => {
        if (isClosed) return Effect.fail(new SessionClosed({ targetName: device.deviceConfig.target.name }))
        const entry = entries.get(name)
        return Effect.flatMap(entry === undefined ? start(device) : Effect.succeed(entry), ({ opened }) =>
          Deferred.await(opened)
        )
      })

    const client = (name: string) => Effect.map(openedBy(name), ({ client }) => client)
    return {
      names: [...byName.keys()],
      kind: (name) => Effect.map(known(name), ({ plugin }) => plugin.id),
      // The plugin that opened the device is the one that the types have found by its kind.
      get: client as Devices<P, AnyNames<P>>["get"],
      as: (plugin, name) =>
        Effect.flatMap(known(name), (device) =>
          device.plugin === plugin
            ? (client(name) as Effect.Effect<ClientOf<typeof plugin>, AuthError>)
            : refuseInput(
                "device",
                `${JSON.stringify(name)} is of kind ${JSON.stringify(device.plugin.id)}, not ${JSON.stringify(plugin.id)}; ask for it with the plugin of its kind.`,
                name
              )
        ),
      session: (name) => Effect.map(openedBy(name), ({ session }) => session)
    }
  })

const end = ({ opening, scope }: SharedDevice, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> =>
  Effect.zipRight(opening === undefined ? Effect.void : Fiber.interrupt(opening), Scope.close(scope, exit))

const unknownDevice = (name: string, names: ReadonlyArray<string>): InvalidInput => {
  const next =
    names.length === 0
      ? "the configuration has none; put it there."
      : `give one of the devices: ${few(names)}.`
  return refuseInput("device", `there is no device ${JSON.stringify(name)}; ${next}`, name)
}
