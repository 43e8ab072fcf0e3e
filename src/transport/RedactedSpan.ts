import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"

/**
 * `redactedSpan` gives a span that hides what its effect came to: a tracer may keep that, and an answer's headers and
 * body, or a token, are nothing for a trace. Failures are kept; our errors hold no secret.
 *
 * Where nobody traces there is none. Within a span Effect puts each error that fails into another object; behind it, it is
 * the one that was thrown, by which a script knows it.
 */
export const redactedSpan =
  <A>(
    name: string,
    attributes: Readonly<Record<string, unknown>>,
    /** `told` is what the span says of that, which is safe to tell. */
    told: (value: A) => Readonly<Record<string, unknown>> = () => ({})
  ) =>
  <E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.tracerWith((tracer) =>
      tracer === nobody
        ? effect
        : effect.pipe(
            Effect.tap((value) => Effect.annotateCurrentSpan(told(value))),
            Effect.map((value) => Redacted.make(value)),
            Effect.withSpan(name, { attributes: { ...attributes }, captureStackTrace: false }),
            Effect.mapErrorCause(asThrown),
            Effect.map((hidden) => Redacted.value(hidden))
          )
    )

/** `asThrown` has errors and defects as they were thrown. */
const asThrown = <E>(cause: Cause.Cause<E>): Cause.Cause<E> =>
  Cause.match<Cause.Cause<E>, E>(cause, {
    onEmpty: Cause.empty,
    onFail: (error) => Cause.fail(Cause.originalError(error)),
    onDie: (defect) => Cause.die(Cause.originalError(defect)),
    onInterrupt: (fiber) => Cause.interrupt(fiber),
    onSequential: Cause.sequential,
    onParallel: Cause.parallel
  })

/** `nobody` is Effect's own tracer, which keeps nothing. */
const nobody = Context.get(DefaultServices.liveServices, Tracer.Tracer)
