import * as Effect from "effect/Effect"
import type { Change } from "../changes/Change.ts"
import type { Entry, Fields, Unnamed } from "../fields/ListEntry.ts"
import { isAbsent } from "./ObjectWrites.ts"
import type { CollectionOptions } from "./Verbs.ts"

/**
 * `belowCreated` says of a creation which lists go with what it creates, and how those are read in which a device puts
 * something by itself; a device may lack some.
 */
export const belowCreated = <A extends Entry, W extends Unnamed>(
  { holds, settings }: Pick<CollectionOptions<A, W>, "holds" | "settings">,
  wanted: ReadonlyArray<W>
): Pick<Change<unknown>, "holds" | "settings" | "left"> => ({
  holds: [...new Set(wanted.flatMap((one) => holds?.(one) ?? []))],
  ...(settings !== undefined &&
    settings.lists.length > 0 && {
      settings: settings.lists,
      left: (id) =>
        Effect.map(
          Effect.forEach(settings.lists, (list) =>
            settings.read(id, list).pipe(
              Effect.catchIf(isAbsent, () => Effect.succeed([])),
              Effect.map((items) => [list, items.map(withoutNotes)] as const)
            )
          ),
          Object.fromEntries
        )
    })
})

/** `withoutNotes` leaves out what the device notes of it, such as when it was read. */
const withoutNotes = ({ links: _links, metadata: _metadata, version: _version, ...own }: Fields): Fields =>
  own
