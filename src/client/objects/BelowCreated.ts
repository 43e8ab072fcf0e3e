import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SessionError } from "../../auth/AuthError.ts"
import type { Change } from "../changes/Change.ts"
import type { Entry, Fields, Unnamed } from "../fields/ListEntry.ts"
import { isNoList, withoutDeviceFields } from "./ObjectWrites.ts"
import type { CollectionOptions } from "./Verbs.ts"

/**
 * `belowCreated` says of a creation which lists go with what it creates, and how those are read in which a device puts
 * something by itself, and the object above them; a device may lack some, and not show others.
 */
export const belowCreated = <A extends Entry, W extends Unnamed>(
  { holds, settings }: Pick<CollectionOptions<A, W>, "holds" | "settings">,
  wanted: ReadonlyArray<W>,
  get: (id: string) => Effect.Effect<A, SessionError>
): Pick<Change<unknown>, "holds" | "settings" | "left"> => ({
  holds: [...new Set(wanted.flatMap((one) => holds?.(one) ?? []))],
  ...(settings !== undefined &&
    settings.lists.length > 0 && {
      settings: settings.lists,
      left: (id) =>
        Effect.gen(function* () {
          const read = yield* Effect.forEach(settings.lists, (list) =>
            settings.read(id, list).pipe(
              Effect.catchIf(isNoList, () => Effect.succeed([])),
              Effect.map((items) => [list, items.map(withoutNotes)] as const),
              Effect.option
            )
          )
          const item = Option.getOrUndefined(yield* Effect.option(get(id)))
          return {
            settings: Object.fromEntries(Arr.getSomes(read)),
            ...(item && { item: withoutDeviceFields<Unnamed>(item) })
          }
        })
    })
})

/** `withoutNotes` leaves out what the device notes of it, such as when it was read. */
const withoutNotes = ({ links: _links, metadata: _metadata, version: _version, ...own }: Fields): Fields =>
  own
