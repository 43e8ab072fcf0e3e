import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { Mismatch, NotApplicable } from "./Clause.ts"

/** `holds` fails with `detail` unless it holds. */
export const holds = (condition: boolean, detail: string): Effect.Effect<void, Mismatch> =>
  condition ? Effect.void : Effect.fail(new Mismatch({ detail }))

export const equals = (what: string, found: unknown, expected: unknown): Effect.Effect<void, Mismatch> =>
  holds(Equal.equals(found, expected), `${what}: ${format(found)} found, ${format(expected)} expected`)

/** `failure` gives the failure of what must fail, with one of these tags. */
export const failure = <A, E, R>(
  what: string,
  work: Effect.Effect<A, E, R>,
  ...tags: ReadonlyArray<string>
): Effect.Effect<E, Mismatch, R> =>
  Effect.matchEffect(work, {
    onSuccess: () =>
      Effect.fail(new Mismatch({ detail: `${what}: it succeeded, ${tags.join(" or ")} expected` })),
    onFailure: (error) =>
      Effect.as(
        holds(
          tags.includes(tagOf(error)),
          `${what}: ${tagOf(error)} found, ${tags.join(" or ")} expected: ${String(error)}`
        ),
        error
      )
  })

/** `applies` skips the clause unless it applies. */
export const applies = (condition: boolean, otherwise: string): Effect.Effect<void, NotApplicable> =>
  condition ? Effect.void : Effect.fail(new NotApplicable({ because: otherwise }))

/** `needed` is what the subject can do, or a skipped clause that names what is missing. */
export const needed = <A>(ability: A | undefined, name: string): Effect.Effect<A, NotApplicable> =>
  ability === undefined
    ? Effect.fail(new NotApplicable({ because: `the subject has no ${name}` }))
    : Effect.succeed(ability)

const tagOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : typeof error

const format = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value))
