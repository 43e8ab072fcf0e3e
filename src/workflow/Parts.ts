import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { AuthError } from "../auth/AuthError.ts"
import type * as Session from "../auth/Session.ts"
import type { ClientOf } from "../plugin/Devices.ts"
import { openDevice } from "../plugin/OpenDevice.ts"
import * as OpenOptions from "../plugin/OpenOptions.ts"
import type { AnyPlugin, DeviceConfig } from "../plugin/Plugin.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import { refuseInput } from "../validation/RefuseInput.ts"

/** `Parts` are the kinds of devices that a workflow speaks with, by the parts that they play in it. */
export type Parts = Readonly<Record<string, AnyPlugin>>

/** `Clients` are the clients of a workflow's devices. */
export type Clients<P extends Parts> = { readonly [Part in keyof P]: ClientOf<P[Part]> }

/**
 * `PartDevice` says which device plays a part, and who logs in, in any of the ways in which its kind is opened: the
 * prefix of variables in the environment, data, or a `Target` and `Credentials`.
 */
export type PartDevice<P extends AnyPlugin> = OpenOptions.OpenOptions<
  DeviceConfig & OpenOptions.Settings<ConfigOf<P>>,
  ConfigOf<P>
>

type ConfigOf<P extends AnyPlugin> = Schema.Schema.Encoded<P["config"]>

/** `PartDevices` say which devices play the parts. */
export type PartDevices<P extends Parts> = { readonly [Part in keyof P]: PartDevice<P[Part]> }

/** `ResolvedPart` is a part of which it is known which device plays it. */
export interface ResolvedPart {
  readonly part: string
  readonly plugin: AnyPlugin
  readonly options: DeviceConfig & Session.Options
}

/**
 * `resolveParts` finds out which devices play the parts; nothing is opened. What is wrong with any is `InvalidInput`,
 * which names it by its path: `fmc.url`. So is a device with the name of another one: journals know them by that.
 */
export const resolveParts = <P extends Parts>(
  parts: P,
  given: PartDevices<P>
): Effect.Effect<ReadonlyArray<ResolvedPart>, InvalidInput> =>
  Effect.tap(
    Effect.forEach(Object.entries(parts), ([part, plugin]) =>
      Effect.map(resolvePart(part, plugin, given?.[part]), (options) => ({ part, plugin, options }))
    ),
    checkNames
  )

const checkNames = (all: ReadonlyArray<ResolvedPart>): Effect.Effect<void, InvalidInput> => {
  const ofName = new Map<string, ResolvedPart>()
  for (const one of all) {
    const { basePath, name, origin } = one.options.target
    const other = ofName.get(name) ?? one
    const { plugin, options } = other
    const isSame = options.target.origin === origin && options.target.basePath === basePath
    if (!isSame || plugin.id !== one.plugin.id) {
      return refuseInput(
        `${one.part}.name`,
        `the device of the part ${JSON.stringify(other.part)} has this name too, and journals and reports could not tell them apart; give one of them another name.`,
        name
      )
    }
    ofName.set(name, one)
  }
  return Effect.void
}

/**
 * `openParts` opens the sessions of a workflow's devices, side by side. They are logged out when the scope closes. Fails
 * as sessions do.
 */
export const openParts = <P extends Parts>(
  resolved: ReadonlyArray<ResolvedPart>
): Effect.Effect<Clients<P>, AuthError, Scope.Scope> =>
  Effect.map(
    Effect.forEach(
      resolved,
      ({ options, part, plugin }) =>
        // Whatever else the options hold, the plugin's own types say.
        Effect.map(openDevice(plugin, options, options, options), ({ client }) => [part, client] as const),
      { concurrency: "unbounded" }
    ),
    // Each was opened by the plugin of its part.
    (clients) => Object.fromEntries(clients) as Clients<P>
  )

const resolvePart = (part: string, plugin: AnyPlugin, given: unknown) => {
  if (given === undefined) {
    return refuseInput(
      part,
      `no device plays this part; give one of kind ${JSON.stringify(plugin.id)}: the prefix of its variables, url and credentials, or target and credentials.`
    )
  }
  return Effect.mapError(OpenOptions.resolve(plugin, given), (error) =>
    typeof given === "string" ? error : within(part, error)
  )
}

/** `within` names the part beside the field. */
const within = (part: string, { field, message }: InvalidInput): InvalidInput =>
  new InvalidInput({ field: `${part}.${field}`, message: `${part}.${message}` })
