import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Deployment, DeviceRefused, ReadBack, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { deviceState, phaseOf } from "./DeploymentStates.ts"
import * as DeploymentTask from "./DeploymentTask.ts"
import type { Deployable } from "./DeviceSelection.ts"
import * as DeviceWatch from "./DeviceWatch.ts"
import type { RecentJobs } from "./JobHistory.ts"

/** `DeploymentRequest` is a request of a deployment: devices that get the same version. */
export interface DeploymentRequest {
  readonly devices: ReadonlyArray<Deployable>
  /** `task` is `undefined` where the FMC's answer was lost, or names none. */
  readonly task: string | undefined
  readonly status: Effect.Effect<DeploymentStatus, SessionError>
}

/** `DeploymentStatus` is how far a request has come, device by device. */
export interface DeploymentStatus {
  readonly isRunning: boolean
  readonly devices: ReadonlyArray<Deployment.DeviceState>
}

/** `RequestOptions` are those of `DeployOptions` that go with each request. */
export interface RequestOptions {
  readonly force?: boolean | undefined
  readonly ignoreWarnings?: boolean | undefined
  readonly note?: string | undefined
}

/** `send` sends the request, once. Where its answer is lost, the devices tell whether it came to the FMC. */
export const send = (
  context: DomainContext,
  devices: ReadonlyArray<Deployable>,
  { force = false, ignoreWarnings = false, note }: RequestOptions,
  before: RecentJobs
): Effect.Effect<DeploymentRequest, SessionError> => {
  const request = context.rest.send("POST", "/deployment/deploymentrequests", Schema.Unknown, {
    body: {
      type: "DeploymentRequest",
      version: devices[0]?.version,
      forceDeploy: force,
      ignoreWarning: ignoreWarnings,
      deviceList: devices.map(({ id }) => id),
      ...(note !== undefined && { deploymentNote: note })
    }
  })
  const look = DeviceWatch.readStates(context, devices, before)
  const traced = Effect.map(look, (states) =>
    states.includes(undefined) ? Option.none() : Option.some(undefined)
  )
  const advised = Effect.mapError(request, (error) =>
    error._tag === "DeviceRefused" && !ignoreWarnings
      ? new DeviceRefused({ ...error, advice: mendOrIgnore })
      : error
  )
  return Effect.map(ReadBack.readBack(Effect.map(advised, taskOf), traced), (task) => ({
    devices,
    task,
    status:
      task === undefined ? statusByDevices(context, devices, look) : statusByTask(context, devices, task)
  }))
}

/** `mendOrIgnore` is what to do next: an FMC refuses for errors and for warnings alike, and only its words tell which. */
export const mendOrIgnore =
  "Mend what the device complains of and deploy again; where it only warns, the option ignoreWarnings deploys all the same."

/**
 * `awaitAll` looks until nothing is running any more, or the schedule has ended; what is over is not asked for again.
 */
export const awaitAll = (
  requests: ReadonlyArray<DeploymentRequest>
): Effect.Effect<DeploymentStatus, SessionError> =>
  Effect.suspend(() => {
    const over = new Map<DeploymentRequest, DeploymentStatus>()
    const look = (request: DeploymentRequest) => {
      const last = over.get(request)
      if (last !== undefined) return Effect.succeed(last)
      return Effect.tap(request.status, (status) =>
        Effect.sync(() => status.isRunning || over.set(request, status))
      )
    }
    const all = Effect.map(Effect.forEach(requests, look), (statuses) => ({
      isRunning: statuses.some(({ isRunning }) => isRunning),
      devices: statuses.flatMap(({ devices }) => devices)
    }))
    return Deployment.poll(all, ({ isRunning }) => isRunning)
  })

// A task is not known at once everywhere, perhaps (unknown): so often it may be missing before that is an error.
const maxMissing = 5

const statusByTask = (
  context: DomainContext,
  devices: ReadonlyArray<Deployable>,
  id: string
): DeploymentRequest["status"] => {
  let missing = 0
  const known = Effect.gen(function* () {
    const task = yield* DeploymentTask.askTask(context, id)
    missing = 0
    const redact = yield* context.redact
    return { isRunning: task.phase === "running", devices: DeploymentTask.statesOf(task, devices, redact) }
  })
  return Effect.catchIf(
    known,
    (error) => error._tag === "DeviceRefused" && error.status === 404 && ++missing <= maxMissing,
    () =>
      Effect.map(context.redact, (redact) => ({
        isRunning: true,
        devices: devices.map((one) => deviceState(redact, one, "UNKNOWN"))
      }))
  )
}

const statusByDevices = (
  context: DomainContext,
  devices: ReadonlyArray<Deployable>,
  look: ReturnType<typeof DeviceWatch.readStates>
): DeploymentRequest["status"] =>
  Effect.gen(function* () {
    const states = yield* look
    const redact = yield* context.redact
    const statuses = devices.map((device, at) => states[at] ?? deviceState(redact, device, "UNKNOWN"))
    return { isRunning: statuses.some(({ state }) => phaseOf(state) === "running"), devices: statuses }
  })

const Answer = Schema.Struct({
  metadata: Schema.Struct({
    task: Schema.Struct({ id: Schema.Union(Schema.String, Schema.Number) })
  })
})

/**
 * `taskOf` gives the task of an answer: some versions answer without one. One that is no id could lead elsewhere: it
 * becomes part of a path.
 */
const taskOf = (answer: unknown): string | undefined =>
  Schema.decodeUnknownOption(Answer)(answer).pipe(
    Option.map(({ metadata }) => String(metadata.task.id)),
    Option.filter((id) => /^[\w-]{1,100}$/.test(id)),
    Option.getOrUndefined
  )
