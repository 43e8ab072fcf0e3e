import * as SqlClient from "@effect/sql/SqlClient"
import type { WorkflowEngine, WorkflowInstance } from "@effect/workflow/WorkflowEngine"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { JournalFailed } from "../workflow/journal/JournalFailed.ts"
import type { JournalFile } from "../workflow/journal/JournalFile.ts"
import type { Store } from "../workflow/journal/RunStore.ts"
import * as ActivityJournal from "./ActivityJournal.ts"
import * as ChangeActivities from "./ChangeActivities.ts"
import * as DevicesHeld from "./DevicesHeld.ts"
import type { Leaving } from "./Leaving.ts"
import * as SqlJournal from "./SqlJournal.ts"

/** `GoStore` is where one go of a run is written down, on the runner that has the run. */
export interface GoStore {
  readonly store: Store
  /** `lines` are those of the goes before it. */
  readonly lines: ReadonlyArray<unknown>
  /** `endActivities` ends those Activities of which nothing is known, once the run is over. */
  readonly endActivities: Effect.Effect<void>
}

/**
 * `make` takes a run, as soon as no other runner has it, until the scope closes. A line that cannot be written
 * leaves it to the next go. Fails with `JournalFailed`.
 */
export const make = (
  run: string,
  lease: Duration.Duration,
  places: ChangeActivities.Places,
  leaving: Leaving
): Effect.Effect<
  GoStore,
  JournalFailed,
  Scope.Scope | SqlClient.SqlClient | WorkflowEngine | WorkflowInstance
> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const activities = yield* ChangeActivities.make(places, leaving)
    const taken = yield* SqlJournal.take(run, lease)
    const { append, lines, path } = yield* ActivityJournal.make(taken, activities)
    let refusal: JournalFailed | undefined
    const refuse = (failure: JournalFailed) => {
      // What cannot be JSON could not be written by another go either.
      if (failure.reason === "NotJson") return failure
      refusal = failure
      return Effect.zipRight(leaving.leave, failure)
    }
    const journal: JournalFile = {
      path,
      lines,
      append: (line, isLasting) =>
        Effect.suspend(() => {
          if (refusal !== undefined) return refusal
          // A run that is left has not ended.
          if (leaving.isLeft() && isEnd(line)) return Effect.void
          return Effect.catchTag(append(line, isLasting), "JournalFailed", refuse)
        })
    }
    return {
      lines,
      endActivities: activities.endAll,
      store: {
        create: () =>
          lines.length === 0 ? Effect.succeed(journal) : new JournalFailed({ reason: "Exists", path }),
        reopen: () => Effect.succeed(journal),
        read: (_home, run) => Effect.provideService(SqlJournal.read(run), SqlClient.SqlClient, sql),
        runs: () => Effect.succeed([run]),
        hold: (devices, options) =>
          DevicesHeld.hold(devices, options, leaving.isLeft).pipe(
            Effect.catchTag("SqlError", SqlJournal.failedOf(run, "Unusable")),
            Effect.provideService(SqlClient.SqlClient, sql)
          ),
        isShared: true,
        isLeft: leaving.isLeft
      }
    }
  })

const isEnd = (line: unknown): boolean => Predicate.isTagged(line, "ended")
