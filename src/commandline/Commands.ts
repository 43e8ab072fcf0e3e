import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as WriteGate from "../auth/WriteGate.ts"
import { isMasked } from "../client/Secrets.ts"
import { exitCodes } from "../process/ExitCodes.ts"
import type { Workflow } from "../workflow/Definition.ts"
import { askBy } from "../workflow/guards/TerminalApproval.ts"
import type { Parts } from "../workflow/Parts.ts"
import { Plan } from "../workflow/plan/Plan.ts"
import { plan } from "../workflow/plan/Planning.ts"
import { planText } from "../workflow/plan/PlanText.ts"
import * as JournaledRun from "../workflow/run/JournaledRun.ts"
import type { Ran } from "../workflow/run/Run.ts"
import { resume, run } from "../workflow/run/Running.ts"
import type { RunOptions } from "../workflow/run/RunOptions.ts"
import { undo } from "../workflow/run/UndoRun.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, hasColors, isAtTerminal } from "./Caller.ts"
import type { CommandLineOptions } from "./CommandLineOptions.ts"
import { partDevices } from "./DeviceFlags.ts"
import type { InputField } from "./input/InputField.ts"
import * as InputValues from "./input/InputValues.ts"
import { jsonText } from "./JsonText.ts"
import * as ReportExit from "./ReportExit.ts"
import * as ReportFile from "./ReportFile.ts"
import * as RunOutput from "./RunOutput.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `Script` is a workflow with its command line. */
export interface Script<I, Encoded, P extends Parts, A, E> {
  readonly workflow: Workflow<I, Encoded, P, A, E>
  readonly options: CommandLineOptions<P, A>
  /** `fields` are those of the workflow's input. */
  readonly fields: ReadonlyArray<InputField>
}

/** `Call` is how a script is called. */
interface Call<I, Encoded, P extends Parts, A, E> extends Script<I, Encoded, P, A, E> {
  readonly given: Arguments
  readonly caller: Caller
}

/** `planning` shows the plan. */
export const planning = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const { errors, output } = caller
    const { keepPlan } = yield* ReportFile.make(given)
    const devices = yield* partDevices(call)
    const input = yield* inputOf(call)
    const made = yield* holdingProcess(plan(workflow, devices, input))
    const text = given.switches.get("json")
      ? jsonText(Plan, made)
      : planText(made, { colors: hasColors(caller, output) })
    output.write(`${text}\n`)
    const fault = keepPlan(made)
    if (fault !== undefined) {
      errors.write(`${fault}\n`)
      return exitCodes.failed
    }
    return given.switches.get("detailed-exitcode") && hasChanges(made) ? exitCodes.changes : exitCodes.done
  })

/** `holdingProcess` keeps the whole process from writing while a plan is made. */
const holdingProcess = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.provideService(effect, WriteGate.HoldsProcess, true)

/** `hasChanges` says whether there is something to change, as far as a plan sees. */
const hasChanges = ({ changes, complete }: Plan): boolean => changes.length > 0 || !complete

/** `running` makes the plan, asks, and carries it out. */
export const running = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const isApproved = given.switches.get("yes") === true
    if (!isApproved && !isAtTerminal(caller)) {
      return yield* refuse(
        "run: the plan has to be approved, and there is nobody to ask: standard input or standard error is no terminal. Look at it by the command plan; then give --yes."
      )
    }
    const options = yield* runOptions(call)
    const devices = yield* partDevices(call)
    const input = yield* inputOf(call)
    const approve = (made: Plan) => {
      const { errors, input: answers } = caller
      const colors = hasColors(caller, errors)
      if (!isApproved)
        return hasChanges(made) ? askBy({ input: answers, output: errors, colors }, made) : true
      if (RunOutput.formOf(given) === "text") errors.write(`${planText(made, { colors })}\n\n`)
      return true
    }
    return yield* ended(call, holdingProcess(run(workflow, devices, input, { ...options, approve })))
  })

/** `resuming` goes on with a run. */
export const resuming = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { given, workflow } = call
    const id = yield* runIn(given)
    const options = yield* runOptions(call)
    const devices = yield* partDevices(call)
    const { history } = yield* JournaledRun.read(call.options, id)
    const begun = history.begun()
    // Another workflow's is refused by its name.
    const isOwn = begun?.workflow === workflow.name
    const input =
      isOwn && (givesInput(call) || isMasked(begun.input)) ? yield* inputOf(call, begun.input) : undefined
    return yield* ended(
      call,
      resume(workflow, devices, id, { ...options, ...(input === undefined ? {} : { input }) })
    )
  })

/** `undoing` takes back what a run has done. */
export const undoing = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, workflow } = call
    const id = yield* runIn(given)
    const devices = yield* partDevices(call)
    const { folder, undo: how, whenHeld } = call.options
    const onProgress = yield* RunOutput.make(caller, given)
    return ReportExit.ofUndo(yield* undo(workflow, devices, id, { ...how, folder, whenHeld, onProgress }))
  })

/** `ended` runs to the end, and gives its exit code. */
const ended = <I, Encoded, P extends Parts, A, E, F>(
  { caller, given, options }: Call<I, Encoded, P, A, E>,
  ran: Effect.Effect<Ran<A>, F>
): Effect.Effect<number, F> =>
  Effect.map(ran, ({ report, result }) => {
    const isShown = Option.isSome(result) && RunOutput.formOf(given) !== "json"
    const text = isShown ? options.show?.(result.value, report) : undefined
    if (text) caller.output.write(`${text}\n`)
    return ReportExit.ofRun(report, options.onFailure === "leave")
  })

/** `inputOf` is the input, as the workflow's Schema takes it. `base` is that of the run which is resumed. */
const inputOf = <I, Encoded, P extends Parts, A, E>(
  { caller, fields, given, workflow }: Call<I, Encoded, P, A, E>,
  base?: unknown
): Effect.Effect<Encoded, WrongUsage> =>
  Effect.gen(function* () {
    const { input, notices } = yield* InputValues.collect(workflow.input, fields, given, caller, base)
    for (const notice of notices) caller.errors.write(`${notice}\n`)
    if (base !== undefined && isMasked(input))
      return yield* refuse(
        "resume: the input of the run holds secrets, which its journal does not keep; give it once more, by its flags or by --input FILE."
      )
    // The Schema has taken it.
    return input as Encoded
  })

const givesInput = <I, Encoded, P extends Parts, A, E>({
  fields,
  given
}: Call<I, Encoded, P, A, E>): boolean =>
  given.values.has("input") || fields.some(({ flag }) => given.values.has(flag) || given.switches.has(flag))

const runOptions = <I, Encoded, P extends Parts, A, E>({
  caller,
  given,
  options
}: Call<I, Encoded, P, A, E>): Effect.Effect<RunOptions, WrongUsage> => {
  const { folder, onDrift, onFailure, only, undo: how, whenHeld, window } = options
  const [limit] = given.values.get("limit") ?? []
  if (limit !== undefined && !/^\d{1,9}$/.test(limit))
    return refuse(`--limit: ${limit} is no number of objects; give a whole one, 0 or more.`)
  return Effect.map(RunOutput.make(caller, given), (onProgress) => ({
    folder,
    limit: limit === undefined ? options.limit : Number(limit),
    onDrift,
    onFailure,
    onProgress,
    only,
    undo: how,
    whenHeld,
    window
  }))
}

const runIn = ({ command, operands }: Arguments): Effect.Effect<string, WrongUsage> => {
  const [id, extra] = operands
  if (id === undefined)
    return refuse(`${command}: which run? Give its id, which its report ends with, and runs lists.`)
  return extra === undefined
    ? Effect.succeed(id)
    : refuse(`${extra}: nobody knows what it is for; ${command} takes one run.`)
}
