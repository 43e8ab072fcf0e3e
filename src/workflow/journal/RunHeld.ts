import * as Data from "effect/Data"
import * as LockHolder from "./LockHolder.ts"

/** `RunHeld` says that another process works on the run, or that this one does so already. */
export class RunHeld extends Data.TaggedError("RunHeld")<{
  readonly run: string
  readonly holder: LockHolder.LockHolder
  /** `path` is the lock. */
  readonly path: string
}> {
  override get message(): string {
    return `the run ${this.run} is held by ${LockHolder.words(this.holder)}, by ${this.path}: one at a time works on a run. Wait until that one has ended, or end it, and try again; where there is no such process any more, that is known after a minute.`
  }
}
