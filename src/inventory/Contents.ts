import type * as Effect from "effect/Effect"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type { Entry } from "./Entry.ts"

/** `Inventory` is devices with their names, tags and groups: `E` says of which kinds they are. */
export interface Inventory<E extends Entry = Entry> {
  /** `entries` are all devices, in the order of the inventory. */
  readonly entries: ReadonlyArray<E>
  /**
   * `select` gives the devices that filters mean, in the order of the inventory: `branch-*` (names), `tag:prod`,
   * `kind:fdm`, `group:emea`. Several of one sort widen each other, those of several sorts narrow each other, and what a
   * `!` stands before is taken away. A text may hold several, with spaces or commas between. Without filters it gives all.
   *
   * Fails with `InvalidInput` for a filter that matches no device, and where no device is left.
   *
   * @example
   * const entries = yield* inventory.select("branch-*", "tag:prod", "!branch-7")
   */
  readonly select: (...filters: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<E>, InvalidInput>
  /** `get` gives one device, by its whole name. Fails with `InvalidInput` where there is none. */
  readonly get: (name: string) => Effect.Effect<E, InvalidInput>
}
