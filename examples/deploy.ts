// Shows what is pending for each device of an FMC, deploys all of it, and waits. A device that fails is told from one
// that is slow, by the words and by the exit code:
//
//   0  every device has it
//   2  a device has failed, or could not be deployed to: each with the FMC's words
//   3  none has failed, but the waiting is over before they are done: a deployment goes on at the FMC, this one or one
//      that somebody else began, which is waited for too
//   1  anything else, such as a refused login, or a device that nobody knows
//
//   deploy.ts [<device> ...] [--wait "1 hour"] [--note <text>] [--ignore-warnings] [--domain <name>]
//
// A device is a firewall, a pair or a cluster, or a member of one, by its name or id; without any it is all of them.
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import process from "node:process"
import { parseArgs } from "node:util"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Deployment, InvalidInput, Main } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    "ignore-warnings": { type: "boolean", default: false },
    domain: { type: "string", default: "Global" },
    note: { type: "string" },
    wait: { type: "string", default: "1 hour" }
  }
})

const script = Effect.gen(function* () {
  const fmc = yield* Fmc.Fmc
  const domain = yield* fmc.domain(values.domain)
  yield* Stream.runForEach(domain.listDeployableDevices(), ({ id, name, trafficInterruption = "unknown" }) =>
    domain.listPendingChanges(id).pipe(
      Stream.runCollect,
      Effect.andThen((changes) => {
        console.log(`${name}: ${changes.length} pending, traffic interruption: ${trafficInterruption}`)
        for (const { action, entityName, entityType, lastUpdatedByUsers = [] } of changes) {
          const what = [action ?? "?", entityType ?? "?", entityName ?? "?"].join(" ")
          console.log(`  ${what} (${lastUpdatedByUsers.join(", ")})`)
        }
      }),
      // It can be deployed to all the same.
      Effect.catchTags({
        DeviceRefused: ({ message }) =>
          Effect.sync(() => console.log(`${name}: what is pending cannot be read: ${message}`)),
        ProtocolViolation: ({ message }) =>
          Effect.sync(() => console.log(`${name}: what is pending cannot be read: ${message}`))
      })
    )
  )
  const { devices, leftOut } = yield* domain.deploy({
    devices: positionals.length > 0 ? positionals : undefined,
    note: values.note,
    ignoreWarnings: values["ignore-warnings"]
  })
  tell([...devices, ...leftOut])
  if (devices.length + leftOut.length === 0) console.log("Nothing to deploy")
  if (leftOut.some(({ state }) => state !== "UP_TO_DATE")) {
    end(2, "Not all could be deployed to: see the FMC's reasons above.")
  }
})

const tell = (devices: ReadonlyArray<Deployment.DeviceState>) => {
  for (const { device, message, state } of devices) {
    console.log(`${device}: ${state}${message ? ` (${message})` : ""}`)
  }
}

const end = (code: number, words: string) => {
  console.error(words)
  process.exitCode = code
}

/** `pollSchedule` asks as often as usual, but no longer than this. */
const pollSchedule = Effect.gen(function* () {
  const wait = Duration.decodeUnknown(values.wait)
  if (Option.isSome(wait)) return Schedule.upTo(yield* Deployment.PollSchedule, wait.value)
  const message = `--wait: ${JSON.stringify(values.wait)} is no duration; give one such as "5 minutes".`
  return yield* Effect.fail(new InvalidInput({ field: "--wait", value: values.wait, message }))
})

Main.run(
  Effect.flatMap(pollSchedule, (schedule) =>
    script.pipe(
      Effect.provideService(Deployment.PollSchedule, schedule),
      Effect.provide(Fmc.layerConfig("FMC")),
      Effect.catchTags({
        DeploymentFailed: ({ advice, devices }) =>
          Effect.sync(() => {
            tell(devices)
            end(2, `FAILED: ${advice ?? "mend what the FMC complains of, and deploy again."}`)
          }),
        DeploymentUnfinished: ({ devices }) =>
          Effect.sync(() => {
            tell(devices)
            end(
              3,
              `NOT OVER after ${values.wait}: it goes on at the FMC. Look there before you deploy again.`
            )
          })
      })
    )
  )
)
