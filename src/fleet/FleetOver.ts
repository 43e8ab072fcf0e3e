import * as Data from "effect/Data"

/** `FleetOver` says that a fleet cannot be gone on with, or not be undone with what it was given. Nothing was sent. */
export class FleetOver extends Data.TaggedError("FleetOver")<{
  readonly fleet: string
  /** `why` says whether it is over, was undone, or is of another workflow. */
  readonly why: "Over" | "Undone" | "Foreign"
  /** `detail` says it as a sentence. */
  readonly detail: string
}> {
  override get message(): string {
    return `fleet ${this.fleet}: ${this.detail}`
  }
}
