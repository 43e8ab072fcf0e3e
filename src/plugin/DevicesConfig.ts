import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { checkPlugin, isPlugin, refusePlugin } from "./CheckPlugin.ts"
import * as KindConfig from "./KindConfig.ts"
import type { AnyPlugin, DeviceConfig, PluginMismatch } from "./Plugin.ts"

/** `ConfiguredDevice` is a device of a configuration: its plugin, and all that it is opened with. */
export interface ConfiguredDevice<P> {
  readonly name: string
  readonly plugin: P
  readonly config: unknown
  readonly deviceConfig: DeviceConfig
}

/**
 * `decodeDevices` reads a configuration, as it comes from a file. Each device is decoded once, here; errors name the
 * field by its path and never show what stands there.
 */
export const decodeDevices = <P extends AnyPlugin>(
  plugins: ReadonlyArray<P>,
  given: unknown
): Effect.Effect<ReadonlyArray<ConfiguredDevice<P>>, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    yield* checkPlugins(plugins)
    if (!Predicate.isReadonlyRecord(given)) {
      return yield* refuseInput("devices", "this is no object; give an object of devices by their names.")
    }
    return yield* Effect.forEach(Object.entries(given), ([name, device]) =>
      decodeDevice(plugins, name, device)
    )
  })

const decodeDevice = <P extends AnyPlugin>(plugins: ReadonlyArray<P>, name: string, given: unknown) =>
  Effect.gen(function* () {
    const path = `devices.${name}`
    if (!Predicate.isReadonlyRecord(given))
      return yield* refuseInput(path, "this is no object; give one with kind, url and credentials.")
    const { kind, ...rest } = given
    const plugin = plugins.find(({ id }) => id === kind)
    if (plugin === undefined) {
      const kinds = plugins.map(({ id }) => JSON.stringify(id)).join(", ")
      const known =
        kinds === "" ? "it has none; give it a plugin." : `give one of those that it has: ${kinds}.`
      return yield* refuseInput(`${path}.kind`, `this program has no such kind of device; ${known}`)
    }
    const decoded = yield* KindConfig.decode(plugin, rest, path, name)
    return { name, plugin, ...decoded }
  })

/** `refusePlugins` says what to give in the place of what is no list of plugins. */
export const refusePlugins = (): InvalidInput =>
  refuseInput("plugins", "this is no list of plugins; give one such as [Fmc.plugin, Fdm.plugin].")

/** `faultOfPlugins` says what is wrong with the plugins of a program, each of which is given once. */
export const faultOfPlugins = (plugins: unknown): InvalidInput | undefined => {
  if (!Array.isArray(plugins)) return refusePlugins()
  const ids = new Set<string>()
  for (const plugin of plugins) {
    if (!isPlugin(plugin)) return refusePlugin("plugins")
    const { id } = plugin
    if (ids.has(id))
      return refuseInput("plugins", `${JSON.stringify(id)} is given twice; give each plugin once.`, id)
    ids.add(id)
  }
  return undefined
}

/** `checkPlugins` takes the plugins of a program. Fails with `InvalidInput` and `PluginMismatch`. */
export const checkPlugins = (
  plugins: ReadonlyArray<AnyPlugin>
): Effect.Effect<void, InvalidInput | PluginMismatch> =>
  faultOfPlugins(plugins) ??
  Effect.forEach(plugins, (plugin) => checkPlugin("plugins", plugin), { discard: true })
