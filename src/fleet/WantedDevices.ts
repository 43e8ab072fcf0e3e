import * as Effect from "effect/Effect"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { few } from "../validation/Few.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import * as FleetDevices from "./FleetDevices.ts"
import type * as FleetOptions from "./FleetOptions.ts"
import * as FleetPlan from "./FleetPlan.ts"
import * as Share from "./Share.ts"
import * as Waves from "./Waves.ts"

/** `Rest` is what of a fleet is to be done again. */
export interface Rest {
  /** `of` is the id of that fleet. */
  readonly of: string
  readonly names: ReadonlyArray<string>
}

/** `InOrder` are the devices that a fleet comes to, in their order and in waves. */
interface InOrder {
  readonly devices: ReadonlyArray<FleetDevices.FleetDevice>
  readonly waves: ReadonlyArray<Waves.Wave>
}

/**
 * `inOrder` gives those of the devices that a fleet is to come to. Fails with `InvalidInput` where its plan has not all of
 * them, where one is missing, and for a canary that is none of them.
 */
export const inOrder = (
  devices: ReadonlyArray<FleetDevices.FleetDevice>,
  workflow: { readonly name: string },
  options: FleetOptions.FleetOptions,
  rest: Rest | undefined
): Effect.Effect<InOrder, InvalidInput> =>
  Effect.flatMap(wantedOf(devices, workflow.name, options, rest), (wanted) => ordered(wanted, options))

/** `wantedOf` are the rest of another fleet, or the devices of the plan, or all. Fails as `inOrder` does. */
const wantedOf = (
  devices: ReadonlyArray<FleetDevices.FleetDevice>,
  workflow: string,
  { plan, select }: FleetOptions.FleetOptions,
  rest: Rest | undefined
): Effect.Effect<ReadonlyArray<FleetDevices.FleetDevice>, InvalidInput> =>
  Effect.gen(function* () {
    const again = rest === undefined ? undefined : yield* FleetDevices.named(devices, rest.names)
    if (plan === undefined) return again ?? devices
    if (plan.workflow !== workflow)
      return yield* refuseInput(
        "plan",
        `it is that of the workflow ${JSON.stringify(plan.workflow)}; give one of ${JSON.stringify(workflow)}.`
      )
    const names = new Set(FleetPlan.devicesOf(plan))
    if (again === undefined && select === undefined) {
      yield* FleetDevices.named(devices, [...names])
      return devices.filter(({ name }) => names.has(name))
    }
    const wanted = again ?? devices
    const strange = wanted.filter(({ name }) => !names.has(name)).map(({ name }) => name)
    if (strange.length === 0) return wanted
    return yield* refuseInput(
      "plan",
      `these are not in it: ${few(strange)}; leave them out, or make a plan that has them.`
    )
  })

/** `ordered` puts the canary first. Fails with `InvalidInput` for a name that no device has. */
const ordered = (
  devices: ReadonlyArray<FleetDevices.FleetDevice>,
  { canary = [], waves = [] }: Waves.WaveOptions
): Effect.Effect<InOrder, InvalidInput> => {
  const shares = typeof waves === "object" ? waves : [waves]
  if (typeof canary !== "object") {
    const count = Math.max(1, Share.fewer(canary, devices.length))
    return Effect.succeed({ devices, waves: Waves.plan(devices.length, count, shares) })
  }
  const first = canary.flatMap((name) => devices.find((one) => one.name === name) ?? [])
  const strange = canary.find((name) => !devices.some((one) => one.name === name))
  if (strange !== undefined) {
    return refuseInput("canary", `the fleet has no device ${JSON.stringify(strange)}.`, strange)
  }
  const names = new Set(canary)
  return Effect.succeed({
    devices: [...first, ...devices.filter(({ name }) => !names.has(name))],
    waves: Waves.plan(devices.length, names.size, shares)
  })
}
