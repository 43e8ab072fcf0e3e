import * as Effect from "effect/Effect"
import type { SessionError } from "../auth/AuthError.ts"
import { OutcomeUnknown } from "../transport/DeviceError.ts"

/** `lookingFor` is what a script looks by for something of its own, as a change has it: whoever resumes it has no context. */
export const lookingFor = <A, E, R>(
  look: Effect.Effect<A, E, R>,
  targetName: string,
  operation: string
): Effect.Effect<Effect.Effect<A, SessionError>, never, R> =>
  Effect.map(Effect.context<R>(), (context) =>
    Effect.mapError(
      Effect.provide(look, context),
      () =>
        new OutcomeUnknown({
          targetName,
          operation,
          reason: "it cannot be looked for",
          readBack: "Unreadable"
        })
    )
  )
