import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Changes from "../../src/client/changes/Change.ts"
import type { JournaledChange, TakenBack } from "../../src/workflow/journal/JournaledChange.ts"
import { withLeftBelow } from "../../src/workflow/run/record/LeftBelow.ts"
import { undoChanges } from "../../src/workflow/undo/Undo.ts"
import type { UndoDevice } from "../../src/workflow/undo/UndoDevice.ts"
import type { UndoWork } from "../../src/workflow/undo/UndoOptions.ts"

/** What a run has sent, as its journal has it: JSON, so that nothing but data comes to an undo. */
export const recorded = <A, E, R>(
  script: Effect.Effect<A, E, R>
): Effect.Effect<ReadonlyArray<JournaledChange>, never, R> =>
  Effect.gen(function* () {
    const changes: Array<JournaledChange> = []
    const recorder: Changes.Recorder = {
      record: (change, send) =>
        Effect.gen(function* () {
          const { left: _left, undo, planned: _planned, ...description } = change
          const at = changes.length
          const note = (outcome: JournaledChange["outcome"], own: Changes.Undo) => {
            changes[at] = {
              ...JSON.parse(JSON.stringify({ ...description, number: at + 1, step: "", undo: own })),
              outcome,
              takenBack: new Map()
            }
          }
          note(undefined, undo(Option.none()))
          const exit = yield* Effect.exit(send)
          if (Exit.isSuccess(exit)) {
            const own = undo(Option.some(exit.value))
            note("done", (yield* withLeftBelow(change, own, "5 seconds")) ?? own)
            return exit.value
          }
          const error = exit.cause._tag === "Fail" ? exit.cause.error : undefined
          const isRefused = typeof error === "object" && error !== null && "_tag" in error
          note(isRefused && error._tag === "DeviceRefused" ? "refused" : "unknown", undo(Option.none()))
          return yield* exit
        }),
      isPlan: false,
      noteUnchanged: () => Effect.succeed("unchanged"),
      plannedObjects: () => undefined,
      written: () => undefined,
      shows: () => () => {},
      unknowable: () => Effect.dieMessage("a run looks, and knows")
    }
    yield* Effect.exit(Effect.provideService(script, Changes.Changes, recorder))
    return changes
  })

export interface Undoing {
  readonly result: Effect.Effect.Success<ReturnType<typeof undoChanges>>
  /** What the journal has of it: requests that were begun, and what became of them. */
  readonly journal: ReadonlyArray<readonly [number: number, request: number, how: TakenBack["how"] | "begun"]>
  /** How many times something was announced: what is sent as one is announced at once. */
  readonly announced: number
}

/** Takes changes back on devices that are known by the names of their targets. */
export const undone = (
  changes: ReadonlyArray<JournaledChange>,
  devices: Readonly<Record<string, UndoDevice>>,
  options: Partial<UndoWork> = {}
): Effect.Effect<Undoing> =>
  Effect.gen(function* () {
    const journal: Array<Undoing["journal"][number]> = []
    let announced = 0
    const result = yield* undoChanges({
      changes,
      deviceOf: (targetName) => devices[targetName],
      begin: (requests) =>
        Effect.sync(() => {
          announced += 1
          for (const { change, request } of requests) journal.push([change.number, request, "begun"])
        }),
      ended: (results) =>
        Effect.sync(() => {
          for (const { change, request, result } of results)
            journal.push([change.number, request, result.how])
        }),
      ...options
    })
    return { result, journal, announced }
  })

/** What a device has, without what it gives by itself. */
export const own = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(own)
  if (typeof value !== "object" || value === null) return value
  const {
    id: _id,
    links: _links,
    metadata: _metadata,
    version: _version,
    ...fields
  } = value as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(fields)
      .sort()
      .map(([field, one]) => [field, own(one)])
  )
}
