import * as Data from "effect/Data"

/**
 * `interfaceVersion` is the plugin interface that this version of Sallyport has. It grows only when what plugins are
 * written for breaks.
 */
export const interfaceVersion = 1

/** `PluginMismatch` says that a plugin was written for another plugin interface than this Sallyport has. */
export class PluginMismatch extends Data.TaggedError("PluginMismatch")<{
  readonly plugin: string
  readonly version: string
  /** `wants` is the interface that the plugin was written for. */
  readonly wants: number
  /** `has` is the interface that this Sallyport has. */
  readonly has: number
}> {
  override get message(): string {
    const next =
      this.wants > this.has
        ? "Upgrade sallyport."
        : `Upgrade the plugin "${this.plugin}", or stay with an older sallyport until there is a newer one.`
    return `the plugin "${this.plugin}" ${this.version} was written for plugin interface ${this.wants}; this sallyport has ${this.has}. ${next}`
  }
}
