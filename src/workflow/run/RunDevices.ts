import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Entry } from "../../client/fields/ListEntry.ts"
import type { Rest } from "../../client/rest/Rest.ts"
import type { ResolvedPart } from "../Parts.ts"
import * as Readings from "../undo/Readings.ts"
import type { UndoDevice } from "../undo/UndoDevice.ts"
import type { Read } from "./resume/Replay.ts"

/** `RunDevices` are the devices of a run, by the names of their targets: for what is asked of them beside its script. */
export interface RunDevices {
  readonly of: (targetName: string) => UndoDevice | undefined
  readonly read: Read
}

/** `make` takes the clients by the names of their targets. Each is asked by its `rest`: without one, nothing is undone. */
export const make = (clientOf: (targetName: string) => unknown): RunDevices => {
  const of = (targetName: string): UndoDevice | undefined => {
    const client = clientOf(targetName)
    return Predicate.hasProperty(client, "rest") && isRest(client.rest) ? { rest: client.rest } : undefined
  }
  return {
    of,
    read: ({ path, query, targetName }, id) =>
      Effect.suspend((): Effect.Effect<Entry, unknown> => {
        const device = of(targetName)
        if (device === undefined) return Effect.fail(targetName)
        const found = Readings.make(device, () => 1).find({ path, query, targetName }, { id })
        return Effect.flatMap(found, (item) =>
          item === undefined ? Effect.fail(targetName) : Effect.succeed(item)
        )
      })
  }
}

/** `ofParts` takes those of a workflow's parts, once they are opened. */
export const ofParts = (
  parts: ReadonlyArray<ResolvedPart>,
  clients: () => Readonly<Record<string, unknown>> | undefined
): RunDevices =>
  make((targetName) => {
    const found = parts.find(({ options }) => options.target.name === targetName)
    return found && clients()?.[found.part]
  })

const isRest = (rest: unknown): rest is Rest =>
  Predicate.hasProperty(rest, "get") &&
  Predicate.hasProperty(rest, "send") &&
  Predicate.hasProperty(rest, "at")
