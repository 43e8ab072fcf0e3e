import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import { DeploymentFailed, type DeviceState } from "sallyport/Deployment"
import { InvalidInput } from "sallyport/DeviceError"
import * as Pages from "sallyport/Pages"
import * as Names from "../Names.ts"
import type { Place } from "../Place.ts"
import { type DeployableDevice, isCalled } from "./Deployable.ts"
import { told } from "./States.ts"

/** A device that something can be deployed to. */
export interface Deployable extends DeployableDevice {
  readonly version: string
}

/** Who is deployed to, and who is not, with the reason. */
export interface Choice {
  readonly chosen: ReadonlyArray<Deployable>
  readonly leftOut: ReadonlyArray<DeviceState>
}

/** Without names, all that can be deployed to. With names, these: none of them may be unknown, or impossible to deploy to. */
export const choose = (
  place: Place,
  listed: ReadonlyArray<DeployableDevice>,
  {
    devices: names,
    force = false
  }: { readonly devices?: ReadonlyArray<string> | undefined; readonly force?: boolean | undefined }
): Effect.Effect<Choice, SessionError | DeploymentFailed> =>
  Effect.gen(function* () {
    const shown = yield* place.safe
    const wanted = listed.filter(
      (device) => names === undefined || names.some((name) => isCalled(device, name))
    )
    const chosen: Array<Deployable> = []
    const leftOut: Array<DeviceState> = []
    for (const device of wanted) {
      const { message, version } = device
      const why = reason(device, force)
      if (why === undefined && version !== undefined) chosen.push({ ...device, version })
      else leftOut.push(told(shown, device, why ?? impossible, message))
    }
    if (names === undefined) return { chosen, leftOut }
    const hopeless = leftOut.filter(({ state }) => state !== upToDate)
    if (hopeless.length > 0) {
      return yield* Effect.fail(new DeploymentFailed({ target: place.target, devices: hopeless }))
    }
    const missing = names.filter((name) => !listed.some((device) => isCalled(device, name)))
    const others = missing.length === 0 ? [] : yield* managed(place)
    for (const name of missing) {
      const there = others.find((device) => isCalled(device, name))
      if (there === undefined) return yield* Effect.fail(unknown(name, listed, shown))
      leftOut.push(told(shown, there, upToDate))
    }
    return { chosen, leftOut }
  })

const upToDate = "UP_TO_DATE"
const impossible = "CANNOT_BE_DEPLOYED"

const reason = (device: DeployableDevice, force: boolean): string | undefined => {
  if (device.isDeploying) return "ALREADY_DEPLOYING"
  if (!device.canBeDeployed || device.version === undefined) return impossible
  return device.upToDate && !force ? upToDate : undefined
}

const Managed = Schema.Struct({ id: Schema.String, name: Schema.String })

/** Devices, pairs and clusters of the domain: one that is not deployable may just be up to date. */
const managed = ({ rest }: Place): Effect.Effect<ReadonlyArray<typeof Managed.Type>, SessionError> =>
  Effect.map(
    Effect.forEach(
      ["/devices/devicerecords", "/devicehapairs/ftddevicehapairs", "/deviceclusters/ftddevicecluster"],
      (path) =>
        Stream.runCollect(Pages.list(rest, path, Managed)).pipe(
          Effect.map((all) => [...all]),
          // Old versions have no pairs or clusters here.
          Effect.catchTag("DeviceRefused", () => Effect.succeed([]))
        )
    ),
    (lists) => lists.flat()
  )

const unknown = (
  name: string,
  listed: ReadonlyArray<DeployableDevice>,
  shown: (words: string) => string
): InvalidInput => {
  const names = Names.among(
    listed.map((device) => device.name),
    shown
  )
  const next =
    names === "" ? "nothing can be deployed to now." : `give names or ids; deployable are now: ${names}.`
  const message = `devices: this domain has no device ${JSON.stringify(name)}; ${next}`
  return new InvalidInput({ field: "devices", value: name, message })
}
