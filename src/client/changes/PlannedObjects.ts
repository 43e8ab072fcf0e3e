import type { Entry } from "../fields/ListEntry.ts"
import type { Place } from "./Placement.ts"
import type { Behind } from "./PutBack.ts"

/**
 * `PlannedObjects` are what is planned for a list so far; in a resumed run what there was before it, of what it has not
 * come to yet.
 */
export interface PlannedObjects {
  /** `isPlanned` says that the list itself lies below what is only planned: the device has nothing of it. */
  readonly isPlanned: boolean
  /** `present` are the objects that would be there, as they would be, by their ids. */
  readonly present: ReadonlyMap<string, Entry>
  /** `removed` are the ids of those that would be gone. */
  readonly removed: ReadonlySet<string>
  /**
   * `elsewhere` are the objects of other lists, which this one shows, too: by their ids their names, none where they
   * would be gone. Nobody knows whether this one shows them, or what its own are then.
   */
  readonly elsewhere?: ReadonlyMap<string, string | undefined> | undefined
  /**
   * `behind` is where in the list those stood that the device shows no more, as the script was shown them; others that it
   * shows no more are behind all that it shows.
   *
   * @default no such place is known
   */
  readonly behind?: Behind | undefined
  /**
   * `events` are what is created and removed in the list, in its order, where anything is given a place in it.
   *
   * @default what is created is at its end
   */
  readonly events?: ReadonlyArray<PlannedEvent> | undefined
}

/** `PlannedEvent` is an object that is created, at a place where it is given one, or removed. */
export interface PlannedEvent {
  readonly id: string
  readonly isGone: boolean
  readonly place?: Place | undefined
  /** `change` is the same for all that are created by one. */
  readonly change: object
}
