import type * as Duration from "effect/Duration"
import type { Guards } from "../guards/Guards.ts"
import type { JournalOptions } from "../journal/JournalPlace.ts"
import type { Plan } from "../plan/Plan.ts"
import type { UndoOptions } from "../undo/UndoOptions.ts"
import type { OnProgress } from "./account/Observer.ts"

/** `HeldOptions` say what becomes of a run where another one works on one of its devices. */
export interface HeldOptions {
  /** `whenHeld` says whether it is refused then, or waits until that one has ended. @default `refuse` */
  readonly whenHeld?: "refuse" | "wait" | undefined
}

/** `ProgressOptions` say who is told of what happens. */
export interface ProgressOptions {
  /**
   * `onProgress` is told of each step and change, and at the end of the report. It runs beside the run; one that throws
   * or hangs changes nothing of it.
   *
   * @default nobody is told
   */
  readonly onProgress?: OnProgress | undefined
}

/** `RunOptions` say how a workflow is run. */
export interface RunOptions extends JournalOptions, HeldOptions, ProgressOptions, Guards {
  /**
   * `plan` is what the run may do: it is stopped before the first change that is not the planned one, as far as the plan
   * sees.
   *
   * @default the plan that is made for the guards, where there are any
   */
  readonly plan?: Plan | undefined
  /**
   * `onDrift` says what becomes of an object that somebody has changed since it was planned. With `stop` the run is
   * stopped before it; with `write` it is changed all the same.
   *
   * @default `stop`
   */
  readonly onDrift?: "stop" | "write" | undefined
  /** `onFailure` says whether what was done is taken back where the run fails or is interrupted. @default `undo` */
  readonly onFailure?: "undo" | "leave" | undefined
  /**
   * `timeOut` is how long it may take, logins included, and no longer than 24 days: what lasts longer has failed, and ends
   * as by any failure. The plan for its guards has the same time beside. A change under way is ended first.
   *
   * @default it may take as long as it takes
   */
  readonly timeOut?: Duration.DurationInput | undefined
  /** `undo` says how long that may last. */
  readonly undo?: UndoOptions | undefined
}
