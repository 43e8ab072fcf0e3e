import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { holdingProcess } from "../auth/WriteGate.ts"
import { isMasked } from "../client/fields/Secrets.ts"
import { changes } from "../fleet/FleetPlan.ts"
import { exitCodes } from "../process/ExitCodes.ts"
import { asPlanned } from "../workflow/guards/AsPlanned.ts"
import { askBy } from "../workflow/guards/TerminalApproval.ts"
import type { Parts } from "../workflow/Parts.ts"
import type { Plan } from "../workflow/plan/Plan.ts"
import { planText } from "../workflow/plan/PlanText.ts"
import { printable } from "../workflow/plan/PlanWords.ts"
import { runText } from "../workflow/report/RunText.ts"
import { unmade } from "../workflow/report/RunWords.ts"
import * as JournaledRun from "../workflow/run/JournaledRun.ts"
import { reportOf } from "../workflow/run/Records.ts"
import type { Ran } from "../workflow/run/Run.ts"
import { resume, run } from "../workflow/run/Running.ts"
import { undo } from "../workflow/run/undo/UndoRun.ts"
import { type Call, givesInput, idIn, inputOf } from "./Call.ts"
import { hasColors, isAtTerminal, terminalOf } from "./Caller.ts"
import { partDevices } from "./DeviceFlags.ts"
import * as PlanFile from "./PlanFile.ts"
import * as ReportExit from "./ReportExit.ts"
import * as RunFlags from "./RunFlags.ts"
import * as RunOutput from "./RunOutput.ts"
import * as Unbegun from "./Unbegun.ts"
import * as UndoApproval from "./UndoApproval.ts"
import * as WhoseId from "./WhoseId.ts"
import { nobodyToApprove } from "./WrongUsage.ts"

/** `running` makes the plan, asks, and carries it out. */
export const running = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const isApproved = given.switches.get("yes") === true
    const kept = yield* PlanFile.read(given, PlanFile.ofRun, workflow.name)
    if (!isApproved && kept === undefined && !isAtTerminal(caller)) return yield* nobodyToApprove()
    const options = yield* RunFlags.runOptions(call)
    const { codeOf, onProgress } = yield* RunOutput.make(caller, given, Unbegun.ofRun)
    const devices = yield* partDevices(call)
    const input = yield* inputOf(call)
    const approve = (made: Plan) => {
      const { errors } = caller
      if (kept !== undefined) return asPlanned(kept, { onDrift: options.onDrift })(made)
      if (!isApproved) return changes(made) ? askBy(terminalOf(caller), made) : true
      if (RunOutput.formOf(given) === "text")
        errors.write(`${planText(made, { colors: hasColors(caller, errors) })}\n\n`)
      if (!made.complete)
        errors.write(
          "The plan is not complete: what comes behind its end is carried out, too, since --yes is given.\n"
        )
      return true
    }
    const ran = run(workflow, devices, input, { ...options, approve, onProgress })
    return codeOf(yield* ended(call, holdingProcess(ran)))
  }).pipe(Effect.scoped)

/** `resuming` goes on with a run. */
export const resuming = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const id = yield* idIn(given)
    yield* WhoseId.checkRun(call, id)
    const options = yield* RunFlags.runOptions(call)
    const { codeOf, onProgress } = yield* RunOutput.make(caller, given, Unbegun.ofResume(caller, id))
    const devices = yield* partDevices(call)
    const { history } = yield* JournaledRun.read(call.options, id)
    const begun = history.begun()
    // Another workflow's is refused by its name.
    const isOwn = begun?.workflow === workflow.name
    const input =
      isOwn && (givesInput(call) || isMasked(begun.input)) ? yield* inputOf(call, begun.input) : undefined
    const all = { ...options, onProgress, ...(input === undefined ? {} : { input }) }
    return codeOf(yield* ended(call, WhoseId.sayWhichDevice(resume(workflow, devices, id, all))))
  }).pipe(Effect.scoped)

/** `undoing` shows what a run has done, asks, and takes it back. */
export const undoing = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const id = yield* idIn(given)
    yield* WhoseId.checkRun(call, id)
    const devices = yield* partDevices(call)
    const { folder, undo: how } = call.options
    const whenHeld = RunFlags.whenHeld(call)
    const { codeOf, onProgress } = yield* RunOutput.make(caller, given, Unbegun.ofUndo(caller, id))
    const before = yield* reportOf(id, { folder })
    if (before.undo?.state === "done") {
      if (RunOutput.formOf(given) === "text")
        caller.errors.write(
          `run ${printable(id)} was taken back before: nothing is left to do, and nothing was sent.\n`
        )
      onProgress({ _tag: "Ended", report: before })
      return codeOf(ReportExit.ofUndo(before))
    }
    // Another workflow's is refused by its name.
    const isChanged =
      before.workflow === workflow.name && before.changes.some(({ state }) => !unmade.has(state))
    const text = (colors: boolean) => runText(before, { colors, script: caller.script })
    const asks = isChanged && UndoApproval.isNeeded(caller, given)
    if (asks && !(yield* UndoApproval.ask(caller, text))) return exitCodes.failed
    const undoing = undo(workflow, devices, id, { ...how, folder, whenHeld, onProgress })
    return codeOf(ReportExit.ofUndo(yield* WhoseId.sayWhichDevice(undoing)))
  }).pipe(Effect.scoped)

/** `ended` runs to the end, and gives its exit code. */
const ended = <I, Encoded, P extends Parts, A, E, F>(
  { caller, given, options }: Call<I, Encoded, P, A, E>,
  ran: Effect.Effect<Ran<A>, F>
): Effect.Effect<number, F> =>
  Effect.map(ran, ({ report, result }) => {
    const isShown = Option.isSome(result) && RunOutput.formOf(given) !== "json"
    const text = isShown ? options.show?.(result.value, report) : undefined
    if (text) caller.output.write(`${text}\n`)
    const code = options.exitCode?.(report, Option.getOrUndefined(result))
    return code ?? ReportExit.ofRun(report, options.onFailure === "leave")
  })
