import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { AuthError } from "../auth/AuthError.ts"
import type { ClientOf } from "../plugin/Devices.ts"
import type { AnyPlugin, DeviceConfig } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"

/** `Entry` is a device of an inventory, of any of the kinds of its plugins; told apart by `kind`. */
export type Entry<P extends AnyPlugin = AnyPlugin> = P extends AnyPlugin
  ? EntryOf<P, DeviceConfig & SettingsOf<P>, ClientOf<P>>
  : never

/** `EntryOf` is a device of one kind. Nothing is opened, and no secret asked for, before it is asked for. */
export interface EntryOf<P extends AnyPlugin, Options, Client> {
  readonly name: string
  readonly kind: P["id"]
  readonly plugin: P
  readonly tags: ReadonlyArray<string>
  /** `groups` are those that the device is in, the nearest first. */
  readonly groups: ReadonlyArray<string>
  /**
   * `options` are what it is opened with, as `make` of its kind takes them, and a workflow for a part:
   * `Workflow.run(workflow, { fmc: yield* entry.options })`. Fails with `InvalidInput` for a file of a certificate that
   * cannot be read.
   */
  readonly options: Effect.Effect<Options, InvalidInput>
  /** `open` logs in, and out when the scope closes. Fails as sessions do, and as `options` does. */
  readonly open: Effect.Effect<Client, AuthError, Scope.Scope>
}

/** `SettingsOf` is what devices of a kind have beside, as the plugin's schema has decoded it. */
type SettingsOf<P extends AnyPlugin> =
  unknown extends Schema.Schema.Type<P["config"]> ? object : Schema.Schema.Type<P["config"]>
