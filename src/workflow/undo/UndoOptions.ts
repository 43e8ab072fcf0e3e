import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { JournaledChange, TakenBack } from "../journal/JournaledChange.ts"
import type { UndoDevice } from "./UndoDevice.ts"

/** `UndoOptions` say how long an undo may last. */
export interface UndoOptions {
  /** `each` is how long a device may take for one answer. @default 30 seconds */
  readonly each?: Duration.DurationInput | undefined
  /** `all` is how long all of it may take; what is not reached by then is told. @default 10 minutes */
  readonly all?: Duration.DurationInput | undefined
  /** `stop` ends the undo once it comes, after the request at hand: a second Ctrl-C. @default nothing does */
  readonly stop?: Effect.Effect<void> | undefined
}

/** `UndoWork` is what an undo works from, and where it is written down. */
export interface UndoWork extends UndoOptions {
  /** `changes` are in the order of their sending. */
  readonly changes: ReadonlyArray<JournaledChange>
  readonly deviceOf: (targetName: string) => UndoDevice | undefined
  /** `begin` journals that requests of the undo are about to be sent, as one. */
  readonly begin: (requests: ReadonlyArray<RequestOfUndo>) => Effect.Effect<void>
  /** `ended` journals what became of them. */
  readonly ended: (
    results: ReadonlyArray<RequestOfUndo & { readonly result: TakenBack }>
  ) => Effect.Effect<void>
}

/** `RequestOfUndo` is a request of the undo of a change, by its place in that. */
interface RequestOfUndo {
  readonly change: JournaledChange
  readonly request: number
}
