import * as Effect from "effect/Effect"
import { SessionClosed } from "../auth/AuthError.ts"
import type * as Contents from "../inventory/Contents.ts"
import type * as Entry from "../inventory/Entry.ts"
import type * as Reading from "../inventory/Reading.ts"
import type { Shown } from "../inventory/Shown.ts"
import type { ClientOf } from "../plugin/Devices.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import { awaited } from "./Awaited.ts"
import * as CallSite from "./CallSite.ts"
import { type PromiseClient, toPluginClient } from "./PromiseClient.ts"
import * as PromiseScope from "./PromiseScope.ts"
import * as RepeatOptions from "./RepeatOptions.ts"

// Devices by their names, for scripts that await: what `Inventory` of `sallyport` has, under the same names.

export { jsonSchema } from "../inventory/EditorSchema.ts"
export type { DeviceGiven, Given, GivenBeside } from "../inventory/Reading.ts"
export { type Shown, type ShownField, showText } from "../inventory/Shown.ts"

/** `PromiseEntry` is a device of an inventory, of any of the kinds of its plugins; told apart by `kind`. */
export type PromiseEntry<P extends AnyPlugin = AnyPlugin> = P extends AnyPlugin
  ? PromiseEntryOf<P, OptionsOf<Entry.Entry<P>>, ClientOf<P>>
  : never

type OptionsOf<E extends { readonly options: Effect.Effect<unknown, unknown> }> = Effect.Effect.Success<
  E["options"]
>

/** `PromiseEntryOf` is a device of one kind. Nothing is opened, and no secret asked for, before it is asked for. */
export interface PromiseEntryOf<P extends AnyPlugin, Options, Client>
  extends Pick<Entry.EntryOf<P, Options, Client>, "name" | "kind" | "plugin" | "tags" | "groups"> {
  /**
   * `options` gives what it is opened with, as `use` and `open` of its kind take it, and a workflow for a part:
   * `Workflow.runPromise(workflow, { fmc: await entry.options() }, …)`.
   */
  readonly options: () => Promise<Options>
  /** `use` logs in, hands the client to `body`, and logs out when that is over, whatever happens. */
  readonly use: <A>(
    body: (client: PromiseClient<Client>) => Promise<A> | A,
    repeats?: RepeatOptions.RepeatOptions
  ) => Promise<A>
  /** `open` does the same for `close`, `await using`, and the end of the process. */
  readonly open: (
    repeats?: RepeatOptions.RepeatOptions
  ) => Promise<PromiseClient<Client> & PromiseScope.Closable>
}

/** `PromiseInventory` is devices with their names, tags and groups: `E` says of which kinds they are. */
export interface PromiseInventory<E extends PromiseEntry = PromiseEntry> {
  /** `entries` are all devices, in the order of the inventory. */
  readonly entries: ReadonlyArray<E>
  /**
   * `select` gives the devices that filters mean, in the order of the inventory: `branch-*`, `tag:prod`, `kind:fdm`,
   * `!branch-7`. Rejects with `InvalidInput` for a filter that matches no device, and where no device is left.
   *
   * @example
   * const entries = await inventory.select("branch-*", "tag:prod", "!branch-7")
   */
  readonly select: (...filters: ReadonlyArray<string>) => Promise<ReadonlyArray<E>>
  /** `get` gives one device, by its whole name. */
  readonly get: (name: string) => Promise<E>
  /** `show` says all fields of a device and where each is from. */
  readonly show: (name: string) => Promise<Shown>
}

/** `reading` is loaded where an inventory is read: few scripts have one. */
const reading = Effect.promise(() => import("../fleet/FleetVerbs.ts"))

/**
 * `make` gives an inventory from code, checked as one from a file is.
 *
 * @example
 * const inventory = await Inventory.make(
 *   { devices: { "branch-1": { kind: "fdm", url: "https://branch-1.example", credentials: { env: "FDM" } } } },
 *   { plugins: [Fdm.plugin] }
 * )
 */
export const make = <const P extends ReadonlyArray<AnyPlugin>>(
  given: Reading.Given<P[number]>,
  options: { readonly plugins: P }
): Promise<PromiseInventory<PromiseEntry<P[number]>>> =>
  read<P>(
    Effect.flatMap(reading, ({ make }) => make(given, options)),
    CallSite.callerOf(make)
  )

/**
 * `fromFile` reads an inventory from a file in YAML, JSON or CSV, by its ending. Rejects with `InvalidInput`, which tells
 * what is wrong by file, line and field.
 *
 * @example
 * const inventory = await Inventory.fromFile("inventory.yaml", { plugins: [Fmc.plugin, Fdm.plugin] })
 */
export const fromFile = <const P extends ReadonlyArray<AnyPlugin>>(
  path: string,
  options: { readonly plugins: P } & Reading.GivenBeside<P[number]>
): Promise<PromiseInventory<PromiseEntry<P[number]>>> =>
  read<P>(
    Effect.flatMap(reading, ({ fromFile }) => fromFile(path, options)),
    CallSite.callerOf(fromFile)
  )

const read = <P extends ReadonlyArray<AnyPlugin>>(
  made: Effect.Effect<Contents.Inventory<Entry.Entry<P[number]>>, unknown>,
  site: CallSite.CallSite
): Promise<PromiseInventory<PromiseEntry<P[number]>>> =>
  awaited(
    undefined,
    // What the kinds' clients are is known by their plugins, and not in here.
    () =>
      Effect.map(made, promised) as Effect.Effect<unknown, unknown> as Effect.Effect<
        PromiseInventory<PromiseEntry<P[number]>>,
        unknown
      >,
    site
  )

/** `promised` gives an inventory to scripts that await. */
const promised = (inventory: Contents.Inventory): PromiseInventory => {
  const entries = inventory.entries.map(entryOf)
  const places = new Map(inventory.entries.map((one, at) => [one, at]))
  const own = (one: Entry.Entry): PromiseEntry => entries[places.get(one) ?? -1] ?? entryOf(one)
  const select: PromiseInventory["select"] = (...filters) =>
    awaited(
      undefined,
      () => Effect.map(inventory.select(...filters), (all) => all.map(own)),
      CallSite.callerOf(select)
    )
  const get: PromiseInventory["get"] = (name) =>
    awaited(undefined, () => Effect.map(inventory.get(name), own), CallSite.callerOf(get))
  const show: PromiseInventory["show"] = (name) =>
    awaited(undefined, () => inventory.show(name), CallSite.callerOf(show))
  return { entries, select, get, show }
}

const entryOf = ({ groups, kind, name, open, options, plugin, tags }: Entry.Entry): PromiseEntry => {
  const opened = (
    repeats: RepeatOptions.RepeatOptions | undefined,
    scope: PromiseScope.PromiseScope,
    site: CallSite.CallSite
  ) =>
    scope.open(
      Effect.gen(function* () {
        yield* RepeatOptions.checkRepeats(repeats ?? {})
        const runner = yield* RepeatOptions.withRepeats(repeats ?? {}, scope)
        if (PromiseScope.isEnding()) return yield* new SessionClosed({ targetName: name })
        // What it is, its plugin knows.
        return toPluginClient(plugin, yield* open, runner) as PromiseClient<unknown>
      }),
      site
    )
  const given: PromiseEntry["options"] = () => awaited(undefined, () => options, CallSite.callerOf(given))
  const opening: PromiseEntry["open"] = (repeats) => {
    const site = CallSite.callerOf(opening)
    return PromiseScope.openScope((scope) => opened(repeats, scope, site))
  }
  const use: PromiseEntry["use"] = (body, repeats) => {
    const site = CallSite.callerOf(use)
    return PromiseScope.withScope((scope) => opened(repeats, scope, site), body, site)
  }
  return { name, kind, plugin, tags, groups, options: given, open: opening, use }
}
