import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { holdingProcess } from "../auth/WriteGate.ts"
import * as FleetPlan from "../fleet/FleetPlan.ts"
import * as FleetPlanning from "../fleet/FleetPlanning.ts"
import { fleetPlanText } from "../fleet/FleetPlanText.ts"
import { recurrenceOf } from "../fleet/Recurrence.ts"
import { exitCodes } from "../process/ExitCodes.ts"
import type { Parts } from "../workflow/Parts.ts"
import { Plan } from "../workflow/plan/Plan.ts"
import * as Planning from "../workflow/plan/Planning.ts"
import { planText } from "../workflow/plan/PlanText.ts"
import { printable } from "../workflow/plan/PlanWords.ts"
import { runErrors } from "../workflow/report/RunErrors.ts"
import { errorLines } from "../workflow/report/RunWords.ts"
import { now } from "../workflow/run/account/Account.ts"
import type { Arguments } from "./Arguments.ts"
import { type Call, inputOf, pluginsOf } from "./Call.ts"
import { hasColors } from "./Caller.ts"
import { partDevices } from "./DeviceFlags.ts"
import * as FleetFlags from "./FleetFlags.ts"
import * as FleetOutput from "./FleetOutput.ts"
import * as ReportFile from "./ReportFile.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `Seen` is a plan that was made, as a command line tells of it. */
interface Seen {
  readonly text: string
  readonly json: unknown
  /** `keep` writes it to the file of `--report`, and says what is wrong where that cannot be written. */
  readonly keep: () => ReadonlyArray<string>
  readonly codeOf: (code: number) => number
  readonly differs: boolean
  /** `hasFailed` says that the plan of some device could not be made. */
  readonly hasFailed: boolean
}

/** `planning` shows the plan: of a fleet once for all devices on which it is the same. */
export const planning = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const seen = yield* yield* looking(call)
    const code = tell(call, seen)
    return code === exitCodes.changes && !call.given.switches.get("detailed-exitcode") ? exitCodes.done : code
  })

/**
 * `drifting` shows what differs from what the workflow wants, and says by its exit code whether anything does; with
 * `--every` it looks again and again, and ends when it is interrupted.
 */
export const drifting = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const schedule = yield* scheduleOf(call.given)
    const look = yield* looking(call)
    if (schedule === undefined) return tell(call, yield* look)
    const { errors } = call.caller
    return yield* look.pipe(
      Effect.zipWith(now, (seen, at) => tellAt(call, seen, at)),
      // What cannot be reached now may be at the next time.
      Effect.catchAll((error) =>
        Effect.map(now, (at) => {
          for (const fault of runErrors(Cause.fail(error)))
            errors.write(`${at}: ${printable(errorLines(fault).join(" "))}\n`)
        })
      ),
      Effect.repeat(schedule),
      Effect.as(exitCodes.done)
    )
  })

/** `scheduleOf` says when it is looked again, by `--every`; `undefined` is never. */
const scheduleOf = ({
  values
}: Pick<Arguments, "values">): Effect.Effect<Schedule.Schedule<unknown> | undefined, WrongUsage> => {
  const [text] = values.get("every") ?? []
  const schedule = recurrenceOf(text)
  return text === undefined || schedule !== undefined
    ? Effect.succeed(schedule)
    : refuse(
        `--every: ${text} says no time; give a duration, such as "10 minutes", or times as a crontab has them, such as "0 6 * * 1-5".`
      )
}

/** `tell` prints what was seen, keeps it, and gives the exit code. */
const tell = <I, Encoded, P extends Parts, A, E>(
  { caller, given }: Call<I, Encoded, P, A, E>,
  seen: Seen
) => {
  caller.output.write(`${given.switches.get("json") ? JSON.stringify(seen.json, null, 2) : seen.text}\n`)
  for (const fault of seen.keep()) caller.errors.write(`${fault}\n`)
  if (seen.hasFailed) return exitCodes.failed
  return seen.codeOf(seen.differs ? exitCodes.changes : exitCodes.done)
}

/** `tellAt` does so of one of many times: as JSON in a line of its own, as text where there is something to see. */
const tellAt = <I, Encoded, P extends Parts, A, E>(
  { caller, given }: Call<I, Encoded, P, A, E>,
  seen: Seen,
  at: string
) => {
  const { errors, output } = caller
  if (given.switches.get("json")) output.write(`${JSON.stringify(seen.json)}\n`)
  else if (seen.differs || seen.hasFailed) output.write(`${at}\n${seen.text}\n\n`)
  else errors.write(`${at}: all is as wanted\n`)
  for (const fault of seen.keep()) errors.write(`${fault}\n`)
}

/** `looking` takes the command line, and gives what makes a plan by it. No session of the process writes meanwhile. */
const looking = <I, Encoded, P extends Parts, A, E>(call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, options, workflow } = call
    const colors = hasColors(caller, caller.output)
    const { codeOf, keepFleetPlan, keepPlan } = yield* ReportFile.make(given, caller)
    if (FleetFlags.isFleet(given, workflow.devices)) {
      const devices = yield* FleetFlags.inventoryOf(given, pluginsOf(call))
      const choice = {
        ...(yield* FleetFlags.choiceOf(given, workflow.devices)),
        perDevice: { timeOut: options.timeOut }
      }
      const input = yield* inputOf(call)
      const planning = Effect.flatMap(FleetOutput.whilePlanning(caller, given), (onProgress) =>
        holdingProcess(FleetPlanning.plan(workflow, devices, input, { ...choice, onProgress }))
      )
      return Effect.map(
        Effect.scoped(planning),
        (plan): Seen => ({
          text: fleetPlanText(plan, { colors }),
          json: Schema.encodeSync(FleetPlan.FleetPlan)(plan),
          keep: () => keepFleetPlan(plan),
          codeOf,
          differs: FleetPlan.differs(plan),
          hasFailed: plan.failed.length > 0
        })
      )
    }
    const devices = yield* partDevices(call)
    const input = yield* inputOf(call)
    return Effect.map(
      holdingProcess(Planning.plan(workflow, devices, input)),
      (plan): Seen => ({
        text: planText(plan, { colors }),
        json: Schema.encodeSync(Plan)(plan),
        keep: () => keepPlan(plan),
        codeOf,
        differs: FleetPlan.changes(plan),
        hasFailed: false
      })
    )
  })
