import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { SessionError } from "../auth/AuthError.ts"

/** `CurrentStep` is the path of the step that a fiber is in: `rules / of HQ`. Empty outside of all steps. */
export class CurrentStep extends Context.Reference<CurrentStep>()("sallyport/Workflow/CurrentStep", {
  defaultValue: () => ""
}) {}

/** `Narrator` takes what a workflow says of itself, beside its changes. */
export interface Narrator {
  readonly note: (text: string) => Effect.Effect<void>
  /** `unplanned` is told of what follows, which no verb describes. */
  readonly unplanned: (reason: string) => Effect.Effect<void, SessionError>
}

/** `Narration` takes it where a workflow runs or is planned; without one there is nobody to tell. */
export class Narration extends Context.Reference<Narration>()("sallyport/Workflow/Narration", {
  defaultValue: (): Narrator | undefined => undefined
}) {}

/**
 * `step` names a part of a workflow, by which plans and errors call it. Steps may be within steps. Fails as the part
 * does.
 *
 * @example
 * yield* Workflow.step("rules", copy.upsertAll(rules))
 */
export const step = <A, E, R>(name: string, part: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(CurrentStep, (outer) =>
    Effect.provideService(part, CurrentStep, outer === "" ? name : `${outer} / ${name}`)
  )

/**
 * `note` says something to whoever reads the plan. A script's own output in a plan tells of what has not happened; this
 * stands among the changes, as what the script says. Without a workflow it is logged.
 *
 * @example
 * yield* Workflow.note(`${rules.length} rules`)
 */
export const note = (text: string): Effect.Effect<void> =>
  Effect.flatMap(Narration, (narrator) =>
    narrator === undefined ? Effect.logInfo(text) : narrator.note(text)
  )

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
  Effect.flatMap(Narration, (narrator) =>
    narrator === undefined ? part : Effect.zipRight(narrator.unplanned(reason), part)
  )
