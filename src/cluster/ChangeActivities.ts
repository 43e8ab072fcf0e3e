import * as Activity from "@effect/workflow/Activity"
import { type WorkflowEngine, WorkflowInstance } from "@effect/workflow/WorkflowEngine"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Leaving } from "./Leaving.ts"

/**
 * `ChangeActivities` are the changes of a run, and the requests of its undo, as Activities of the engine: each is one from
 * the line that announces it to the line that says what came of it, which is the Activity's result.
 *
 * The engine's word is not waited for without end: it has none where it has given the run to another runner meanwhile, and
 * whoever waited would have the run, and its devices, for ever. The run is held by its lease, and goes by its journal.
 */
export interface ChangeActivities {
  /**
   * `begin` begins one, for the first time or once more, and gives `begun`, or the result that the engine has of it
   * already; `left` where the go is left before the engine says either. Where it says nothing, it is begun without.
   */
  readonly begin: (name: string) => Effect.Effect<Begun>
  /** `end` gives one its result, and says whether the engine has that, or knows of no such one. */
  readonly end: (name: string, result: unknown) => Effect.Effect<boolean>
  /** `endAll` ends those of which nothing is known: the run is over. */
  readonly endAll: Effect.Effect<void>
}

type Begun = "begun" | "left" | { readonly result: unknown }

/** `Place` is where the engine and a go of the run meet: the engine may execute what an earlier go has begun. */
interface Place {
  known: Deferred.Deferred<Begun>
  readonly over: Deferred.Deferred<unknown>
}

/** `Places` are those of a runner, by run and name. */
export type Places = Map<string, Place>

/** `silence` is how long the engine may say nothing, and how long where the go is left. */
const silence = { atMost: "10 seconds", whenLeft: "200 millis" } as const

/** `make` begins with none. Those that have no result when the scope closes are executed once more by the next go. */
export const make = (
  places: Places,
  leaving: Leaving
): Effect.Effect<ChangeActivities, never, Scope.Scope | WorkflowEngine | WorkflowInstance> =>
  Effect.gen(function* () {
    const context = yield* Effect.context<WorkflowEngine | WorkflowInstance>()
    const { executionId } = yield* WorkflowInstance
    const scope = yield* Effect.scope
    const open = new Map<string, Fiber.Fiber<unknown>>()
    const silent = Effect.sleep(silence.atMost).pipe(
      Effect.raceFirst(Effect.zipRight(leaving.awaited, Effect.sleep(silence.whenLeft))),
      Effect.interruptible
    )
    /** `said` waits for an answer, which is `otherwise` where none comes. */
    const said = <A>(answer: Deferred.Deferred<A>, otherwise: () => A) =>
      Effect.gen(function* () {
        const limit = yield* Effect.forkDaemon(
          Effect.zipRight(
            silent,
            Effect.suspend(() => Deferred.succeed(answer, otherwise()))
          )
        )
        return yield* Effect.ensuring(Deferred.await(answer), Fiber.interruptFork(limit))
      })

    const begin: ChangeActivities["begin"] = (name) =>
      Effect.gen(function* () {
        const id = `${executionId}/${name}`
        const known = yield* Deferred.make<Begun>()
        const place = places.get(id) ?? { known, over: yield* Deferred.make<unknown>() }
        place.known = known
        places.set(id, place)
        const activity = Activity.make({
          name,
          success: Schema.Unknown,
          // It is the place that counts: the engine may keep this effect for a later go.
          execute: Effect.suspend(() =>
            Effect.zipRight(Deferred.succeed(place.known, "begun"), Deferred.await(place.over))
          ),
          // What is interrupted is looked for, and not done again.
          interruptRetryPolicy: Schedule.stop
        })
        const fiber = yield* activity.pipe(
          // One that the engine has cut off, or cannot keep, has no result: it goes by the journal alone.
          Effect.onExit((exit) =>
            Deferred.succeed(known, Exit.isSuccess(exit) ? { result: exit.value } : "begun")
          ),
          Effect.provide(context),
          Effect.interruptible,
          Effect.forkIn(scope)
        )
        const state = yield* said(known, () => (leaving.isLeft() ? "left" : "begun"))
        if (state === "begun") open.set(name, fiber)
        return state
      })

    const end: ChangeActivities["end"] = (name, result) =>
      Effect.gen(function* () {
        const fiber = open.get(name)
        if (fiber === undefined) return true
        open.delete(name)
        const id = `${executionId}/${name}`
        const place = places.get(id)
        if (place !== undefined) yield* Deferred.succeed(place.over, result)
        const told = yield* Deferred.make<boolean>()
        yield* Fiber.await(fiber).pipe(
          Effect.flatMap((exit) => Deferred.succeed(told, Exit.isSuccess(exit))),
          Effect.interruptible,
          Effect.forkIn(scope)
        )
        const isTold = yield* said(told, () => false)
        if (isTold) places.delete(id)
        return isTold
      })

    return {
      begin,
      end,
      endAll: Effect.suspend(() =>
        Effect.forEach([...open.keys()], (name) => end(name, null), {
          concurrency: "unbounded",
          discard: true
        })
      )
    }
  })
