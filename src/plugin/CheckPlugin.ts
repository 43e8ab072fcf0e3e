import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import type { AnyPlugin } from "./Plugin.ts"
import { interfaceVersion, PluginMismatch } from "./PluginMismatch.ts"

/**
 * `checkPlugin` takes a plugin that was written for this plugin interface. Fails with `PluginMismatch` for another one,
 * and with `InvalidInput` for what is no plugin, such as the module that it is in.
 */
export const checkPlugin = (
  field: string,
  given: unknown
): Effect.Effect<void, InvalidInput | PluginMismatch> => {
  if (!isPlugin(given)) return refusePlugin(field)
  const { id, pluginInterface, version } = given
  return pluginInterface === interfaceVersion
    ? Effect.void
    : Effect.fail(new PluginMismatch({ plugin: id, version, wants: pluginInterface, has: interfaceVersion }))
}

/** `refusePlugin` says what to give in the place of what is no plugin. */
export const refusePlugin = (field: string): InvalidInput =>
  refuseInput(field, "this is no plugin; give one such as Fmc.plugin.")

/** `isPlugin` says whether it is one, of whichever interface. */
export const isPlugin = (given: unknown): given is AnyPlugin =>
  Predicate.hasProperty(given, "id") &&
  Predicate.isString(given.id) &&
  Predicate.hasProperty(given, "backend") &&
  Predicate.isFunction(given.backend) &&
  Predicate.hasProperty(given, "config") &&
  Schema.isSchema(given.config)
