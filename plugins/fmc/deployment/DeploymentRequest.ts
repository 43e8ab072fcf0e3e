import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { SessionError } from "sallyport/AuthError"
import * as Deployment from "sallyport/Deployment"
import { DeviceRefused } from "sallyport/DeviceError"
import * as Outcome from "sallyport/Outcome"
import type { Place } from "../domain/DomainContext.ts"
import { phase, told } from "./DeploymentStates.ts"
import * as DeploymentTask from "./DeploymentTask.ts"
import type { Deployable } from "./DeviceSelection.ts"
import * as DeviceWatch from "./DeviceWatch.ts"
import type { Newest } from "./JobHistory.ts"

/** A request of a deployment: devices that get the same version. */
export interface Leg {
  readonly devices: ReadonlyArray<Deployable>
  /** `undefined` where the FMC's answer was lost, or names none. */
  readonly task: string | undefined
  readonly standing: Effect.Effect<Standing, SessionError>
}

export interface Standing {
  readonly isRunning: boolean
  readonly devices: ReadonlyArray<Deployment.DeviceState>
}

export interface Request {
  readonly force?: boolean | undefined
  readonly ignoreWarnings?: boolean | undefined
  readonly note?: string | undefined
}

/** Sends the request, once. Where its answer is lost, the devices tell whether it came to the FMC. */
export const start = (
  place: Place,
  devices: ReadonlyArray<Deployable>,
  { force = false, ignoreWarnings = false, note }: Request,
  before: Newest
): Effect.Effect<Leg, SessionError> => {
  const request = place.rest.send("POST", "/deployment/deploymentrequests", Schema.Unknown, {
    body: {
      type: "DeploymentRequest",
      version: devices[0]?.version,
      forceDeploy: force,
      ignoreWarning: ignoreWarnings,
      deviceList: devices.map(({ id }) => id),
      ...(note !== undefined && { deploymentNote: note })
    }
  })
  const look = DeviceWatch.look(place, devices, before)
  const traced = Effect.map(look, (states) =>
    states.includes(undefined) ? Option.none() : Option.some(undefined)
  )
  const advised = Effect.mapError(request, (error) =>
    error._tag === "DeviceRefused" && !ignoreWarnings ? new DeviceRefused({ ...error, advice }) : error
  )
  return Effect.map(Outcome.readBack(Effect.map(advised, taskOf), traced), (task) => ({
    devices,
    task,
    standing: task === undefined ? byDevices(place, devices, look) : byTask(place, devices, task)
  }))
}

// An FMC refuses for errors and for warnings alike, and only its words tell which.
const advice =
  "Mend what the device complains of and deploy again; where it only warns, the option ignoreWarnings deploys all the same."

/** Looks until nothing is running any more, or the schedule has ended; what is over is not asked for again. */
export const wait = (legs: ReadonlyArray<Leg>): Effect.Effect<Standing, SessionError> =>
  Effect.suspend(() => {
    const over = new Map<Leg, Standing>()
    const look = (leg: Leg) => {
      const last = over.get(leg)
      if (last !== undefined) return Effect.succeed(last)
      return Effect.tap(leg.standing, (now) => Effect.sync(() => now.isRunning || over.set(leg, now)))
    }
    const all = Effect.map(Effect.forEach(legs, look), (now) => ({
      isRunning: now.some(({ isRunning }) => isRunning),
      devices: now.flatMap(({ devices }) => devices)
    }))
    return Deployment.polled(all, ({ isRunning }) => isRunning)
  })

// A task is not known at once everywhere, perhaps (unknown): so often it may be missing before that is an error.
const mostMissing = 5

const byTask = (place: Place, devices: ReadonlyArray<Deployable>, id: string): Leg["standing"] => {
  let missing = 0
  const known = Effect.gen(function* () {
    const task = yield* DeploymentTask.ask(place, id)
    missing = 0
    const shown = yield* place.safe
    return { isRunning: task.phase === "running", devices: DeploymentTask.statesOf(task, devices, shown) }
  })
  return Effect.catchIf(
    known,
    (error) => error._tag === "DeviceRefused" && error.status === 404 && ++missing <= mostMissing,
    () =>
      Effect.map(place.safe, (shown) => ({
        isRunning: true,
        devices: devices.map((one) => told(shown, one, "UNKNOWN"))
      }))
  )
}

const byDevices = (
  place: Place,
  devices: ReadonlyArray<Deployable>,
  look: ReturnType<typeof DeviceWatch.look>
): Leg["standing"] =>
  Effect.gen(function* () {
    const states = yield* look
    const shown = yield* place.safe
    const now = devices.map((device, at) => states[at] ?? told(shown, device, "UNKNOWN"))
    return { isRunning: now.some(({ state }) => phase(state) === "running"), devices: now }
  })

const Answer = Schema.Struct({
  metadata: Schema.Struct({
    task: Schema.Struct({ id: Schema.Union(Schema.String, Schema.Number) })
  })
})

/** Some versions answer without a task. One that is no id could lead elsewhere: it becomes part of a path. */
const taskOf = (answer: unknown): string | undefined =>
  Schema.decodeUnknownOption(Answer)(answer).pipe(
    Option.map(({ metadata }) => String(metadata.task.id)),
    Option.filter((id) => /^[\w-]{1,100}$/.test(id)),
    Option.getOrUndefined
  )
