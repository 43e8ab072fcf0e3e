// Rounds of a fleet, of which whoever waits for it is killed, and in every other one a runner, too.
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Record from "effect/Record"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { Fleet } from "sallyport"
import * as Cluster from "sallyport/cluster"
import * as Sandbox from "sallyport/sandbox"
import { database, devicesOf, hosts, placesOf, several } from "../support/cluster.ts"
import type { Running } from "../support/runtime.ts"
import { atOnce, chosen, endAll, heldIn, type Round, started, stateOf, writesOf } from "./clusterParts.ts"

const names = ["a", "b", "c"]

export const fleetRound = (url: string): Effect.Effect<Round, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const sandboxes = yield* Effect.all(
      Record.fromEntries(
        ["one", "two", "three", "four"].map((name) => [name, Sandbox.make({ objects: 0 })] as const)
      )
    )
    const all = Object.values(sandboxes)
    const count = all.length * names.length
    const at = yield* Random.nextIntBetween(1, count)
    const signal = yield* chosen<NodeJS.Signals | undefined>("SIGKILL", "SIGINT", undefined, undefined)
    const what = `fleet of ${all.length}, its client killed after ${at} of ${count}${signal === undefined ? "" : `; ${signal} to a runner`}`
    const faults: Array<string> = []
    const how = Sandbox.Fault.slow("1 second")
    yield* Effect.forEach(all, (one) => one.fail({ method: "POST", path: /hosts/, nth: 2, how }))

    const runners: Array<Running> = []
    const env = { DATABASE: url, DEVICES: placesOf(sandboxes), NAMES: names.join(), TELLS: "yes" }
    const begin = Effect.map(started("test/scripts/clusterRunner.ts", env), (runner) => runners.push(runner))
    yield* begin
    yield* begin
    const client = yield* started("test/scripts/clusterFleet.ts", env)
    const sent = () => all.flatMap(writesOf).length
    const busy = yield* atOnce(() => sent() >= at || client.isEnded(), runners)
    if (busy === undefined || client.isEnded()) {
      faults.push(`does not come to ${at}: ${[client, ...runners].map(({ output }) => output()).join("\n")}`)
      return { what, faults: [...faults, ...(yield* stateOf(url))] }
    }
    client.kill("SIGKILL")
    yield* Effect.promise(() => client.ended)
    if (signal !== undefined) {
      busy.kill(signal)
      yield* Effect.promise(() => busy.ended)
      yield* begin
    }

    const { fleet, report } = yield* Effect.gen(function* () {
      const [fleet = ""] = yield* Effect.provide(Fleet.recorded(), Cluster.journals())
      const { report } = yield* Cluster.resumeFleet(hosts, devicesOf(env.DEVICES), fleet, {
        concurrency: 2
      }).pipe(
        // Whoever was killed has it until its lease is over.
        Effect.retry({ schedule: Schedule.spaced("1 second"), while: ({ _tag }) => _tag === "RunHeld" })
      )
      return { fleet, report }
    }).pipe(
      Effect.provide(Cluster.client(several)),
      Effect.provide(database(url)),
      Effect.timeout("2 minutes"),
      Effect.tapErrorCause(() => Effect.flatMap(stateOf(url), (lines) => Effect.log(lines.join("\n"))))
    )
    faults.push(...(yield* endAll(runners)))
    const outcomes = report.devices.map(({ device, outcome, state }) => `${device} ${outcome} ${state}`)
    if (report.fleet !== fleet || report.outcome !== "done" || report.devices.length !== all.length)
      faults.push(`the report is ${report.outcome}: ${outcomes.join(", ")}`)
    for (const [name, sandbox] of Object.entries(sandboxes)) {
      const writes = writesOf(sandbox).map(({ method, status }) => `${method} ${status}`)
      if (writes.length !== names.length || !writes.every((one) => one.startsWith("POST")))
        faults.push(`${name} got: ${writes.join(", ")}`)
      // A runner that is killed has two runs at most.
      const { open } = sandbox.ledger
      if (open > (signal === "SIGKILL" ? 1 : 0)) faults.push(`${name}: ${open} sessions are open`)
    }
    return { what, faults: [...faults, ...(yield* heldIn(url))] }
  })
