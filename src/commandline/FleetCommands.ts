import * as Effect from "effect/Effect"
import * as FleetRecords from "../fleet/FleetRecords.ts"
import type { FleetReport } from "../fleet/FleetReport.ts"
import { rerun } from "../fleet/FleetRerun.ts"
import { resume } from "../fleet/FleetResume.ts"
import { run } from "../fleet/FleetRun.ts"
import { undo } from "../fleet/FleetUndo.ts"
import { exitCodes } from "../process/ExitCodes.ts"
import type { Parts } from "../workflow/Parts.ts"
import { type Call, givesInput, idIn, inputOf } from "./Call.ts"
import * as FleetFlags from "./FleetFlags.ts"
import * as FleetOutput from "./FleetOutput.ts"
import * as RunFlags from "./RunFlags.ts"
import { refuse } from "./WrongUsage.ts"

/** `running` carries a workflow out on each device. */
export const running = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    if (given.switches.get("yes") !== true)
      return yield* refuse(
        "run: a fleet is not asked about; look at what it would do on one device by the command plan with --device, and then give --yes."
      )
    const [earlier] = given.values.get("rerun") ?? []
    const order = yield* FleetFlags.orderOf(given)
    const { devices, options } = yield* fleetOf(call)
    const input = yield* inputOf(call)
    const output = yield* FleetOutput.make(caller, given)
    const all = { ...options, ...order, onProgress: output.tell }
    const { report } = yield* earlier === undefined
      ? run(workflow, devices, input, all)
      : Effect.flatMap(FleetRecords.reportOf(earlier, call.options), (before) =>
          rerun(workflow, devices, input, before, all)
        )
    return codeOf(report, call.options.onFailure === "leave")
  })

/** `resuming` goes on with a fleet whose process was killed. */
export const resuming = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const fleet = yield* idIn(given)
    const { devices, options } = yield* fleetOf(call)
    const input = givesInput(call) ? yield* inputOf(call) : undefined
    const output = yield* FleetOutput.make(caller, given)
    const all = { ...options, onProgress: output.tell, ...(input !== undefined && { input }) }
    const { report } = yield* resume(workflow, devices, fleet, all)
    return codeOf(report, call.options.onFailure === "leave")
  })

/** `undoing` takes back what a fleet has done. */
export const undoing = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, options, workflow } = call
    const fleet = yield* idIn(given)
    const inventory = yield* FleetFlags.inventoryOf(given, pluginsOf(call))
    const choice = yield* FleetFlags.choiceOf(given)
    const output = yield* FleetOutput.make(caller, given)
    const { folder, undo: perDevice, whenHeld } = options
    const report = yield* undo(workflow, inventory, fleet, { ...choice, folder, whenHeld, perDevice })
    output.end(report)
    return report.devices.every(({ state }) => state === "undone" || state === "untouched")
      ? exitCodes.done
      : exitCodes.unclear
  })

/** `fleetOf` are the devices, and the options that all of it has. */
const fleetOf = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { folder, whenHeld } = call.options
    const devices = yield* FleetFlags.inventoryOf(call.given, pluginsOf(call))
    const choice = yield* FleetFlags.choiceOf(call.given)
    const perDevice = yield* RunFlags.perDevice(call)
    return { devices, options: { ...choice, folder, whenHeld, perDevice } }
  })

/** `pluginsOf` are the kinds of devices that an inventory may have. */
const pluginsOf = <I, Encoded, P extends Parts, A, E>({
  options: { plugins = [] },
  workflow
}: Call<I, Encoded, P, A, E>) => [...new Set([...Object.values(workflow.devices), ...plugins])]

/** `codeOf` is the exit code of a fleet. `leaves` says that its runs were to leave what they had changed. */
const codeOf = ({ devices, outcome }: FleetReport, leaves: boolean): number => {
  if (outcome === "done") return exitCodes.done
  if (devices.some(({ state }) => state === "left")) return leaves ? exitCodes.failed : exitCodes.unclear
  return devices.some(({ state }) => state === "undone") ? exitCodes.undone : exitCodes.failed
}
