import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { few } from "../validation/Few.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import type { PartDevice } from "../workflow/Parts.ts"

/** `FleetDevice` is a device of a fleet: an entry of an inventory, or whatever has these. */
export interface FleetDevice {
  readonly name: string
  /** `kind` is the id of its plugin. */
  readonly kind: string
  /** `options` are what it is opened with, or an Effect of them, which is asked when its turn comes. */
  readonly options: string | object | Effect.Effect<string | object, InvalidInput>
}

/** `Selectable` is an inventory, of which filters select some. */
export interface Selectable {
  readonly select: (
    ...filters: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<FleetDevice>, InvalidInput>
}

/**
 * `FleetDevices` are the devices of a fleet: an inventory, entries of one, or by their names what a workflow takes for
 * the device of a part.
 */
export type FleetDevices<P extends AnyPlugin> =
  | Selectable
  | ReadonlyArray<FleetDevice>
  | Readonly<Record<string, PartDevice<P>>>

/** `LeftOut` is a device that a fleet leaves out, since it is of another kind than the workflow's. */
interface LeftOut {
  readonly name: string
  readonly kind: string
}

/** `Chosen` are the devices that a workflow can be run on, and those that are left out. */
export interface Chosen {
  readonly devices: ReadonlyArray<FleetDevice>
  readonly leftOut: ReadonlyArray<LeftOut>
}

/** `choose` gives the devices of this kind. Fails with `InvalidInput` where there are none, or two of one name. */
export const choose = (
  kind: string,
  given: unknown,
  select: string | ReadonlyArray<string> | undefined
): Effect.Effect<Chosen, InvalidInput> =>
  Effect.gen(function* () {
    const all = yield* listed(kind, given, select)
    const names = new Set<string>()
    for (const { name } of all) {
      if (names.has(name))
        return yield* refuseInput(
          "devices",
          `there are two of the name ${JSON.stringify(name)}; reports and journals could not tell them apart.`
        )
      names.add(name)
    }
    const devices = all.filter((one) => one.kind === kind)
    if (devices.length > 0) {
      const others = all.filter((one) => one.kind !== kind)
      return { devices, leftOut: others.map(({ kind, name }) => ({ name, kind })) }
    }
    const others = all.length === 0 ? "" : `; the ${all.length} that there are, are of other kinds`
    return yield* refuseInput("devices", `there is none of kind ${JSON.stringify(kind)}${others}.`)
  })

/** `named` gives the devices of these names, in their order. Fails with `InvalidInput` where one is missing. */
export const named = (
  devices: ReadonlyArray<FleetDevice>,
  names: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<FleetDevice>, InvalidInput> => {
  const byName = new Map(devices.map((one) => [one.name, one]))
  const missing = names.filter((name) => !byName.has(name))
  if (missing.length === 0) return Effect.succeed(names.flatMap((name) => byName.get(name) ?? []))
  return refuseInput(
    "devices",
    `${missing.length} of the fleet are not among them; give these too: ${few(missing)}.`
  )
}

const listed = (
  kind: string,
  given: unknown,
  select: string | ReadonlyArray<string> | undefined
): Effect.Effect<ReadonlyArray<FleetDevice>, InvalidInput> => {
  if (isSelectable(given)) return given.select(...(typeof select === "string" ? [select] : (select ?? [])))
  if (select !== undefined)
    return refuseInput("select", "filters are for an inventory; give one, or leave them out.")
  if (Array.isArray(given)) {
    const wrong = given.findIndex((one) => !isDevice(one))
    return wrong < 0
      ? Effect.succeed(given)
      : refuseInput(
          `devices.${wrong}`,
          "this is no device; give an entry of an inventory, with name, kind and options."
        )
  }
  return Predicate.isReadonlyRecord(given)
    ? Effect.succeed(
        Object.entries(given).map(([name, options]) => ({ name, kind, options: options as object }))
      )
    : refuseInput(
        "devices",
        "there are none; give an inventory, its entries, or an object of devices by their names."
      )
}

const isSelectable = (given: unknown): given is Selectable =>
  Predicate.hasProperty(given, "select") && Predicate.isFunction(given.select)

const isDevice = (given: unknown): given is FleetDevice =>
  Predicate.isReadonlyRecord(given) &&
  typeof given.name === "string" &&
  typeof given.kind === "string" &&
  "options" in given

/** `optionsOf` gives what a device is opened with. Fails as its inventory says. */
export const optionsOf = ({ options }: FleetDevice): Effect.Effect<string | object, InvalidInput> =>
  Effect.isEffect(options)
    ? (options as Effect.Effect<string | object, InvalidInput>)
    : Effect.succeed(options)
