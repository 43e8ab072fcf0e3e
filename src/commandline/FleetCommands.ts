import * as Effect from "effect/Effect"
import type { DeviceRun } from "../fleet/DeviceRun.ts"
import * as FleetPlan from "../fleet/FleetPlan.ts"
import { fleetPlanText } from "../fleet/FleetPlanText.ts"
import * as FleetRecords from "../fleet/FleetRecords.ts"
import type { FleetReport } from "../fleet/FleetReport.ts"
import { rerun } from "../fleet/FleetRerun.ts"
import { resume } from "../fleet/FleetResume.ts"
import { run } from "../fleet/FleetRun.ts"
import { fleetText } from "../fleet/FleetText.ts"
import { undo } from "../fleet/FleetUndo.ts"
import { exitCodes } from "../process/ExitCodes.ts"
import { askAbout } from "../workflow/guards/TerminalApproval.ts"
import type { Parts } from "../workflow/Parts.ts"
import { type Call, givesInput, idIn, inputOf, pluginsOf } from "./Call.ts"
import { isAtTerminal, terminalOf } from "./Caller.ts"
import * as FleetFlags from "./FleetFlags.ts"
import * as FleetOutput from "./FleetOutput.ts"
import * as PlanFile from "./PlanFile.ts"
import * as RunFlags from "./RunFlags.ts"
import * as Unbegun from "./Unbegun.ts"
import * as UndoApproval from "./UndoApproval.ts"
import { nobodyToApprove } from "./WrongUsage.ts"

/** `running` carries a workflow out on each device: without `--yes` it shows the plan of all of them, and asks. */
export const running = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const isApproved = given.switches.get("yes") === true
    const plan = yield* PlanFile.read(given, PlanFile.ofFleet, workflow.name)
    if (!isApproved && plan === undefined && !isAtTerminal(caller)) return yield* nobodyToApprove()
    const approve = (made: FleetPlan.FleetPlan) => {
      if (!FleetPlan.differs(made)) return true
      return askAbout(terminalOf(caller), (colors) => fleetPlanText(made, { colors }))
    }
    const [earlier] = given.values.get("rerun") ?? []
    const order = yield* FleetFlags.orderOf(given)
    const { devices, options } = yield* fleetOf(call)
    const input = yield* inputOf(call)
    const { codeOf: kept, onProgress } = yield* FleetOutput.make(caller, given, Unbegun.ofRun)
    const held = plan === undefined ? (isApproved ? {} : { approve }) : { plan }
    const all = { ...options, ...order, ...held, onProgress }
    const { report } = yield* earlier === undefined
      ? run(workflow, devices, input, all)
      : Effect.flatMap(FleetRecords.reportOf(earlier, { folder: call.options.folder }), (before) =>
          rerun(workflow, devices, input, before, all)
        )
    return kept(codeOf(report, call.options.onFailure === "leave"))
  }).pipe(Effect.scoped)

/** `resuming` goes on with a fleet whose process was killed. */
export const resuming = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const fleet = yield* idIn(given)
    const { devices, options } = yield* fleetOf(call)
    const input = givesInput(call) ? yield* inputOf(call) : undefined
    const { codeOf: kept, onProgress } = yield* FleetOutput.make(
      caller,
      given,
      Unbegun.ofResume(caller, fleet)
    )
    const all = { ...options, onProgress, ...(input !== undefined && { input }) }
    const { report } = yield* resume(workflow, devices, fleet, all)
    return kept(codeOf(report, call.options.onFailure === "leave"))
  }).pipe(Effect.scoped)

/** `undoing` shows what a fleet has done, asks, and takes it back. */
export const undoing = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, options, workflow } = call
    const fleet = yield* idIn(given)
    const inventory = yield* FleetFlags.inventoryOf(given, pluginsOf(call))
    const choice = yield* FleetFlags.choiceOf(given, workflow.devices)
    const { codeOf: kept, onProgress } = yield* FleetOutput.make(caller, given, Unbegun.ofUndo(caller, fleet))
    const { folder, undo: perDevice } = options
    const whenHeld = RunFlags.whenHeld(call)
    const before = yield* FleetRecords.reportOf(fleet, { folder })
    const text = (colors: boolean) => fleetText(before, { colors, script: caller.script })
    // Another workflow's is refused by its name.
    const isOwn = before.workflow === workflow.name
    const asks = isOwn && before.devices.some(isChanged) && UndoApproval.isNeeded(caller, given)
    if (asks && !(yield* UndoApproval.ask(caller, text))) return exitCodes.failed
    const report = yield* undo(workflow, inventory, fleet, {
      ...choice,
      folder,
      whenHeld,
      perDevice,
      onProgress
    })
    return kept(
      report.devices.every(({ state }) => state === "undone" || state === "untouched")
        ? exitCodes.done
        : exitCodes.unclear
    )
  }).pipe(Effect.scoped)

const isChanged = ({ state }: DeviceRun): boolean => state === "done" || state === "left"

/** `fleetOf` are the devices, and the options that all of it has. */
const fleetOf = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { folder } = call.options
    const whenHeld = RunFlags.whenHeld(call)
    const devices = yield* FleetFlags.inventoryOf(call.given, pluginsOf(call))
    const choice = yield* FleetFlags.choiceOf(call.given, call.workflow.devices)
    const perDevice = yield* RunFlags.perDevice(call)
    return { devices, options: { ...choice, folder, whenHeld, perDevice } }
  })

/** `codeOf` is the exit code of a fleet. `leaves` says that its runs were to leave what they had changed. */
const codeOf = ({ devices, outcome }: FleetReport, leaves: boolean): number => {
  if (outcome === "done") return exitCodes.done
  if (devices.some(({ state }) => state === "left")) return leaves ? exitCodes.failed : exitCodes.unclear
  return devices.some(({ state }) => state === "undone") ? exitCodes.undone : exitCodes.failed
}
