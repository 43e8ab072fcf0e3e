import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SessionError } from "sallyport/AuthError"
import * as Deployment from "sallyport/Deployment"
import { type DeployableDevice, isCalled } from "./DeployableDevices.ts"
import type { Place } from "./Place.ts"

/** Where the task of a deployment stands. */
export interface DeploymentTask {
  readonly id: string
  /** Whether it goes on, and how it ended: of all its devices together. */
  readonly phase: Deployment.Phase
  /** As the FMC sent it. */
  readonly state: string
  readonly message?: string | undefined
  /** Those that the FMC tells one by one; unknown which versions do. */
  readonly devices: ReadonlyArray<Deployment.DeviceState>
}

/**
 * What the states of tasks and of job histories mean. PENDING, RUNNING, IN_PROGRESS, DEPLOYING and UNKNOWN go on (read in
 * public clients' code), and so does whatever nobody listed.
 */
export const phase = Deployment.phases({
  deployed: ["DEPLOYED", "SUCCESS", "SUCCEEDED", "COMPLETED"],
  // The last two are states of a device in the job histories (Cisco's text).
  failed: ["FAILED", "ABORTED", "CANCELLED", "PARTIALLY_SUCCEEDED"]
})

const optional = Schema.optional(Schema.String)

const Sent = Schema.Struct({
  status: optional,
  message: optional,
  subTasks: Schema.optional(
    Schema.Array(
      Schema.Struct({
        status: optional,
        message: optional,
        target: Schema.optional(Schema.Struct({ id: optional, name: optional }))
      })
    )
  )
})

/** Asks the FMC. It refuses paging parameters here (seen on real devices). */
export const ask = ({ rest, safe }: Place, id: string): Effect.Effect<DeploymentTask, SessionError> =>
  Effect.gen(function* () {
    const sent = yield* rest.get(`/job/taskstatuses/${encodeURIComponent(id)}`, Sent)
    const shown = yield* safe
    const state = shown(sent.status ?? "UNKNOWN")
    const devices = (sent.subTasks ?? []).map(({ message, status, target }) => ({
      device: shown(target?.name ?? target?.id ?? "?"),
      id: target?.id,
      state: status === undefined ? state : shown(status),
      message: message === undefined ? undefined : shown(message)
    }))
    const phases = [state, ...devices.map((device) => device.state)].map(phase)
    return {
      id,
      phase: phases.find((one) => one === "running") ?? phases.find((one) => one === "failed") ?? "deployed",
      state,
      message: sent.message === undefined ? undefined : shown(sent.message),
      devices
    }
  })

/** What the task says of these devices: of each by itself where it does, else what it says of all. */
export const statesOf = (
  task: DeploymentTask,
  asked: ReadonlyArray<DeployableDevice>,
  shown: (words: string) => string
): ReadonlyArray<Deployment.DeviceState> => {
  const whole = { state: task.state, message: task.message }
  const own = asked.map((device) => {
    // The members of a pair may be told apart: then the worst of them counts.
    const told = task.devices.filter((one) => isCalled(device, one.id ?? one.device))
    const [worst = whole] = ["failed", "running", "deployed"].flatMap((wanted) =>
      told.filter(({ state }) => phase(state) === wanted)
    )
    return { device: shown(device.name), id: device.id, state: worst.state, message: worst.message }
  })
  // A task that failed, though each device of it went well, has not gone well.
  const agrees = phase(task.state) !== "failed" || own.some(({ state }) => phase(state) !== "deployed")
  return agrees ? own : own.map((device) => ({ ...device, ...whole }))
}
