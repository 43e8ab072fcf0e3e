import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Rest } from "../../client/Rest.ts"
import type { Entry } from "../../client/Verbs.ts"
import type { ResolvedPart } from "../Parts.ts"
import type { UndoDevice } from "../undo/UndoDevice.ts"
import type { Read } from "./Replay.ts"

/** `RunDevices` are the devices of a run, by the names of their targets: for what is asked of them beside its script. */
export interface RunDevices {
  readonly of: (targetName: string) => UndoDevice | undefined
  readonly read: Read
}

/** `make` takes the clients of the parts. Each is asked by its `rest`, which all kinds have that can be undone. */
export const make = (
  parts: ReadonlyArray<ResolvedPart>,
  clients: () => Readonly<Record<string, unknown>> | undefined
): RunDevices => {
  const of = (targetName: string): UndoDevice | undefined => {
    const found = parts.find(({ options }) => options.target.name === targetName)
    const client = found && clients()?.[found.part]
    return Predicate.hasProperty(client, "rest") && isRest(client.rest) ? { rest: client.rest } : undefined
  }
  return {
    of,
    read: ({ path, targetName }, id) =>
      Effect.suspend((): Effect.Effect<Entry, unknown> => {
        const device = of(targetName)
        return device === undefined
          ? Effect.fail(targetName)
          : device.rest.get(`${path}/${encodeURIComponent(id)}`, AnyEntry)
      })
  }
}

const AnyEntry = Schema.Record({ key: Schema.String, value: Schema.Unknown })

const isRest = (rest: unknown): rest is Rest =>
  Predicate.hasProperty(rest, "get") &&
  Predicate.hasProperty(rest, "send") &&
  Predicate.hasProperty(rest, "at")
