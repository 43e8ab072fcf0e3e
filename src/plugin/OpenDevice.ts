import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { AuthError } from "../auth/AuthError.ts"
import * as Session from "../auth/Session.ts"
import * as SessionOptions from "../auth/SessionOptions.ts"
import * as SendOptions from "../transport/SendOptions.ts"
import type { AnyPlugin, DeviceConfig } from "./Plugin.ts"

/** `OpenedDevice` is a device that is logged in to: its session, and the client that its plugin gives on it. */
export interface OpenedDevice {
  readonly session: Session.Session
  readonly client: unknown
}

/**
 * `openDevice` logs in to a device, and out when the scope closes. `config` is what the plugin's own schema has decoded.
 * Fails as sessions do.
 */
export const openDevice = (
  plugin: AnyPlugin,
  config: unknown,
  { credentials, target }: DeviceConfig,
  options: Session.Options
): Effect.Effect<OpenedDevice, AuthError, Scope.Scope> =>
  Effect.gen(function* () {
    const backend = yield* plugin.backend(config as never, { target, credentials })
    const session = yield* Session.make(backend.provider, SessionOptions.of(options))
    return { session, client: yield* backend.client(session) }
  }).pipe(SendOptions.withSendOptions(options))
