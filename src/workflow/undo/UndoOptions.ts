import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { JournaledChange, TakenBack } from "../journal/JournaledChange.ts"
import type { UndoDevice } from "./UndoDevice.ts"

/** `UndoOptions` are what an undo works from, and how long it may last. */
export interface UndoOptions {
  /** `changes` are in the order of their sending. */
  readonly changes: ReadonlyArray<JournaledChange>
  readonly deviceOf: (targetName: string) => UndoDevice | undefined
  /** `begin` journals that a request of the undo is about to be sent. */
  readonly begin: (change: JournaledChange, request: number) => Effect.Effect<void>
  /** `ended` journals what became of it. */
  readonly ended: (change: JournaledChange, request: number, result: TakenBack) => Effect.Effect<void>
  /** `each` is how long a device may take for one answer. @default 30 seconds */
  readonly each?: Duration.DurationInput | undefined
  /** `all` is how long all of it may take. @default 10 minutes */
  readonly all?: Duration.DurationInput | undefined
  /** `stop` ends the undo once it comes, after the request at hand. @default nothing does */
  readonly stop?: Effect.Effect<void> | undefined
}
