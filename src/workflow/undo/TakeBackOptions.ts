import type * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { Bound, NoAnswer } from "./Bound.ts"
import type { Readings } from "./Readings.ts"
import type { UndoDevice } from "./UndoDevice.ts"
import type * as UndoUnit from "./UndoUnit.ts"

/** `TakeBackOptions` are what one request of an undo needs beside itself. */
export interface TakeBackOptions {
  readonly device: UndoDevice
  readonly readings: Readings
  /** `begin` is journaled before the request is sent. */
  readonly begin: Effect.Effect<void>
  readonly bound: Bound
  /** `referring` says which changes refer to an id. */
  readonly referring: (id: string) => string
  /**
   * `whyLeft` says why it is left, given what there is of it: something would go with it that is not the run's.
   *
   * @default nothing would
   */
  readonly whyLeft?:
    | ((there: Fields | undefined) => Effect.Effect<string | undefined, SessionError | NoAnswer>)
    | undefined
  /** `isLookedFor` says that an earlier undo has begun with it, and no trace of that was found. @default false */
  readonly isLookedFor?: boolean | undefined
}

/** `isLost` says that a request was sent, or may have been, and nobody knows what became of it. */
export const isLost = (error: SessionError | NoAnswer): boolean => {
  if (error._tag === "NoAnswer") return true
  return error._tag !== "DeviceRefused" && "sent" in error && error.sent === "maybe"
}

/** `isFault` says that a device has failed at a request: it may have done some of it, or all. */
export const isFault = (error: SessionError | NoAnswer): boolean =>
  error._tag === "DeviceRefused" && error.status >= 500

/** `boundOf` gives the device of a request its time for each answer. */
export const boundOf = ({ change }: UndoUnit.UndoUnit, { bound }: Pick<TakeBackOptions, "bound">) =>
  bound.each(change.targetName)
