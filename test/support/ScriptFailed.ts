import * as Data from "effect/Data"

/** What the script of a workflow fails with. */
export class ScriptFailed extends Data.TaggedError("ScriptFailed")<{ readonly message: string }> {}

export const scriptFailed = (message: string): ScriptFailed => new ScriptFailed({ message })
