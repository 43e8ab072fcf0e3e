import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** `UndoStage` is how far the undo of a run has come: it is `ahead`, should the run be interrupted, or `underWay`. */
export type UndoStage = "ahead" | "underWay"

/** `Undoing` is what of a process would be undone, or is. */
export interface Undoing {
  readonly stage: UndoStage
  /** `isOfFleet` says that it is of one device of many: the others are not taken back. */
  readonly isOfFleet: boolean
}

/** `InFleet` says whether a run is that of a device of a fleet. */
export class InFleet extends Context.Reference<InFleet>()("sallyport/InFleet", {
  defaultValue: (): boolean => false
}) {}

/** `UndoStop` is what ends an undo after the change at hand: a second Ctrl-C, once the first has brought it about. */
export interface UndoStop {
  /** `awaited` comes with it. */
  readonly awaited: Effect.Effect<void>
  /** `isGiven` says whether it has come: what has not begun by then does not. */
  readonly isGiven: Effect.Effect<boolean>
  /** `begun` notes that the undo is under way. */
  readonly begun: Effect.Effect<void>
}

/** `undos` are those of this process: whoever takes its signals ends them. */
const undos = new Map<Deferred.Deferred<void>, { stage: UndoStage; isOfFleet: boolean; isTold: boolean }>()

/** `withStop` runs what undoes, or may come to that, which is handed what ends its undo. Without a stage it never does. */
export const withStop = <A, E, R>(
  stage: UndoStage | undefined,
  use: (stop: UndoStop) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.zipWith(Deferred.make<void>(), InFleet, (stop, isOfFleet) => {
      if (stage !== undefined) undos.set(stop, { stage, isOfFleet, isTold: false })
      return stop
    }),
    (stop) =>
      use({
        awaited: Deferred.await(stop),
        isGiven: Deferred.isDone(stop),
        begun: Effect.sync(() => {
          const undo = undos.get(stop)
          if (undo !== undefined) undo.stage = "underWay"
        })
      }),
    (stop) => Effect.sync(() => undos.delete(stop))
  )

/** `undoing` is the one that has come least far; `undefined` where nothing would be undone. */
export const undoing = (): Undoing | undefined => leastOf([...undos.values()])

/** `stopAll` ends all undos, and gives the one of those that had not been told so; `undefined` where there are none. */
export const stopAll = (): Undoing | undefined => {
  const told: Array<Undoing> = []
  for (const [stop, undo] of undos) {
    if (!undo.isTold) told.push(undo)
    undo.isTold = true
    Deferred.unsafeDone(stop, Effect.void)
  }
  return leastOf(told)
}

const leastOf = (undos: ReadonlyArray<Undoing>): Undoing | undefined =>
  undos.find(({ stage }) => stage === "ahead") ?? undos[0]
