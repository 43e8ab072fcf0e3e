import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { InvalidInput } from "../../transport/DeviceError.ts"
import { Plan } from "../plan/Plan.ts"

/** `checkOptions` takes the options that there are. The types say so too; a script in JavaScript has none. */
export const checkOptions = (
  options: unknown,
  names: ReadonlyArray<string>
): Effect.Effect<void, InvalidInput> => {
  const refuse = (field: string, sentence: string) =>
    Effect.fail(new InvalidInput({ field, message: `${field}: ${sentence}` }))
  if (!Predicate.isReadonlyRecord(options))
    return refuse("options", `these are no options; give an object with any of ${names.join(", ")}.`)
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) return refuse(name, `there is no such option; give ${names.join(", ")}.`)
    const choice = choices[name]
    if (value !== undefined && choice !== undefined && !choice.includes(String(value)))
      return refuse(name, `give ${choice.map((one) => JSON.stringify(one)).join(" or ")}.`)
  }
  const { folder, onProgress, plan, undo = {} } = options
  if (!Predicate.isReadonlyRecord(undo))
    return refuse("undo", "these are no options; give an object with any of each, all, stop.")
  const unknown = Object.keys(undo).find((name) => !undoNames.includes(name))
  if (unknown !== undefined)
    return refuse(`undo.${unknown}`, `there is no such option; give ${undoNames.join(", ")}.`)
  for (const given of [undo, options]) {
    const late = durations.find((name) => given[name] !== undefined && !isDuration(given[name]))
    if (late !== undefined)
      return refuse(late, 'this is no duration; give one such as "30 seconds", or milliseconds.')
    if (given.stop !== undefined && !Effect.isEffect(given.stop))
      return refuse("stop", "this is no Effect; give one that comes when the undo is to end.")
  }
  if (onProgress !== undefined && !Predicate.isFunction(onProgress))
    return refuse("onProgress", "this is no function; give one that takes an event.")
  if (folder !== undefined && (typeof folder !== "string" || folder === ""))
    return refuse("folder", "this is no path; give that of a folder.")
  if (plan !== undefined && !Schema.is(Plan)(plan))
    return refuse("plan", "this is no plan; give what Workflow.plan gives.")
  return Effect.void
}

/** `checkPlan` takes the plan of this workflow. Fails with `InvalidInput` for another's. */
export const checkPlan = (plan: Plan | undefined, workflow: string): Effect.Effect<void, InvalidInput> => {
  if (plan === undefined || plan.workflow === workflow) return Effect.void
  const message = `plan: it is that of the workflow ${JSON.stringify(plan.workflow)}; give one of ${JSON.stringify(workflow)}.`
  return Effect.fail(new InvalidInput({ field: "plan", message }))
}

const isDuration = (value: unknown): boolean => Option.isSome(Duration.decodeUnknown(value))

const choices: Readonly<Record<string, ReadonlyArray<string>>> = {
  onFailure: ["undo", "leave"],
  onDrift: ["stop", "write"],
  whenHeld: ["refuse", "wait"]
}

const durations = ["each", "all"]
const undoNames = [...durations, "stop"]
const journal = ["folder", "whenHeld", "onProgress"]

/** `runOptionNames` are those of a run, `resumeOptionNames` of a resumed one, `undoOptionNames` of an undo. */
export const runOptionNames: ReadonlyArray<string> = [
  ...journal,
  "plan",
  "limit",
  "approve",
  "window",
  "only",
  "onDrift",
  "onFailure",
  "undo"
]
export const resumeOptionNames: ReadonlyArray<string> = [...runOptionNames, "input"]
export const undoOptionNames: ReadonlyArray<string> = [...journal, ...undoNames]
