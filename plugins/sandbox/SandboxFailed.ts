import * as Data from "effect/Data"

/** `SandboxFailed` says that the sandbox could not start, or could not come back. */
export class SandboxFailed extends Data.TaggedError("SandboxFailed")<{
  readonly operation: "certificate" | "listen" | "files"
  /** `detail` says what was wrong and what to do about it. */
  readonly detail: string
}> {
  override get message(): string {
    return `sandbox: ${this.detail}`
  }
}
