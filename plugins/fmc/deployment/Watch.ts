import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import type { DeviceState } from "sallyport/Deployment"
import type { Place } from "../Place.ts"
import * as DeployableDevices from "./Deployable.ts"
import * as JobHistory from "./JobHistory.ts"
import { told, worst } from "./States.ts"

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
    const jobs = (now ?? []).filter(({ id }) => !known.has(id))
    return devices.map((device): DeviceState | undefined => {
      const state = stateIn(jobs, device) ?? stateAmong(listed, device)
      return state === undefined ? undefined : told(shown, device, state)
    })
  })

const stateIn = (
  jobs: ReadonlyArray<JobHistory.DeploymentJob>,
  device: DeployableDevices.DeployableDevice
): string | undefined => {
  for (const { deviceList = [], jobStatus } of jobs) {
    const own = deviceList.filter(({ containerUUID, deviceUUID }) =>
      [deviceUUID, containerUUID].some((id) => id !== undefined && DeployableDevices.isCalled(device, id))
    )
    const states = own.map(({ deploymentStatus = jobStatus }) => ({ state: deploymentStatus ?? "UNKNOWN" }))
    const counts = worst(states)
    if (counts !== undefined) return counts.state
  }
  return undefined
}

const stateAmong = (
  listed: ReadonlyArray<DeployableDevices.DeployableDevice>,
  device: DeployableDevices.DeployableDevice
): string | undefined => {
  const now = listed.find(({ id }) => id === device.id)
  // Nothing is left to be deployed to it.
  if (now === undefined) return "DEPLOYED"
  return now.isDeploying ? "DEPLOYING" : undefined
}
