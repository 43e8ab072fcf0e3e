import * as Data from "effect/Data"

/** `InvalidInput` says that something that was given is out of bounds. Nothing was sent. */
export class InvalidInput extends Data.TaggedError("InvalidInput")<{
  /** `field` is the option, variable or argument, by its path. */
  readonly field: string
  /** `value` is what was given, unless it is a secret or missing. */
  readonly value?: string
  /** `message` is the field, and one whole sentence: what is wrong with it, and what to give instead. */
  readonly message: string
}> {
  readonly sent = "no" as const
}
