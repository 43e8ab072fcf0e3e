import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { Fields } from "../client/fields/ListEntry.ts"
import * as Step from "../workflow/Step.ts"
import * as CallSite from "./CallSite.ts"
import * as PromiseChange from "./PromiseChange.ts"
import * as PromiseJob from "./PromiseJob.ts"
import type { Runner } from "./Runner.ts"
import * as ScriptBody from "./ScriptBody.ts"
import { awaiting } from "./ScriptContext.ts"

/**
 * `PromiseTools` are `Workflow.step`, `note`, `unplanned`, `change` and `job` for scripts that await. What is called
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
  /**
   * `change` makes a change that no verb knows, so that it is planned, written down, taken back and resumed as theirs
   * are. Gives what `apply` gives; `undefined` where all is as it is wanted. Rejects as its functions do, in a plan with
   * `PlanRefused` and in a run with `RunRefused`.
   *
   * @example
   * await change("banner", {
   *   on: fmc,
   *   path: "/api/banner",
   *   before: () => fmc.rest.get("/api/banner", Banner),
   *   after: ({ text }) => (text === wanted ? undefined : { text: wanted }),
   *   planned: () => undefined,
   *   apply: () => fmc.rest.request("PUT", "/api/banner", { body: { text: wanted } }),
   *   look: async () => (await fmc.rest.get("/api/banner", Banner)).text === wanted ? { result: undefined } : undefined,
   *   undo: ({ text }) => [{ method: "PUT", path: "/api/banner", body: { text }, expect: { text: wanted } }]
   * })
   */
  readonly change: <Before extends Fields, A>(
    name: string,
    change: PromiseChange.PromiseChange<Before, A>
  ) => Promise<A | undefined>
  /**
   * `job` begins a job at a device, and waits for its end: a run that is resumed waits on, and does not begin another.
   * Rejects with `JobFailed` and `JobUnfinished`, and as `change`.
   *
   * @example
   * await job("upgrade", {
   *   on: fmc, path: "/api/…/upgrades", what: { version }, cannot: "a version is not taken back",
   *   submit, find, poll, phase: ({ status }) => (status === "SUCCESS" ? "done" : status === "FAILED" ? "failed" : "running")
   * })
   */
  readonly job: <Id, State>(name: string, job: PromiseJob.PromiseJob<Id, State>) => Promise<State>
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
        ScriptBody.faultOfName("step.name", name),
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
  const change: PromiseTools["change"] = (name, given) =>
    checked(
      [ScriptBody.faultOfName("change.name", name)],
      () => PromiseChange.change(name, given),
      CallSite.callerOf(change)
    )
  const job: PromiseTools["job"] = (name, given) =>
    checked(
      [ScriptBody.faultOfName("job.name", name)],
      () => PromiseJob.job(name, given),
      CallSite.callerOf(job)
    )
  return { step, note, unplanned, change, job }
}
