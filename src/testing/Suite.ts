import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { contract, timeoutOf } from "./Contract.ts"
import type { Options } from "./Subject.ts"

// Outside vitest it throws as it is loaded, and `contract` is for other runners, too.
const loaded = await import("@effect/vitest").then(
  (vitest) => ({ vitest }),
  (cause: unknown) => ({ vitest: undefined, cause })
)

/**
 * `authProvider` declares the contract of every `AuthProvider` as tests of vitest, under the name of the provider. What
 * does not apply to its tokens (they never expire, say), and what the subject cannot cause, is skipped with a note that
 * says why. Throws outside vitest: another test runner takes the clauses of `contract`.
 *
 * @example
 * Testing.authProvider("asa", {
 *   make: Effect.map(fakeAsa, (device) => ({ provider: Asa.provider(device), request: "/api/objects" }))
 * })
 */
export const authProvider = (name: string, options: Options): void => {
  if (loaded.vitest === undefined) {
    throw new Error(
      "Testing.authProvider declares tests of vitest: run this file by vitest, with @effect/vitest installed, or take the clauses of Testing.contract for another test runner.",
      { cause: loaded.cause }
    )
  }
  const { describe, it } = loaded.vitest
  describe(`${name} keeps the contract of an AuthProvider`, () => {
    // The clause ends first, and says where it stood.
    const timeout = Duration.toMillis(timeoutOf(options)) + 5000
    for (const clause of contract(options)) {
      it.effect(
        clause.name,
        (context) =>
          Effect.map(clause.run, (outcome) => {
            if (outcome._tag === "Kept") return
            // The note in what skip throws gets lost on its way through Effect.
            if (context.task.result !== undefined)
              Object.assign(context.task.result, { note: outcome.because })
            context.skip(outcome.because)
          }),
        timeout
      )
    }
  })
}
