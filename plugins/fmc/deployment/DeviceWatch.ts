import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Deployment, SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import * as DeployableDevices from "./DeployableDevices.ts"
import { deviceState } from "./DeploymentStates.ts"
import * as JobHistory from "./JobHistory.ts"

/**
 * `readStates` tells how devices fare whose task nobody knows: by whether they are still deployable or being deployed
 * to, and by the jobs that are newer than those `before`. `undefined` for one that shows no trace of a deployment.
 */
export const readStates = (
  context: DomainContext,
  devices: ReadonlyArray<DeployableDevices.DeployableDevice>,
  before: JobHistory.RecentJobs
): Effect.Effect<ReadonlyArray<Deployment.DeviceState | undefined>, SessionError> =>
  Effect.gen(function* () {
    const redact = yield* context.redact
    // In this order: one that ends in between is found in the jobs.
    const listed = [...(yield* Stream.runCollect(DeployableDevices.listDeployableDevices(context)))]
    const known = new Set(before?.map(({ id }) => id))
    // Without what was there before, old jobs would be taken for new ones.
    const newestJobs = before === undefined ? undefined : yield* JobHistory.recentJobs(context)
    const jobs = (newestJobs ?? []).filter(({ id }) => id !== "" && !known.has(id))
    return devices.map((device): Deployment.DeviceState | undefined => {
      const unit = { ...device, members: device.deviceMembers ?? [] }
      const state = JobHistory.stateOf(jobs, unit) ?? stateFromList(listed, device, newestJobs !== undefined)
      return state === undefined ? undefined : deviceState(redact, device, state)
    })
  })

const stateFromList = (
  listed: ReadonlyArray<DeployableDevices.DeployableDevice>,
  device: DeployableDevices.DeployableDevice,
  hasHistory: boolean
): string | undefined => {
  const current = listed.find((one) => DeployableDevices.hasNameOrId(one, device.id))
  if (current !== undefined) return current.isDeploying ? "DEPLOYING" : undefined
  // Nothing is left to be deployed to it; where there is a history, that has to say how it came to that.
  return hasHistory ? undefined : "DEPLOYED"
}
