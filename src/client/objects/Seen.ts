import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import { DeviceRefused } from "../../transport/DeviceError.ts"
import type { List, PlannedObjects, Recorder } from "../changes/Change.ts"
import { putAt } from "../changes/PutAt.ts"
import { putBack } from "../changes/PutBack.ts"
import * as Selection from "../changes/Selection.ts"
import type { Entry, Unnamed } from "../fields/ListEntry.ts"
import type { CollectionOptions } from "./Verbs.ts"

/**
 * `Seen` is what a plan shows of a list: as it is planned when it is asked, since other fibers plan while a list is
 * read.
 */
export interface Seen<A> {
  /** `isPlanned` says that the list itself lies below what is only planned: the device has nothing of it. */
  readonly isPlanned: boolean
  /** `isTouched` says that an object is planned to be changed or removed; without an id, that any is. */
  readonly isTouched: (id?: string) => boolean
  /** `asPlanned` gives an object that the device has as it would be; none where it would be gone. */
  readonly asPlanned: (there: A) => ReadonlyArray<A>
  /** `besides` are the planned objects beside those that the device has shown, or those of them that are wanted. */
  readonly besides: (there: ReadonlyArray<A>, isWanted?: (one: Entry) => boolean) => ReadonlyArray<A>
  /** `hasPlaces` says that something has its place in what is selected that the device does not show, or no more. */
  readonly hasPlaces: (selection: Selection.Selection) => boolean
  /**
   * `inPlace` are those that the device has shown, as they would be, and the others where they stood, or would;
   * `undefined` where nobody knows.
   */
  readonly inPlace: (there: ReadonlyArray<A>, selection: Selection.Selection) => ReadonlyArray<A> | undefined
  /** `shows` begins to show what is selected, and tells of each in the order in which it is shown. */
  readonly shows: (selection: Selection.Selection) => (one: A) => A
  /** `elsewhere` are the objects of other lists that this one shows, too: their names by their ids. */
  readonly elsewhere: () => ReadonlyMap<string, string | undefined>
  readonly absent: (id: string) => Effect.Effect<never, DeviceRefused>
  readonly unknowable: (reason: string) => Effect.Effect<void, SessionError>
}

/** `make` gives what a plan shows of a list, whatever the plan comes to have later. */
export const make = <A extends Entry>(
  recorder: Recorder,
  list: List,
  { indexIn, type }: Pick<CollectionOptions<A, Unnamed>, "indexIn" | "type">
): Seen<A> => {
  const planned = ({ text } = Selection.whole): PlannedObjects | undefined =>
    recorder.plannedObjects(list, text)
  const present = (): ReadonlyMap<string | undefined, Entry> => planned()?.present ?? new Map()
  // They were made of what this kind's verbs were given, which need not say what they are.
  const typed = (one: Entry): A => ({ ...(type !== undefined && { type }), ...one }) as Entry as A
  const isRemoved = (id: string | undefined) => id !== undefined && planned()?.removed.has(id) === true
  const asPlanned = (there: A): ReadonlyArray<A> => {
    const one = present().get(there.id)
    if (one !== undefined) return [typed(one)]
    return isRemoved(there.id) ? [] : [there]
  }
  return {
    isPlanned: planned()?.isPlanned === true,
    elsewhere: () => planned()?.elsewhere ?? new Map(),
    isTouched: (id) => (id === undefined ? planned() !== undefined : isRemoved(id) || present().has(id)),
    asPlanned,
    besides: (there, isWanted = () => true) => {
      const ids = new Set(there.map(({ id }) => id))
      // Whoever asks for one after another by name has thousands planned in the end: what is not wanted is not copied.
      return [...present().values()].filter((one) => !ids.has(one.id) && isWanted(one)).map(typed)
    },
    hasPlaces: (selection) => {
      const { behind, events } = planned(selection) ?? {}
      return behind !== undefined || (events !== undefined && !selection.isByDevice)
    },
    inPlace: (there, selection) => {
      const ids = new Set(there.map(({ id }) => id))
      const { behind, events } = planned(selection) ?? {}
      const lacking = [...present()].flatMap(([id, one]) =>
        // What else a device would select, nobody knows.
        id === undefined || ids.has(id) || (selection.isByDevice && behind?.has(id) !== true)
          ? []
          : [[id, typed(one)] as const]
      )
      if (behind === undefined && events !== undefined && indexIn !== undefined) {
        const known = new Map<string | undefined, ReadonlyArray<A>>([
          ...there.map((one) => [one.id, asPlanned(one)] as const),
          ...lacking.map(([id, one]) => [id, [one]] as const)
        ])
        return putAt(there, events, indexIn)?.flatMap((id) => known.get(id) ?? [])
      }
      return putBack(there, new Map(lacking), behind ?? new Map(), ({ id }) => id, asPlanned)
    },
    shows: (selection) => {
      const told = recorder.shows(list, selection.text)
      return (one) => {
        if (one.id !== undefined) told(one.id)
        return one
      }
    },
    absent: (id) =>
      Effect.fail(
        new DeviceRefused({
          targetName: list.targetName,
          operation: `GET ${list.path}`,
          status: 404,
          messages: [`${id} would be removed by then`],
          isAbsent: true
        })
      ),
    unknowable: (reason) => recorder.unknowable(list, reason)
  }
}
