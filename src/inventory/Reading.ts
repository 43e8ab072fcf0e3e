import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Places from "../documents/Places.ts"
import * as TextFile from "../documents/TextFile.ts"
import { checkPlugins } from "../plugin/DevicesConfig.ts"
import type { AnyPlugin, PluginMismatch } from "../plugin/Plugin.ts"
import type * as TargetConfig from "../plugin/TargetConfig.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import * as Contents from "./Contents.ts"
import * as CsvSource from "./CsvSource.ts"
import * as DecodedEntry from "./DecodedEntry.ts"
import * as DocumentSource from "./DocumentSource.ts"
import type { Entry } from "./Entry.ts"
import * as InventoryFile from "./InventoryFile.ts"
import * as Merging from "./Merging.ts"
import * as PlainSecrets from "./PlainSecrets.ts"
import * as Sections from "./Sections.ts"
import * as Source from "./Source.ts"

type EncodedOf<P> = P extends AnyPlugin ? Schema.Schema.Encoded<P["config"]> : never
type Common = Partial<Omit<TargetConfig.Encoded, "name">> & { readonly tags?: ReadonlyArray<string> }
/** `All` is what has the fields of each of several. */
type All<Each> = (Each extends unknown ? (each: Each) => void : never) extends (each: infer Every) => void
  ? Every
  : never

/** `DeviceGiven` is a device of an inventory in code: what its groups, its kind or the defaults say may be left out. */
export type DeviceGiven<P extends AnyPlugin> = P extends AnyPlugin
  ? { readonly kind?: P["id"]; readonly groups?: ReadonlyArray<string> } & Common & Partial<EncodedOf<P>>
  : never

/** `GivenBeside` is what devices have from elsewhere. */
export interface GivenBeside<P extends AnyPlugin> {
  /** `defaults` are what all devices have that say nothing else. */
  readonly defaults?: { readonly kind?: P["id"] } & Common & Partial<All<EncodedOf<P>>>
  /** `kinds` are the same for all devices of a kind. */
  readonly kinds?: {
    readonly [Kind in P["id"]]?: Common & Partial<EncodedOf<Extract<P, { readonly id: Kind }>>>
  }
  /** `groups` are the same for the devices that name them in their `groups`, of which the first is the nearest. */
  readonly groups?: Readonly<Record<string, Common & Partial<All<EncodedOf<P>>>>>
}

/** `Given` is an inventory in code. */
export interface Given<P extends AnyPlugin> extends GivenBeside<P> {
  readonly devices: Readonly<Record<string, DeviceGiven<P>>>
}

/**
 * `make` gives an inventory from code, checked as one from a file is. Credentials may be any `Credentials`, and a
 * password `Redacted`.
 *
 * Fails with `InvalidInput`, which tells what is wrong by its path, of all devices together, and with `PluginMismatch`.
 *
 * @example
 * const inventory = yield* Inventory.make(
 *   {
 *     defaults: { credentials: { env: "FDM" } },
 *     devices: { "branch-1": { kind: "fdm", url: "https://branch-1.example", tags: ["prod"] } }
 *   },
 *   { plugins: [Fdm.plugin] }
 * )
 */
export const make = <const P extends ReadonlyArray<AnyPlugin>>(
  given: Given<P[number]>,
  options: { readonly plugins: P }
): Effect.Effect<Contents.Inventory<Entry<P[number]>>, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    yield* InputSchema.check(Options, options, "an inventory")
    const source = { data: given, isText: false, folder: undefined, placeOf: () => undefined }
    return yield* read<P[number]>(source, options.plugins)
  })

const Options = Schema.Struct({
  plugins: Schema.Array(Schema.Unknown).annotations({ description: "a list of plugins such as [Fmc.plugin]" })
}).annotations({ description: "an object such as { plugins: [Fmc.plugin] }" })

/**
 * `fromFile` reads an inventory from a file in YAML, JSON or CSV, by its ending. What a file says of other files
 * (`caFile`, `passwordFile`) is meant from its own folder. Defaults, kinds and groups may be given beside, as for a CSV
 * file, which has devices alone; what the file says of one of them takes its place.
 *
 * Of a CSV file the first line names the columns: `name`, `kind`, `tags`, `groups` (words with spaces between), and any
 * field of a device, by its path: `url`, `trust.pin`, `credentials.env`. An empty cell says nothing.
 *
 * Fails with `InvalidInput`, which tells what is wrong by file, line and field, of all devices together, and with
 * `PluginMismatch`.
 *
 * @example
 * const inventory = yield* Inventory.fromFile("inventory.yaml", { plugins: [Fmc.plugin, Fdm.plugin] })
 */
export const fromFile = <const P extends ReadonlyArray<AnyPlugin>>(
  path: string,
  options: { readonly plugins: P } & GivenBeside<P[number]>
): Effect.Effect<Contents.Inventory<Entry<P[number]>>, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    if (typeof path !== "string" || path === "" || path.includes("\0"))
      return yield* refuseInput("path", "this is no path; give that of an inventory's file.")
    const parse = parserOf(path)
    if (parse === undefined)
      return yield* refuseInput(
        TextFile.nameOf(path),
        "its name has to end in .yaml, .yml, .json or .csv, by which it is read."
      )
    const { plugins, ...beside } = { ...options }
    yield* InputSchema.check(Options, options && { plugins }, "an inventory")
    const source = yield* parse(path, yield* InventoryFile.readText(path))
    const data = Source.isRecord(source.data) ? { ...beside, ...source.data } : source.data
    return yield* read<P[number]>({ ...source, data }, plugins)
  })

const parserOf = (path: string) => {
  if (/\.(ya?ml|json)$/i.test(path)) return DocumentSource.parse
  return /\.csv$/i.test(path) ? CsvSource.parse : undefined
}

const read = <P extends AnyPlugin>(
  source: Source.Source,
  plugins: ReadonlyArray<P>
): Effect.Effect<Contents.Inventory<Entry<P>>, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    // Of JavaScript.
    if (!Array.isArray(plugins as unknown))
      return yield* refuseInput("plugins", "this is no list; give plugins such as [Fmc.plugin].")
    yield* checkPlugins(plugins)
    const faults: Array<Places.Fault> = [...PlainSecrets.findSecrets(source.data)]
    if (faults.length > 0) return yield* Places.refused(faults, source.placeOf)
    const tell = (path: Places.Path, sentence: string) => void faults.push({ path, sentence })
    const devices = Merging.merge(Sections.read(source.data, plugins, tell), plugins, tell)
    const wrong = yield* Effect.forEach(sound(devices, faults), (device) =>
      Effect.option(Effect.flip(DecodedEntry.check(device, source)))
    )
    const all = [...faults, ...wrong.flatMap(Option.toArray)]
    return all.length > 0 ? yield* Places.refused(all, source.placeOf) : Contents.make(devices, source)
  })

/** `sound` are the devices of which nothing wrong is known yet: what is wrong with the rest of them is to be told, too. */
const sound = <P extends AnyPlugin>(
  devices: ReadonlyArray<Merging.MergedDevice<P>>,
  faults: ReadonlyArray<Places.Fault>
): ReadonlyArray<Merging.MergedDevice<P>> => {
  const names = new Set(faults.map(({ path: [part, name] }) => (part === "devices" ? name : undefined)))
  // What groups and defaults should have said is missing everywhere.
  return names.has(undefined) ? [] : devices.filter(({ name }) => !names.has(name))
}
