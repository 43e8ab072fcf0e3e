import * as Data from "effect/Data"

/** `WrongUsage` says that a command line cannot be understood. Nothing was begun. */
export class WrongUsage extends Data.TaggedError("WrongUsage")<{
  /** `sentences` say what is wrong, and what to give. */
  readonly sentences: ReadonlyArray<string>
}> {
  override get message(): string {
    return this.sentences.join("\n")
  }
}

/** `refuse` fails with it. */
export const refuse = (...sentences: ReadonlyArray<string>): WrongUsage => new WrongUsage({ sentences })
