import * as Effect from "effect/Effect"

/** `betweenSignals` waits until a signal is a further one, and not the one before, repeated. */
export const betweenSignals = Effect.sleep("400 millis")
