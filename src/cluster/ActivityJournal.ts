import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { JournalFailed } from "../workflow/journal/JournalFailed.ts"
import type { JournalFile } from "../workflow/journal/JournalFile.ts"
import type { JournalLine } from "../workflow/journal/JournalLine.ts"
import * as ActivityNames from "./ActivityNames.ts"
import type { ChangeActivities } from "./ChangeActivities.ts"

/**
 * `make` is a journal whose changes are Activities: one is begun behind the line that announces it, and ended before the
 * line that says what came of it. Those without such a line are begun once more: what the engine has of them, and the
 * journal has not, the journal is given. Fails with `JournalFailed`.
 */
export const make = (
  journal: JournalFile,
  activities: ChangeActivities
): Effect.Effect<JournalFile, JournalFailed> =>
  Effect.gen(function* () {
    const names = ActivityNames.make()
    /** `begin` begins nothing more where the run is left meanwhile: what is announced is not sent. */
    const begin = (name: string) =>
      Effect.flatMap(activities.begin(name), (state) =>
        state === "left"
          ? new JournalFailed({ reason: "LockLost", path: journal.path })
          : Effect.succeed(state)
      )
    const append = (line: JournalLine, isLasting?: boolean) =>
      Effect.gen(function* () {
        const told = yield* Effect.forEach(names.ended(line), ([name, result]) =>
          activities.end(name, result)
        )
        const kept = told.includes(false) ? { ...line, isUntold: true } : line
        yield* journal.append(kept, isLasting)
        yield* Effect.forEach(names.begun(line), begin, { discard: true, concurrency: "unbounded" })
      })

    const open = new Map<string, JournalLine | undefined>()
    for (const kept of journal.lines) {
      const line = ActivityNames.lineOf(kept)
      if (line === undefined) continue
      for (const name of names.begun(line)) open.set(name, undefined)
      for (const [name, result] of names.ended(line)) {
        // The journal knew it when the engine was already shutting down.
        if (isUntold(kept)) open.set(name, result)
        else open.delete(name)
      }
    }
    const missed: Array<JournalLine> = []
    for (const [name, result] of open) {
      const state = yield* begin(name)
      if (result !== undefined) yield* activities.end(name, result)
      const line = state === "begun" || result !== undefined ? undefined : ActivityNames.lineOf(state.result)
      if (line !== undefined) {
        yield* append(line)
        missed.push(line)
      }
    }
    return {
      path: journal.path,
      lines: [...journal.lines, ...missed],
      // It is its run that writes to it.
      append: (line, isLasting) => append(line as JournalLine, isLasting)
    }
  })

const isUntold = (kept: unknown): boolean => Predicate.hasProperty(kept, "isUntold")
