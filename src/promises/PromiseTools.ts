import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Step from "../workflow/Step.ts"
import * as CallSite from "./CallSite.ts"
import type { Runner } from "./Runner.ts"
import * as ScriptBody from "./ScriptBody.ts"
import { awaiting } from "./ScriptContext.ts"

/**
 * `PromiseTools` are `Workflow.step`, `Workflow.note` and `Workflow.unplanned` for scripts that await. What is called
 * within a part is in that part: after an `await`, side by side, and in the functions that it calls. A part is over when
 * its function is: what it has called and not awaited is stopped, and is `InvalidInput`.
 */
export interface PromiseTools {
  /**
   * `step` names a part of a workflow, by which plans, reports and errors call it. Steps may be within steps. With the
   * Schema of its result, a resumed run takes that from its journal, where the step was done. Rejects as the part does.
   *
   * @example
   * await step("rules", async () => { for (const rule of rules) await copy.upsert(rule) })
   * const ids = await step("ids", Schema.Array(Schema.String), async () => readIds())
   */
  readonly step: {
    <A>(name: string, part: () => Promise<A> | A): Promise<A>
    <A, I>(name: string, result: Schema.Schema<A, I>, part: () => Promise<A> | A): Promise<A>
  }
  /**
   * `note` says something to whoever reads the plan.
   *
   * @example
   * await note(`${rules.length} rules`)
   */
  readonly note: (text: string) => Promise<void>
  /**
   * `unplanned` sends what no verb describes. A plan ends there, and says so by the reason. Rejects in a plan with
   * `PlanRefused`, and as the part does.
   *
   * @example
   * await unplanned("the licence is renewed", () => fmc.rest.request("POST", "/api/fmc_platform/v1/license/…"))
   */
  readonly unplanned: <A>(reason: string, part: () => Promise<A> | A) => Promise<A>
}

/** `make` gives the tools of a script whose calls run by this runner. */
export const make = (runner: Runner): PromiseTools => {
  const checked = <A>(
    faults: ReadonlyArray<ReturnType<typeof ScriptBody.faultOfText>>,
    effect: () => Effect.Effect<A, unknown>,
    site: CallSite.CallSite
  ): Promise<A> => {
    const fault = faults.find((one) => one !== undefined)
    return runner.promise(fault === undefined ? effect() : Effect.fail(fault), { site })
  }

  const step: PromiseTools["step"] = <A>(
    name: string,
    ...given:
      | readonly [part: () => Promise<A> | A]
      | readonly [result: Schema.Schema<A, unknown>, part: () => Promise<A> | A]
  ): Promise<A> => {
    const [result, part] = given.length === 1 ? [undefined, given[0]] : given
    return checked<A>(
      [
        ScriptBody.faultOfText("step.name", name),
        ScriptBody.faultOfPart("step", part),
        result === undefined ? undefined : ScriptBody.faultOfSchema("step.result", result)
      ],
      () => {
        const within = awaiting(`step ${JSON.stringify(name)}`, part)
        return result === undefined ? Step.step(name, within) : Step.step(name, result, within)
      },
      CallSite.callerOf(step)
    )
  }
  const note: PromiseTools["note"] = (text) =>
    checked([ScriptBody.faultOfText("note.text", text)], () => Step.note(text), CallSite.callerOf(note))
  const unplanned: PromiseTools["unplanned"] = (reason, part) =>
    checked(
      [ScriptBody.faultOfText("unplanned.reason", reason), ScriptBody.faultOfPart("unplanned", part)],
      () => Step.unplanned(reason, awaiting(`unplanned ${JSON.stringify(reason)}`, part)),
      CallSite.callerOf(unplanned)
    )
  return { step, note, unplanned }
}
