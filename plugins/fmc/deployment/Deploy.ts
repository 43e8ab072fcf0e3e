import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import * as Bulk from "sallyport/Bulk"
import * as Deployment from "sallyport/Deployment"
import { InvalidInput } from "sallyport/DeviceError"
import type { Place } from "../Place.ts"
import { choose, type Deployable } from "./Choice.ts"
import * as DeployableDevices from "./Deployable.ts"
import * as JobHistory from "./JobHistory.ts"
import * as Leg from "./Leg.ts"
import { isFailed, told } from "./States.ts"

export interface DeployOptions {
  /** Names or ids, a pair's or that of one of its members. Default: all that is deployable. */
  readonly devices?: ReadonlyArray<string> | undefined
  /** Sends the whole configuration, not the changes alone. Default: false. */
  readonly force?: boolean | undefined
  /** Goes on where the FMC's validation warns. Default: false. */
  readonly ignoreWarnings?: boolean | undefined
  /** Stands in the job history: at most 512 characters (Cisco's text). */
  readonly note?: string | undefined
  /** `false`: hands back the tasks as soon as the FMC has them. Default: true. */
  readonly wait?: boolean | undefined
}

/** What a deployment has done. */
export interface Deployed {
  /** Those deployed to, with the state that the FMC gave; `REQUESTED` where it was not waited for. */
  readonly devices: ReadonlyArray<Deployment.DeviceState>
  /** Those not deployed to: `CANNOT_BE_DEPLOYED` and `ALREADY_DEPLOYING`, with the FMC's reason, and `UP_TO_DATE`. */
  readonly leftOut: ReadonlyArray<Deployment.DeviceState>
  /** Tasks of the FMC, for `deployment`: one for each version. A version whose task is not known has none. */
  readonly tasks: ReadonlyArray<string>
}

type Failure = SessionError | Deployment.DeploymentFailed | Deployment.DeploymentUnfinished

/** Deploys what has changed, and waits for it; see `Domain.deploy`. */
export const deploy = (place: Place, options: DeployOptions = {}): Effect.Effect<Deployed, Failure> =>
  Effect.gen(function* () {
    const { note = "", wait = true } = options
    if (note.length > 512) {
      const message = `note: it has ${note.length} characters; give at most 512.`
      return yield* Effect.fail(new InvalidInput({ field: "note", message }))
    }
    const listed = [...(yield* Stream.runCollect(DeployableDevices.list(place)))]
    const { chosen, leftOut } = yield* choose(place, listed, options)
    if (chosen.length === 0) return { devices: [], leftOut, tasks: [] }
    // What is new in it afterwards tells of a request whose answer, or task, is lost.
    const before = yield* JobHistory.newest(place)
    const settled = yield* Bulk.inTurn(byVersion(chosen), (group) => Leg.start(place, group, options, before))
    const legs = settled.flatMap((one) => (one._tag === "Done" ? [one.result] : []))
    const refused = yield* refusals(place, settled)
    const { devices, isRunning } = wait ? yield* Leg.wait(legs) : yield* requested(place, legs)
    const { target } = place
    if (refused.length > 0 || devices.some(isFailed)) {
      return yield* Effect.fail(
        new Deployment.DeploymentFailed({ target, devices: [...devices, ...refused] })
      )
    }
    if (isRunning) return yield* Effect.fail(new Deployment.DeploymentUnfinished({ target, devices }))
    return { devices, leftOut, tasks: legs.flatMap(({ task }) => (task === undefined ? [] : [task])) }
  })

/** A request names one version, which is that of all its devices. */
const byVersion = (devices: ReadonlyArray<Deployable>): ReadonlyArray<ReadonlyArray<Deployable>> => {
  const groups = new Map<string, Array<Deployable>>()
  for (const device of devices) groups.set(device.version, [...(groups.get(device.version) ?? []), device])
  return [...groups.values()]
}

/**
 * The devices of requests that were refused while others were taken. An error that says more than that, or that nothing
 * was taken, is the error of the whole.
 */
const refusals = (
  { safe }: Place,
  settled: ReadonlyArray<Bulk.Settled<ReadonlyArray<Deployable>, Leg.Leg>>
): Effect.Effect<ReadonlyArray<Deployment.DeviceState>, SessionError> =>
  Effect.gen(function* () {
    const failed = settled.flatMap((one) => (one._tag === "Failed" ? [one] : []))
    const fatal = failed.find(({ error }) => error._tag !== "DeviceRefused") ?? failed[0]
    if (fatal !== undefined && (fatal.error._tag !== "DeviceRefused" || failed.length === settled.length)) {
      return yield* Effect.fail(fatal.error)
    }
    const shown = yield* safe
    return failed.flatMap(({ error, wanted }) => {
      const message = error._tag === "DeviceRefused" ? error.messages.join(" · ") : undefined
      return wanted.map((device) => told(shown, device, "REFUSED", message))
    })
  })

const requested = (
  { safe }: Place,
  legs: ReadonlyArray<Leg.Leg>
): Effect.Effect<Leg.Standing, SessionError> =>
  Effect.map(safe, (shown) => ({
    isRunning: false,
    devices: legs.flatMap(({ devices }) => devices.map((device) => told(shown, device, "REQUESTED")))
  }))
