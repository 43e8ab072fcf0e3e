import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"

/**
 * `redactedSpan` gives a span that hides what its effect came to: a tracer may keep that, and an answer's headers and
 * body, or a token, are nothing for a trace. Failures are kept; our errors hold no secret.
 *
 * Where nobody traces there is none: within a span Effect puts each error that fails into another object, and a script is
 * to catch what it has thrown.
 */
export const redactedSpan =
  (name: string, attributes: Readonly<Record<string, unknown>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.tracer, (tracer) =>
      tracer === nobody
        ? effect
        : effect.pipe(
            Effect.map((value) => Redacted.make(value)),
            Effect.withSpan(name, { attributes: { ...attributes }, captureStackTrace: false }),
            Effect.map((hidden) => Redacted.value(hidden))
          )
    )

/** `nobody` is Effect's own tracer, which keeps nothing. */
const nobody = Context.get(DefaultServices.liveServices, Tracer.Tracer)
