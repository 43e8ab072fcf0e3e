import * as Data from "effect/Data"

/** `RunOver` says that a run cannot be gone on with. Nothing was sent. */
export class RunOver extends Data.TaggedError("RunOver")<{
  readonly run: string
  /** `why` says whether it is done, undone, or of another workflow or devices. */
  readonly why: "Done" | "Undone" | "Foreign"
  /** `detail` says it as a sentence. */
  readonly detail: string
}> {
  override get message(): string {
    return `run ${this.run}: ${this.detail}`
  }
}
