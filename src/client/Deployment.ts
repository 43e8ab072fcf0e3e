import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Redaction from "../transport/redaction/Redaction.ts"
import { few } from "../validation/Few.ts"
import * as Needed from "../validation/Needed.ts"

/**
 * `DeviceState` is what became of one device of a deployment, in the words of the device or of the manager that
 * deployed to it.
 */
export interface DeviceState {
  readonly device: string
  readonly id?: string | undefined
  /** `state` is as it was sent: `DEPLOYED`, `Failed`. */
  readonly state: string
  /** `message` is the device's own words, masked and cut. */
  readonly message?: string | undefined
}

/** `Phase` is where a deployment stands. */
export type Phase = "running" | "deployed" | "failed"

/**
 * `phaseReader` gives a reader of states: neither case matters nor whether words are parted by `_`, spaces or hyphens,
 * and a state that nobody listed goes on, since it is not success.
 */
export const phaseReader = (states: {
  readonly deployed: ReadonlyArray<string>
  readonly failed: ReadonlyArray<string>
}): ((state: string) => Phase) => {
  Needed.object("states", states, "{ deployed, failed }")
  Needed.list("states.deployed", states.deployed)
  Needed.list("states.failed", states.failed)
  const deployed = new Set(states.deployed.map(spelled))
  const failed = new Set(states.failed.map(spelled))
  return (state) =>
    deployed.has(spelled(state)) ? "deployed" : failed.has(spelled(state)) ? "failed" : "running"
}

const spelled = (state: string): string =>
  state
    .trim()
    .replace(/[\s-]+/g, "_")
    .toUpperCase()

/** `DeploymentFailed` says that the configuration did not come to all devices: each says in its own words why. */
export class DeploymentFailed extends Data.TaggedError("DeploymentFailed")<{
  readonly targetName: string
  readonly devices: ReadonlyArray<DeviceState>
  /** `advice` says what to do next, where more is known than that something has to be mended. */
  readonly advice?: string | undefined
}> {
  override get message(): string {
    const advice = this.advice ?? "Mend what the device complains of and deploy again."
    return `${this.targetName}: the deployment failed: ${devicesText(this.devices)}. ${advice}`
  }
}

/**
 * `DeploymentUnfinished` says that the deployment is still going on, and was waited for as long as the schedule says.
 * It goes on by itself.
 */
export class DeploymentUnfinished extends Data.TaggedError("DeploymentUnfinished")<{
  readonly targetName: string
  readonly devices: ReadonlyArray<DeviceState>
}> {
  override get message(): string {
    return `${this.targetName}: the deployment is not over yet: ${devicesText(this.devices)}. It goes on at the device; look again before you deploy once more, or wait longer by Deployment.PollSchedule.`
  }
}

/**
 * `PollSchedule` says when to ask whether a deployment is over: after 2 seconds, then ever more seldom up to 15, for an
 * hour; a script provides another schedule where its devices take longer.
 *
 * @example
 * Effect.provideService(
 *   fmc.deploy(),
 *   Deployment.PollSchedule,
 *   Schedule.spaced("1 minute").pipe(Schedule.upTo("3 hours"))
 * )
 */
export class PollSchedule extends Context.Reference<PollSchedule>()("sallyport/Deployment/PollSchedule", {
  defaultValue: (): Schedule.Schedule<unknown> =>
    Schedule.exponential("2 seconds", 1.5).pipe(
      Schedule.modifyDelay((_, delay) => Duration.min(delay, "15 seconds")),
      Schedule.upTo("1 hour")
    )
}) {}

/**
 * `poll` asks until nothing is running any more, or the schedule has ended: hands back what was seen last. Fails as
 * `ask` does.
 */
export const poll = <A, E, R>(
  ask: Effect.Effect<A, E, R>,
  isRunning: (seen: A) => boolean
): Effect.Effect<A, E, R> =>
  Effect.flatMap(PollSchedule, (schedule) => {
    Needed.effect("ask", ask)
    Needed.fn("isRunning", isRunning)
    return Effect.flatMap(Schedule.driver(schedule), (driver) => {
      const go: Effect.Effect<A, E, R> = Effect.flatMap(ask, (seen) =>
        isRunning(seen)
          ? Effect.matchEffect(driver.next(undefined), {
              onFailure: () => Effect.succeed(seen),
              onSuccess: () => go
            })
          : Effect.succeed(seen)
      )
      return go
    })
  })

const devicesText = (devices: ReadonlyArray<DeviceState>): string =>
  few(
    devices.map(
      ({ device, message, state }) =>
        `${device} ${state}${message ? ` (${Redaction.withoutFinalPunctuation(message)})` : ""}`
    )
  )
