// Shows what is pending for each device of an FMC, deploys all of it, and waits. A device that fails is told from one
// that is slow, by the words and by the exit code:
//
//   0  every device has it
//   2  a device has failed, or could not be deployed to: each with the FMC's words
//   3  none has failed, but the waiting is over before they are done: a deployment goes on at the FMC, this one or one
//      that somebody else began, which is waited for too
//   1  anything else, such as a refused login, or a device that nobody knows
//
//   deploy.ts [<device> ...] [--wait "1 hour"] [--note <text>] [--ignore-warnings] [--domain <name>] [--plan]
//
// A device is a firewall, a pair or a cluster, or a member of one, by its name or id; without any it is all of them.
// With --plan it only shows what is pending, and what would be deployed.
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import process from "node:process"
import { parseArgs } from "node:util"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Deployment, InvalidInput, Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const deployAll = Workflow.make({
  name: "deploy",
  input: Schema.Struct({
    domain: Schema.String,
    devices: Schema.Array(Schema.String),
    note: Schema.UndefinedOr(Schema.String),
    ignoreWarnings: Schema.Boolean
  }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { devices, domain, ...how }) =>
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
      return yield* deploy({ ...how, devices: devices.length > 0 ? devices : undefined })
    })
})

const pendingText = (device: string, changes: ReadonlyArray<Fmc.PendingChange>): string => {
  const what = changes.map(
    ({ action = "?", entityName = "?", entityType = "?", lastUpdatedByUsers: by = [] }) =>
      `${action} ${entityType} ${entityName} (${by.join(", ")})`
  )
  return `${device}: ${changes.length} pending${what.map((one) => `; ${one}`).join("")}`
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    "ignore-warnings": { type: "boolean", default: false },
    domain: { type: "string", default: "Global" },
    note: { type: "string" },
    plan: { type: "boolean" },
    wait: { type: "string", default: "1 hour" }
  }
})

Main.run(
  Effect.gen(function* () {
    const wait = Duration.decodeUnknown(values.wait)
    if (Option.isNone(wait)) {
      const message = `--wait: ${JSON.stringify(values.wait)} is no duration; give one such as "5 minutes".`
      return yield* new InvalidInput({ field: "--wait", value: values.wait, message })
    }
    const { domain, "ignore-warnings": ignoreWarnings, note, plan } = values
    const given = [deployAll, { fmc: "FMC" }, { domain, note, ignoreWarnings, devices: positionals }] as const
    if (plan) return console.log(Workflow.planText(yield* Workflow.plan(...given)))
    const { report, result } = yield* Workflow.run(...given, { onProgress: Workflow.tellOnTerminal }).pipe(
      // As often as usual, but no longer than this.
      Effect.provideService(
        Deployment.PollSchedule,
        Schedule.upTo(yield* Deployment.PollSchedule, wait.value)
      )
    )
    const { devices, leftOut } = Option.getOrElse(result, () => ({ devices: [], leftOut: [] }))
    const all = [...devices, ...leftOut]
    for (const { device, message = "", state } of all) console.log(`${device}: ${state} ${message}`.trimEnd())
    const codes: Record<string, number> = { DeploymentFailed: 2, DeploymentUnfinished: 3 }
    const code = report.errors.map(({ tag }) => codes[tag] ?? 1)[0]
    process.exitCode = code ?? (leftOut.some(({ state }) => state !== "UP_TO_DATE") ? 2 : 0)
  })
)
