import * as Effect from "effect/Effect"
import { redactedSpan } from "../../../transport/RedactedSpan.ts"
import type { JournalFailed } from "../../journal/JournalFailed.ts"
import { RunStore } from "../../journal/RunStore.ts"
import { type Undone, undoChanges } from "../../undo/Undo.ts"
import type { UndoOptions } from "../../undo/UndoOptions.ts"
import type { RunDevices } from "../RunDevices.ts"
import type { RunJournal } from "../RunJournal.ts"
import { Sending } from "../record/Sending.ts"
import type { UndoStop } from "./UndoStops.ts"

/**
 * `takeBack` undoes what a journal has, and writes that down: from here on the run is never gone on with. Fails with
 * `JournalFailed` before it sends anything where that cannot be written, since the run would be gone on with as if what it
 * did still stood; of a journal that is removed nobody goes on. Once it has begun, a journal that cannot be written does
 * not end it: the devices come first; where another process goes on with the run, it is left to that one. Says whether it
 * came to its end.
 */
export const takeBack = (
  journal: RunJournal,
  devices: RunDevices,
  options: UndoOptions,
  stop: UndoStop
): Effect.Effect<"ended" | "stopped", JournalFailed> =>
  Effect.gen(function* () {
    let end: "ended" | "stopped" = "ended"
    const { isLeft } = yield* RunStore
    let isTaken = false
    const write = (line: Parameters<RunJournal["append"]>[0]) =>
      Effect.catchAll(journal.append(line), ({ reason }) =>
        Effect.sync(() => {
          isTaken ||= reason === "LockLost"
        })
      )
    yield* Effect.catchIf(
      journal.append({ _tag: "undoing" }),
      ({ reason }) => reason === "Removed",
      () => Effect.void
    )
    if (isLeft()) return "stopped"
    const took = (all: ReadonlyArray<Undone>) => {
      const [first, ...others] = all.map(ended)
      if (first === undefined) return Effect.void
      return write(
        others.length === 0
          ? { _tag: "tookBack", ...first }
          : { _tag: "tookAllBack", results: [first, ...others] }
      )
    }
    const { stop: given = Effect.never } = options
    yield* stop.begun
    const all = yield* undoChanges({
      ...options,
      stop: Effect.tap(Effect.raceFirst(given, stop.awaited), () => {
        end = "stopped"
      }),
      changes: journal.history.changes(),
      deviceOf: devices.of,
      begin: (requests) => {
        const [first, ...others] = requests.map(({ change, request }) => ({
          number: change.number,
          request
        }))
        if (first === undefined) return Effect.void
        return Effect.zipRight(
          write(
            others.length === 0
              ? { _tag: "takingBack", ...first }
              : { _tag: "takingAllBack", requests: [first, ...others] }
          ),
          // What cannot be announced any more is not sent.
          Effect.suspend(() =>
            isLeft() || isTaken ? Effect.dieMessage("the run is gone on with elsewhere") : Effect.void
          )
        )
      },
      ended: took
    }).pipe(Effect.provideService(Sending, "described"))
    const takenBack = new Map(journal.history.changes().map((change) => [change.number, change.takenBack]))
    yield* took(
      all.filter(({ change, request }) => {
        const known = request === undefined ? undefined : takenBack.get(change.number)?.get(request)
        return known === undefined || known === "begun"
      })
    )
    return end
  }).pipe(redactedSpan("sallyport.undo", { run: journal.history.begun()?.run }))

const ended = ({ change, request, result: { how, newId, why } }: Undone) => ({
  number: change.number,
  ...(request !== undefined && { request }),
  how,
  ...(newId !== undefined && { newId }),
  ...(why !== undefined && { why })
})
