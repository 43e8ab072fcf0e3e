import * as Activity from "@effect/workflow/Activity"
import type { WorkflowEngine, WorkflowInstance } from "@effect/workflow/WorkflowEngine"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/**
 * `ChangeActivities` are the changes of a run, and the requests of its undo, as Activities of the engine: each is one from
 * the line that announces it to the line that says what came of it, which is the Activity's result.
 */
export interface ChangeActivities {
  /**
   * `begin` begins one, for the first time or once more, and gives `begun`; or it gives the result that the engine has of
   * it already.
   */
  readonly begin: (name: string) => Effect.Effect<"begun" | { readonly result: unknown }>
  /** `end` gives one its result, and says whether the engine has that, or knows of no such one. */
  readonly end: (name: string, result: unknown) => Effect.Effect<boolean>
  /** `endAll` ends those of which nothing is known: the run is over. */
  readonly endAll: Effect.Effect<void>
}

interface Open {
  readonly over: Deferred.Deferred<unknown>
  readonly fiber: Fiber.Fiber<unknown>
}

/** `make` begins with none. Those that have no result when the scope closes are executed once more by the next go. */
export const make: Effect.Effect<ChangeActivities, never, Scope.Scope | WorkflowEngine | WorkflowInstance> =
  Effect.gen(function* () {
    const context = yield* Effect.context<WorkflowEngine | WorkflowInstance>()
    const scope = yield* Effect.scope
    const open = new Map<string, Open>()
    const end: ChangeActivities["end"] = (name, result) =>
      Effect.suspend(() => {
        const one = open.get(name)
        if (one === undefined) return Effect.succeed(true)
        open.delete(name)
        return Effect.zipRight(
          Deferred.succeed(one.over, result),
          Effect.map(Fiber.await(one.fiber), Exit.isSuccess)
        )
      })
    return {
      begin: (name) =>
        Effect.gen(function* () {
          const known = yield* Deferred.make<"begun" | { readonly result: unknown }>()
          const over = yield* Deferred.make<unknown>()
          const activity = Activity.make({
            name,
            success: Schema.Unknown,
            execute: Effect.zipRight(Deferred.succeed(known, "begun"), Deferred.await(over)),
            // What is interrupted is looked for, and not done again.
            interruptRetryPolicy: Schedule.stop
          })
          const fiber = yield* activity.pipe(
            Effect.onExit((exit) =>
              Deferred.done(
                known,
                Exit.map(exit, (result) => ({ result }))
              )
            ),
            Effect.provide(context),
            Effect.interruptible,
            Effect.forkIn(scope)
          )
          const state = yield* Deferred.await(known)
          if (state === "begun") open.set(name, { over, fiber })
          return state
        }),
      end,
      endAll: Effect.suspend(() =>
        Effect.forEach([...open.keys()], (name) => end(name, null), { discard: true })
      )
    }
  })
