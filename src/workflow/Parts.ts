import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { AuthError } from "../auth/AuthError.ts"
import * as Session from "../auth/Session.ts"
import type { ClientOf } from "../plugin/Devices.ts"
import type { AnyPlugin, DeviceConfig } from "../plugin/Plugin.ts"
import * as TargetConfig from "../plugin/TargetConfig.ts"
import { InvalidInput } from "../transport/DeviceError.ts"

/** `Parts` are the kinds of devices that a workflow speaks with, by the parts that they play in it. */
export type Parts = Readonly<Record<string, AnyPlugin>>

/** `Clients` are the clients of a workflow's devices. */
export type Clients<P extends Parts> = { readonly [Part in keyof P]: ClientOf<P[Part]> }

/**
 * `PartConfig` says which device plays a part, and who logs in: `Target` and `Credentials`, or plain data, beside what
 * the kind of device has of its own.
 */
export type PartConfig<P extends AnyPlugin> = (DeviceConfig | TargetConfig.Encoded) &
  Schema.Schema.Encoded<P["config"]>

/** `PartConfigs` say which devices play the parts. */
export type PartConfigs<P extends Parts> = { readonly [Part in keyof P]: PartConfig<P[Part]> }

/**
 * `openParts` opens the sessions of a workflow's devices, side by side. They are logged out when the scope closes. What
 * is wrong with any is `InvalidInput`, which names it by its path: `fmc.url`.
 */
export const openParts = <P extends Parts>(
  parts: P,
  given: PartConfigs<P>
): Effect.Effect<Clients<P>, AuthError, Scope.Scope> =>
  Effect.map(
    Effect.forEach(
      Object.entries(parts),
      ([part, plugin]) =>
        Effect.map(openPart(part, plugin, given?.[part]), (client) => [part, client] as const),
      { concurrency: "unbounded" }
    ),
    // Each was opened by the plugin of its part.
    (clients) => Object.fromEntries(clients) as Clients<P>
  )

const openPart = (part: string, plugin: AnyPlugin, given: unknown) =>
  Effect.gen(function* () {
    if (typeof given !== "object" || given === null) {
      const message = `${part}: no device plays this part; give one of kind ${JSON.stringify(plugin.id)}, with url and credentials or with target and credentials.`
      return yield* Effect.fail(new InvalidInput({ field: part, message }))
    }
    const { deviceConfig, own } = yield* deviceOf(part, given)
    const config = yield* TargetConfig.decode(plugin.config, own, part, plugin.id)
    const { client, provider } = yield* plugin.backend(config as never, deviceConfig)
    return yield* client(yield* Session.make(provider))
  })

const deviceOf = (part: string, given: object) => {
  if ("target" in given) {
    const { credentials, target, ...own } = given as DeviceConfig
    return Effect.succeed({ deviceConfig: { target, credentials }, own })
  }
  const [common, own] = [true, false].map((is) =>
    Object.fromEntries(Object.entries(given).filter(([field]) => TargetConfig.isTargetField(field) === is))
  )
  return TargetConfig.decode(TargetConfig.TargetConfig, common, part).pipe(
    Effect.flatMap((config) => TargetConfig.deviceConfig(config, part, part)),
    Effect.map((deviceConfig) => ({ deviceConfig, own }))
  )
}
