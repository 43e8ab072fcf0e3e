// Shows what is pending for each device of an FMC, deploys all of it, and waits. A device that fails is told from one
// that is slow, by the words and by the exit code:
//
//   0  every device has it
//   2  a device has failed, or could not be deployed to: each with the FMC's words
//   3  none has failed, but the waiting is over before they are done: a deployment goes on at the FMC, this one or one
//      that somebody else began, which is waited for too
//   1  anything else, such as a refused login, or a device that nobody knows
//
//   deploy.ts plan                                              only shows what is pending, and what would be deployed
//   deploy.ts run [--to <device>] [--wait "1 hour"] [--note <text>] [--ignore-warnings] [--domain <name>]
//
// A device is a firewall, a pair or a cluster, or a member of one, by its name or id, and --to may be given for each of
// several; without any it is all of them. With --yes it asks nobody. The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD,
// and FMC_PIN or FMC_CA_FILE.

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Deployment, Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { optionalWith } = Schema

const Wait = Schema.String.pipe(
  Schema.filter(
    (text): text is string & Duration.DurationInput => Option.isSome(Duration.decodeUnknown(text)),
    {
      message: () => 'this is no duration; give one such as "5 minutes"'
    }
  )
)

const deployAll = Workflow.make({
  name: "deploy",
  input: Schema.Struct({
    to: optionalWith(Schema.Array(Schema.String), { default: () => [] }),
    wait: optionalWith(Wait, { default: () => "1 hour" }),
    note: Schema.optional(Schema.String),
    ignoreWarnings: optionalWith(Schema.Boolean, { default: () => false }),
    domain: optionalWith(Schema.String, { default: () => "Global" })
  }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { domain, to, wait, ...how }) =>
    Effect.gen(function* () {
      const { deploy, listDeployableDevices, listPendingChanges } = yield* fmc.domain(domain)
      const told = (device: string) => (changes: Iterable<Fmc.PendingChange>) =>
        Workflow.note(pendingText(device, [...changes]))
      yield* Stream.runForEach(listDeployableDevices(), ({ id, name, trafficInterruption = "unknown" }) =>
        Stream.runCollect(listPendingChanges(id)).pipe(
          Effect.flatMap(told(`${name}, traffic interruption ${trafficInterruption}`)),
          // It can be deployed to all the same.
          Effect.catchTag("DeviceRefused", "ProtocolViolation", ({ message }) =>
            Workflow.note(`${name}: what is pending cannot be read: ${message}`)
          )
        )
      )
      return yield* deploy({ ...how, devices: to.length > 0 ? to : undefined }).pipe(
        // As often as usual, but no longer than this.
        Effect.provideService(Deployment.PollSchedule, Schedule.upTo(yield* Deployment.PollSchedule, wait))
      )
    })
})

const pendingText = (device: string, changes: ReadonlyArray<Fmc.PendingChange>): string => {
  const what = changes.map(
    ({ action = "?", entityName = "?", entityType = "?", lastUpdatedByUsers: by = [] }) =>
      `${action} ${entityType} ${entityName} (${by.join(", ")})`
  )
  return `${device}: ${changes.length} pending${what.map((one) => `; ${one}`).join("")}`
}

Main.workflow(deployAll, {
  description: "Shows what is pending for each device of an FMC, deploys it, and waits.",
  devices: { fmc: "FMC" },
  show: ({ devices, leftOut }) =>
    [...devices, ...leftOut]
      .map(({ device, message = "", state }) => `${device}: ${state} ${message}`.trimEnd())
      .join("\n"),
  exitCode: ({ errors: [error] }, result) => {
    if (error?.tag === "DeploymentFailed") return 2
    if (error?.tag === "DeploymentUnfinished") return 3
    return result?.leftOut.some(({ state }) => state !== "UP_TO_DATE") ? 2 : undefined
  }
})
