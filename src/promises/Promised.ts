import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as WriteGate from "../auth/WriteGate.ts"
import * as OptionNames from "../client/rest/OptionNames.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import { plan } from "../workflow/plan/Planning.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import type { Ran } from "../workflow/run/Run.ts"
import { resume, run } from "../workflow/run/Running.ts"
import { undo } from "../workflow/run/undo/UndoRun.ts"
import * as CallSite from "./CallSite.ts"
import * as PromiseScope from "./PromiseScope.ts"

/** `PromisedOptions` are those of everything that is done with a workflow by a script that awaits. */
export interface PromisedOptions {
  /**
   * `signal` ends it: it rejects with the signal's reason, once its sessions are logged out.
   *
   * @default it ends by itself, or before the process does
   */
  readonly signal?: AbortSignal | undefined
}

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
    const site = CallSite.callerOf(called)
    const effect = WriteGate.underAmbient(
      Effect.gen(function* () {
        const { others, signal } = yield* parted(options)
        const fault = names && OptionNames.faultOf("this", others as object, names)
        if (fault !== undefined) return yield* Effect.fail(fault)
        return yield* untilAborted(
          // Without the signal they are those of the function itself.
          Effect.suspend(() => made(workflow, devices, given, others as O)),
          signal
        )
      })
    )
    return PromiseScope.withScope(
      (scope) => scope.open(heldByScope(effect), site),
      (result) => result,
      site
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

/** `parted` takes the signal out of the options, and checks what the types say, too. */
const parted = (
  options: unknown = {}
): Effect.Effect<{ readonly signal: AbortSignal | undefined; readonly others: unknown }, InvalidInput> => {
  if (!Predicate.isReadonlyRecord(options)) {
    const message = "options: these are no options; give an object, such as { signal }, or leave it out."
    return Effect.fail(new InvalidInput({ field: "options", message }))
  }
  const { signal, ...others } = options
  if (signal === undefined || signal instanceof AbortSignal) return Effect.succeed({ signal, others })
  const message =
    "signal: this is no AbortSignal; give that of an AbortController, or AbortSignal.timeout(…)."
  return Effect.fail(new InvalidInput({ field: "signal", message }))
}

/** `heldByScope` lets a scope that closes end it, and wait for its end. */
const heldByScope = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E, Scope.Scope> =>
  Effect.suspend(() => (PromiseScope.isEnding() ? Effect.interrupt : Effect.forkScoped(effect))).pipe(
    Effect.flatMap((fiber) => Effect.onInterrupt(Fiber.join(fiber), () => Fiber.interrupt(fiber)))
  )

const untilAborted = <A, E>(
  effect: Effect.Effect<A, E>,
  signal: AbortSignal | undefined
): Effect.Effect<A, unknown> =>
  signal === undefined
    ? effect
    : Effect.raceFirst(
        effect,
        Effect.async<never, unknown>((resume) => {
          const end = () => resume(Effect.fail(signal.reason))
          if (signal.aborted) return end()
          signal.addEventListener("abort", end)
          return Effect.sync(() => signal.removeEventListener("abort", end))
        })
      )
