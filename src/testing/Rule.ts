import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Fixture } from "./Fixture.ts"

/** `Rule` is a clause as it is written: it fails with what it found, or with why it says nothing here. */
export interface Rule {
  readonly name: string
  readonly body: (fixture: Fixture) => Effect.Effect<void, unknown, Scope.Scope>
}

export const rule = (name: string, body: Rule["body"]): Rule => ({ name, body })
