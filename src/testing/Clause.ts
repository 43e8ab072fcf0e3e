import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"

/** `Clause` is one rule of the contract, and a way to try it. */
export interface Clause {
  /** `name` is a sentence: "sixteen callers at its expiry cause one renewal, and none sends the expired token". */
  readonly name: string
  /** `run` makes a subject of its own under a test clock of its own, tries the rule, and leaves nothing behind. */
  readonly run: Effect.Effect<Outcome, ContractBroken>
}

/**
 * `Outcome` is `Kept` where the provider does as the clause says, and `Skipped` where the clause says nothing of this
 * provider (its tokens cannot be revoked, say), or the subject cannot cause what it takes.
 */
export type Outcome = Data.TaggedEnum<{
  Kept: Record<never, never>
  Skipped: { readonly because: string }
}>

export const { Kept, Skipped } = Data.taggedEnum<Outcome>()

/** `ContractBroken` says that the provider does otherwise than the contract says. */
export class ContractBroken extends Data.TaggedError("ContractBroken")<{
  readonly clause: string
  readonly detail: string
}> {
  override get message(): string {
    return `${this.clause}: ${this.detail}`
  }
}

/** `Mismatch` says that it was looked at and is not as it should be. */
export class Mismatch extends Data.TaggedError("Mismatch")<{ readonly detail: string }> {}

/** `NotApplicable` says that the clause says nothing of this provider, or cannot be tried on this subject. */
export class NotApplicable extends Data.TaggedError("NotApplicable")<{ readonly because: string }> {}
