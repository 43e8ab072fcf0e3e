import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import type { DeviceState } from "sallyport/Deployment"
import type { Place } from "../domain/DomainContext.ts"
import * as DeployableDevices from "./DeployableDevices.ts"
import { told } from "./DeploymentStates.ts"
import * as JobHistory from "./JobHistory.ts"

/**
 * How devices fare whose task nobody knows: by whether they are still deployable or being deployed to, and by the jobs
 * that are newer than those `before`. `undefined` for one that shows no trace of a deployment.
 */
export const look = (
  place: Place,
  devices: ReadonlyArray<DeployableDevices.DeployableDevice>,
  before: JobHistory.Newest
): Effect.Effect<ReadonlyArray<DeviceState | undefined>, SessionError> =>
  Effect.gen(function* () {
    const shown = yield* place.safe
    // In this order: one that ends in between is found in the jobs.
    const listed = [...(yield* Stream.runCollect(DeployableDevices.list(place)))]
    const known = new Set(before?.map(({ id }) => id))
    // Without what was there before, old jobs would be taken for new ones.
    const now = before === undefined ? undefined : yield* JobHistory.newest(place)
    const jobs = (now ?? []).filter(({ id }) => id !== "" && !known.has(id))
    return devices.map((device): DeviceState | undefined => {
      const unit = { ...device, members: device.deviceMembers ?? [] }
      const state = JobHistory.stateOf(jobs, unit) ?? stateAmong(listed, device, now !== undefined)
      return state === undefined ? undefined : told(shown, device, state)
    })
  })

const stateAmong = (
  listed: ReadonlyArray<DeployableDevices.DeployableDevice>,
  device: DeployableDevices.DeployableDevice,
  hasHistory: boolean
): string | undefined => {
  const now = listed.find((one) => DeployableDevices.isCalled(one, device.id))
  if (now !== undefined) return now.isDeploying ? "DEPLOYING" : undefined
  // Nothing is left to be deployed to it; where there is a history, that has to say how it came to that.
  return hasHistory ? undefined : "DEPLOYED"
}
