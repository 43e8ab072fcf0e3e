import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { checkWorkflow } from "../workflow/CheckWorkflow.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import * as Course from "./Course.ts"
import type { FleetDevices } from "./FleetDevices.ts"
import type { FleetOptions } from "./FleetOptions.ts"
import { FleetReport, unfinished } from "./FleetReport.ts"
import { carriedOut, type FleetRan, unbegun } from "./FleetRun.ts"
import type * as WantedDevices from "./WantedDevices.ts"

/**
 * `rerun` does the rest of a fleet by its report: it runs the workflow anew on the devices that failed, were undone or
 * were never reached, and on no other. It is a fleet of its own, with waves of its own.
 *
 * Fails with `InvalidInput` where the report is another workflow's, where all of its devices are done, and where one of
 * the rest is not among the devices; and as `run`.
 *
 * @example
 * const { report: second } = yield* Fleet.rerun(addHost, inventory, input, report)
 */
export const rerun = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  report: FleetReport,
  options: FleetOptions = {}
): Effect.Effect<FleetRan<A>, Course.FleetFault> =>
  Effect.flatMap(restOf(workflow, report), (rest) =>
    Effect.catchTag(
      carriedOut(Course.begin(workflow, devices, input, options, rest)),
      "FleetRefused",
      unbegun
    )
  )

const restOf = (workflow: { readonly name: string }, report: FleetReport) =>
  Effect.flatMap(checkWorkflow(workflow, {}), () => restOfReport(workflow, report))

const restOfReport = (
  { name }: { readonly name: string },
  report: FleetReport
): Effect.Effect<WantedDevices.Rest, InvalidInput> => {
  const refuse = (sentence: string) => refuseInput("report", `${sentence}`)
  if (!Schema.is(FleetReport)(report)) return refuse("this is no FleetReport; give that of a Fleet.run.")
  if (report.workflow !== name)
    return refuse(
      `it is of the workflow ${JSON.stringify(report.workflow)}; give one of ${JSON.stringify(name)}.`
    )
  const names = unfinished(report)
  return names.length === 0
    ? refuse("all of its devices are done, and there is nothing to do again.")
    : Effect.succeed({ of: report.fleet, names })
}
