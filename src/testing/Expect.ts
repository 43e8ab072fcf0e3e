import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { NotHere, Otherwise } from "./Clause.ts"

/** Fails with `detail` unless it holds. */
export const holds = (condition: boolean, detail: string): Effect.Effect<void, Otherwise> =>
  condition ? Effect.void : Effect.fail(new Otherwise({ detail }))

export const equals = (what: string, found: unknown, expected: unknown): Effect.Effect<void, Otherwise> =>
  holds(Equal.equals(found, expected), `${what}: ${shown(found)} found, ${shown(expected)} expected`)

/** The failure of what must fail, with one of these tags. */
export const failure = <A, E, R>(
  what: string,
  work: Effect.Effect<A, E, R>,
  ...tags: ReadonlyArray<string>
): Effect.Effect<E, Otherwise, R> =>
  Effect.matchEffect(work, {
    onSuccess: () =>
      Effect.fail(new Otherwise({ detail: `${what}: it succeeded, ${tags.join(" or ")} expected` })),
    onFailure: (error) =>
      Effect.as(
        holds(
          tags.includes(tagOf(error)),
          `${what}: ${tagOf(error)} found, ${tags.join(" or ")} expected: ${String(error)}`
        ),
        error
      )
  })

/** Skips the clause unless it applies. */
export const applies = (condition: boolean, otherwise: string): Effect.Effect<void, NotHere> =>
  condition ? Effect.void : Effect.fail(new NotHere({ because: otherwise }))

/** What the subject can do, or a skipped clause that names what is missing. */
export const needed = <A>(ability: A | undefined, name: string): Effect.Effect<A, NotHere> =>
  ability === undefined
    ? Effect.fail(new NotHere({ because: `the subject has no ${name}` }))
    : Effect.succeed(ability)

const tagOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : typeof error

const shown = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value))
