import * as Effect from "effect/Effect"
import type { TakenBack } from "../journal/JournaledChange.ts"
import { undoChanges } from "../undo/Undo.ts"
import type { UndoOptions } from "../undo/UndoOptions.ts"
import type { RunDevices } from "./RunDevices.ts"
import type { RunJournal } from "./RunJournal.ts"
import { Sending } from "./Sending.ts"
import * as UndoStops from "./UndoStops.ts"

/**
 * `takeBack` undoes what a journal has, and writes that down: from here on the run is never gone on with. A journal that
 * cannot be written does not end it: the devices come first. Says whether it came to its end.
 */
export const takeBack = (
  journal: RunJournal,
  devices: RunDevices,
  options: UndoOptions
): Effect.Effect<"ended" | "stopped"> =>
  Effect.gen(function* () {
    let end: "ended" | "stopped" = "ended"
    const write = (line: Parameters<RunJournal["append"]>[0]) => Effect.ignore(journal.append(line))
    yield* write({ _tag: "undoing" })
    const took = (number: number, request: number | undefined, { how, newId, why }: TakenBack) =>
      write({
        _tag: "tookBack",
        number,
        ...(request !== undefined && { request }),
        how,
        ...(newId !== undefined && { newId }),
        ...(why !== undefined && { why })
      })
    const { stop: given = Effect.never } = options
    const all = yield* UndoStops.withStop((stop) =>
      undoChanges({
        ...options,
        stop: Effect.tap(Effect.raceFirst(given, stop), () => {
          end = "stopped"
        }),
        changes: journal.history.changes(),
        deviceOf: devices.of,
        begin: ({ number }, request) => write({ _tag: "takingBack", number, request }),
        ended: ({ number }, request, result) => took(number, request, result)
      })
    ).pipe(Effect.provideService(Sending, "described"))
    for (const { change, request, result } of all)
      if (
        request === undefined ||
        !(journal.history.change(change.number)?.takenBack.get(request) instanceof Object)
      )
        yield* took(change.number, request, result)
    return end
  })
