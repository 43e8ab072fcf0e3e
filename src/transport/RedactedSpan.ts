import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/**
 * `redactedSpan` gives a span that hides what its effect came to: a tracer may keep that, and an answer's headers and
 * body, or a token, are nothing for a trace. Failures are kept; our errors hold no secret.
 */
export const redactedSpan =
  (name: string, attributes: Readonly<Record<string, unknown>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    effect.pipe(
      Effect.map((value) => Redacted.make(value)),
      Effect.withSpan(name, { attributes: { ...attributes }, captureStackTrace: false }),
      Effect.map((hidden) => Redacted.value(hidden))
    )
