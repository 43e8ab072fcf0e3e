import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as OptionNames from "../validation/OptionNames.ts"
import { plan } from "../workflow/plan/Planning.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import type { Ran } from "../workflow/run/Run.ts"
import { resume, run } from "../workflow/run/Running.ts"
import { undo } from "../workflow/run/undo/UndoRun.ts"
import { awaited, type PromisedOptions } from "./Awaited.ts"
import * as CallSite from "./CallSite.ts"

/** `PromisedRun` is what a run came to. */
export interface PromisedRun<A> {
  readonly report: RunReport
  /** `result` is what the workflow gives; `undefined` where it is not done. */
  readonly result: A | undefined
}

/** `promised` gives a function of Effects to scripts that await. Without `names` it knows its options itself. */
const promised = <W, D, G, O, A, E>(
  made: (workflow: W, devices: D, given: G, options?: O) => Effect.Effect<A, E>,
  names?: ReadonlyArray<string>
): ((workflow: W, devices: D, given: G, options?: O & PromisedOptions) => Promise<A>) => {
  const called = (workflow: W, devices: D, given: G, options?: O & PromisedOptions): Promise<A> => {
    return awaited<O, A, E | InvalidInput>(
      options,
      (others) => {
        const fault = names && OptionNames.faultOf("this", others as object, names)
        return fault === undefined ? made(workflow, devices, given, others) : Effect.fail(fault)
      },
      CallSite.callerOf(called)
    )
  }
  return called
}

const promisedRun = <W, D, G, O, A, E>(
  made: (workflow: W, devices: D, given: G, options?: O) => Effect.Effect<Ran<A>, E>
): ((workflow: W, devices: D, given: G, options?: O & PromisedOptions) => Promise<PromisedRun<A>>) =>
  promised((workflow: W, devices: D, given: G, options?: O) =>
    Effect.map(made(workflow, devices, given, options), ({ report, result }) => ({
      report,
      result: Option.getOrUndefined(result)
    }))
  )

/**
 * `planPromise` is `plan` for scripts that await. A process that ends meanwhile logs out first, as by `Fmc.use`.
 *
 * @example
 * console.log(Workflow.planText(await Workflow.planPromise(importHosts, { fmc: "FMC" }, { domain: "Global", hosts })))
 */
export const planPromise = promised(plan, ["signal"])

/**
 * `runPromise` is `run` for scripts that await. A process that ends meanwhile, or a `signal`, ends the run: what it has
 * changed is taken back first, and its journal tells.
 *
 * @example
 * const { report } = await Workflow.runPromise(importHosts, { fmc: "FMC" }, { domain: "Global", hosts }, { limit: 2000 })
 */
export const runPromise = promisedRun(run)

/**
 * `resumePromise` is `resume` for scripts that await.
 *
 * @example
 * await Workflow.resumePromise(importHosts, { fmc: "FMC" }, "20261129T013000Z-import-hosts-3f9a1c")
 */
export const resumePromise = promisedRun(resume)

/**
 * `undoPromise` is `undo` for scripts that await.
 *
 * @example
 * const report = await Workflow.undoPromise(importHosts, { fmc: "FMC" }, "20261129T013000Z-import-hosts-3f9a1c")
 */
export const undoPromise = promised(undo)
