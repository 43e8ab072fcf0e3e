import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** `Warned` holds what was warned about in this process. */
class Warned extends Context.Reference<Warned>()("sallyport/Warned", {
  defaultValue: () => new Set<string>()
}) {}

/** `warnOnce` logs a warning, unless there was one about the same in this process. */
export const warnOnce = (about: string, warning: string): Effect.Effect<void> =>
  Effect.flatMap(Warned, (warned) => {
    if (warned.has(about)) return Effect.void
    warned.add(about)
    return Effect.logWarning(warning)
  })
