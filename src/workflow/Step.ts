import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { SessionError } from "../auth/AuthError.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { redactedSpan } from "../transport/RedactedSpan.ts"
import * as Needed from "../validation/Needed.ts"
import { refuseInput } from "../validation/RefuseInput.ts"

/** `CurrentStep` is the path of the step that a fiber is in: `rules / of HQ`. Empty outside of all steps. */
export class CurrentStep extends Context.Reference<CurrentStep>()("sallyport/Workflow/CurrentStep", {
  defaultValue: () => ""
}) {}

/** `Narrator` takes what a workflow says of itself, beside its changes. */
export interface Narrator {
  readonly note: (text: string) => Effect.Effect<void>
  /** `stepped` runs a step; by `result`, a resumed run takes what it gave from the journal. */
  readonly stepped: <A, E, R>(
    step: string,
    // biome-ignore lint/suspicious/noExplicitAny: what is kept has any form.
    result: Schema.Schema<A, any> | undefined,
    part: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | SessionError, R>
  /** `unplanned` runs what no verb describes, or refuses it. */
  readonly unplanned: <A, E, R>(
    reason: string,
    part: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | SessionError, R>
}

/** `Narration` takes it where a workflow runs or is planned; without one there is nobody to tell. */
export class Narration extends Context.Reference<Narration>()("sallyport/Workflow/Narration", {
  defaultValue: (): Narrator | undefined => undefined
}) {}

/**
 * `step` names a part of a workflow, by which plans, reports and errors call it. Steps may be within steps. With the
 * Schema of its result, a step that a run has come through is not run again when that run is resumed: its result is taken
 * from the journal, where secrets have no place.
 *
 * Fails as the part does; with a Schema also with `RunRefused`, where its result cannot be written down.
 *
 * @example
 * yield* Workflow.step("rules", copy.upsertAll(rules))
 * const ids = yield* Workflow.step("ids", Schema.Array(Schema.String), readIds)
 */
export const step: {
  <A, E, R>(name: string, part: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  <A, I, E, R>(
    name: string,
    result: Schema.Schema<A, I>,
    part: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | SessionError, R>
} = <A, E, R>(
  name: string,
  ...[first, second]:
    | readonly [Effect.Effect<A, E, R>]
    | readonly [Schema.Schema<A, unknown>, Effect.Effect<A, E, R>]
): Effect.Effect<A, E, R> => {
  const [result, part] = second === undefined ? [undefined, first] : [first, second]
  const fault = faultOf("step", name, part, 'yield* Workflow.step("…", hosts.upsert(wanted))')
  if (fault !== undefined) return fault as unknown as Effect.Effect<never> // the types have it that there is none
  return Effect.flatMap(Effect.all([CurrentStep, Narration]), ([outer, narrator]) => {
    const path = outer === "" ? name : `${outer} / ${name}`
    const within = (part as Effect.Effect<A, E, R>).pipe(
      Effect.provideService(CurrentStep, path),
      redactedSpan("sallyport.step", { step: path })
    )
    // Without a Schema it fails as the part does.
    return narrator === undefined
      ? within
      : (narrator.stepped(path, result as Schema.Schema<A, unknown> | undefined, within) as Effect.Effect<
          A,
          E,
          R
        >)
  })
}

/**
 * `note` says something to whoever reads the plan. A script's own output in a plan tells of what has not happened; this
 * stands among the changes, as what the script says. Without a workflow it is logged.
 *
 * @example
 * yield* Workflow.note(`${rules.length} rules`)
 */
export const note = (text: string): Effect.Effect<void> => {
  Needed.text("text", text)
  return Effect.flatMap(Narration, (narrator) =>
    narrator === undefined ? Effect.logInfo(text) : narrator.note(text)
  )
}

/**
 * `unplanned` sends what no verb describes, such as a request of one's own by `rest` or `http`. A plan ends there, and
 * says so by the reason: nobody can know what it does.
 *
 * Fails in a plan with `PlanRefused`, and as the effect does.
 *
 * @example
 * yield* Workflow.unplanned("the licence is renewed", fmc.rest.request("POST", "/api/fmc_platform/v1/license/…"))
 */
export const unplanned = <A, E, R>(
  reason: string,
  part: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SessionError, R> =>
  faultOf("unplanned", reason, part, 'yield* Workflow.unplanned("…", fmc.rest.request("POST", path))') ??
  Effect.flatMap(Narration, (narrator) => (narrator === undefined ? part : narrator.unplanned(reason, part)))

/** `faultOf` says what is wrong with what stands in the place of a part, which the types say, too. */
const faultOf = (tool: string, name: unknown, part: unknown, example: string): InvalidInput | undefined => {
  if (typeof name !== "string") return refuseInput(`${tool}.name`, "what stands there is no text; give one.")
  if (name.trim() === "") return refuseInput(`${tool}.name`, "it is empty; give what plans call it by.")
  if (Effect.isEffect(part)) return undefined
  if (Predicate.isPromiseLike(part)) part.then(undefined, () => undefined)
  const what = Predicate.isPromiseLike(part)
    ? "a promise"
    : Predicate.isFunction(part)
      ? "a function"
      : "no Effect"
  return refuseInput(tool, `this is ${what}; give an Effect, as in ${example}.`)
}
