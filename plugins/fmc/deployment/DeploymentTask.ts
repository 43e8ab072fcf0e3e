import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Deployment, Lenient, PathSegment, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { type DeployableDevice, hasNameOrId } from "./DeployableDevices.ts"
import { deviceState, isFailed, phaseOf, worstOf } from "./DeploymentStates.ts"

/** `DeploymentTask` is where the task of a deployment stands. */
export interface DeploymentTask {
  readonly id: string
  /** `phase` says whether it goes on, and how it ended: of all its devices together. */
  readonly phase: Deployment.Phase
  /** `state` is as the FMC sent it. */
  readonly state: string
  readonly message?: string | undefined
  /** `devices` are those that the FMC tells one by one; unknown which versions do. */
  readonly devices: ReadonlyArray<Deployment.DeviceState>
}

const TaskStatusJson = Schema.Struct({
  status: Lenient.text,
  message: Lenient.text,
  subTasks: Lenient.items(
    Schema.Struct({
      status: Lenient.text,
      message: Lenient.text,
      target: Lenient.field(Schema.Struct({ id: Lenient.text, name: Lenient.text }))
    })
  )
})

/** `askTask` asks the FMC. It refuses paging parameters here (seen on real devices). */
export const askTask = (
  { rest, redact: safe }: DomainContext,
  id: string
): Effect.Effect<DeploymentTask, SessionError> =>
  Effect.gen(function* () {
    const sent = yield* rest.get(yield* PathSegment.join("/job/taskstatuses", { id }), TaskStatusJson)
    const redact = yield* safe
    const state = sent.status ?? "UNKNOWN"
    const devices = (sent.subTasks ?? []).map(({ message, status = state, target = {} }) => {
      const { id = "", name = id } = target
      return deviceState(redact, { id, name }, status, message)
    })
    const phases = [state, ...devices.map((device) => device.state)].map(phaseOf)
    return {
      id,
      phase: phases.find((one) => one === "running") ?? phases.find((one) => one === "failed") ?? "deployed",
      state: redact(state),
      message: sent.message === undefined ? undefined : redact(sent.message),
      devices
    }
  })

/** `statesOf` gives what the task says of these devices: of each by itself where it does, else what it says of all. */
export const statesOf = (
  task: DeploymentTask,
  asked: ReadonlyArray<DeployableDevice>,
  redact: (words: string) => string
): ReadonlyArray<Deployment.DeviceState> => {
  const own = asked.map((device) => {
    const { message, state } = worstOf(task.devices.filter((one) => isOf(device, one))) ?? task
    return deviceState(redact, device, state, message)
  })
  // What has failed is not lost because it goes by a name that nobody asked for.
  const others = task.devices.filter((one) => isFailed(one) && !asked.some((device) => isOf(device, one)))
  const all = [...own, ...others]
  // A task that failed, though no device of it says so, has not gone well.
  return isFailed(task) && !all.some(isFailed)
    ? asked.map((device) => deviceState(redact, device, task.state, task.message))
    : all
}

const isOf = (device: DeployableDevice, { device: name, id }: Deployment.DeviceState): boolean =>
  hasNameOrId(device, name) || (id !== undefined && hasNameOrId(device, id))
