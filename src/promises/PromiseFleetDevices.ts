import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as FleetDevices from "../fleet/FleetDevices.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"

/** `PromiseFleetDevice` is a device of a fleet for scripts that await: an entry of an inventory, or whatever has these. */
export interface PromiseFleetDevice {
  readonly name: string
  /** `kind` is the id of its plugin. */
  readonly kind: string
  /** `options` are what it is opened with, or a function that gives them when its turn comes. */
  readonly options: string | object | (() => Promise<string | object>)
}

/** `PromiseSelectable` is an inventory, of which filters select some. */
export interface PromiseSelectable {
  readonly select: (...filters: ReadonlyArray<string>) => Promise<ReadonlyArray<PromiseFleetDevice>>
}

/** `PromiseFleetDevices` are the devices of a fleet for scripts that await: any inventory, entries, or devices by name. */
export type PromiseFleetDevices<P extends AnyPlugin> =
  | PromiseSelectable
  | ReadonlyArray<PromiseFleetDevice>
  | FleetDevices.FleetDevices<P>

/** `fleetDevices` gives them to a fleet. What is no device, that tells. */
export const fleetDevices = <P extends AnyPlugin>(
  given: PromiseFleetDevices<P>
): FleetDevices.FleetDevices<P> => {
  if (Array.isArray(given)) return given.map(fleetDevice)
  if (!isSelectable(given)) return given as FleetDevices.FleetDevices<P>
  const { select } = given
  return {
    select: (...filters) =>
      Effect.suspend(() => {
        const selected = select(...filters)
        return Effect.isEffect(selected) ? selected : rejecting(() => selected)
      }).pipe(Effect.map((devices) => devices.map(fleetDevice)))
  }
}

const isSelectable = (given: unknown): given is PromiseSelectable | FleetDevices.Selectable =>
  Predicate.hasProperty(given, "select") && Predicate.isFunction(given.select)

const fleetDevice = <Device extends PromiseFleetDevice | FleetDevices.FleetDevice>(
  device: Device
): Device & FleetDevices.FleetDevice => {
  const options: unknown = Predicate.hasProperty(device, "options") ? device.options : undefined
  return Predicate.isFunction(options) && !Effect.isEffect(options)
    ? { ...device, options: rejecting(() => options() as Promise<string | object>) }
    : device
}

/** `rejecting` fails as a promise rejects: of what a script gives, with whatever that throws. */
const rejecting = <A>(promise: () => Promise<A>): Effect.Effect<A, InvalidInput> =>
  Effect.tryPromise({ try: promise, catch: (error) => error as InvalidInput })
