import * as Effect from "effect/Effect"
import * as Places from "../documents/Places.ts"
import { openDevice } from "../plugin/OpenDevice.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import * as DecodedEntry from "./DecodedEntry.ts"
import type { Entry } from "./Entry.ts"
import * as Filter from "./Filter.ts"
import type { MergedDevice } from "./Merging.ts"
import * as Names from "./Names.ts"
import * as Shown from "./Shown.ts"
import type * as Source from "./Source.ts"

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
  /** `show` says all fields of a device and where each is from. Fails with `InvalidInput` where there is no such device. */
  readonly show: (name: string) => Effect.Effect<Shown.Shown, InvalidInput>
}

/** `make` gives the inventory of devices that are checked. */
export const make = <P extends AnyPlugin>(
  all: ReadonlyArray<MergedDevice<P>>,
  source: Source.Source
): Inventory<Entry<P>> => {
  // The plugin's own schema has decoded what its entry is opened with.
  const entries = all.map((device) => entryOf(device, source)) as unknown as ReadonlyArray<Entry<P>>
  const byName = new Map(all.map((device, index) => [device.name, index]))

  const find = <A>(among: ReadonlyArray<A>, name: string): Effect.Effect<A, InvalidInput> => {
    const found = among[byName.get(name) ?? -1]
    if (found !== undefined) return Effect.succeed(found)
    if (typeof name !== "string") return refuseInput("device", "this is no name; give that of a device.")
    const suggestion = Names.suggestion(name, [...byName.keys()])
    return refuseInput(
      "device",
      `there is no device ${JSON.stringify(Redaction.redact(name))}; ${suggestion}`
    )
  }
  return {
    entries,
    select: (...filters) =>
      Effect.suspend(() => {
        const { devices, faults } = Filter.select(entries, filters)
        return faults.length > 0
          ? refuseInput("select", faults.slice(0, 10).join("\nselect: "))
          : Effect.succeed(devices)
      }),
    get: (name) => find(entries, name),
    show: (name) => Effect.map(find(all, name), (device) => Shown.show(device, source.placeOf))
  }
}

const entryOf = (device: MergedDevice<AnyPlugin>, source: Source.Source): Entry => {
  const { groups, kind, name, plugin, tags } = device
  const decoded = Effect.suspend(() =>
    Effect.mapError(DecodedEntry.decode(device, source), (fault) => Places.refused([fault], source.placeOf))
  )
  return {
    name,
    kind,
    plugin,
    tags,
    groups,
    options: Effect.map(decoded, ({ config, deviceConfig }) => ({ ...config, ...deviceConfig })),
    open: Effect.flatMap(decoded, ({ config, deviceConfig }) =>
      Effect.map(openDevice(plugin, config, deviceConfig, {}), ({ client }) => client)
    )
  }
}
