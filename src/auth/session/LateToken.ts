import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Runtime from "effect/Runtime"
import { DeviceUnreachable } from "../../transport/DeviceError.ts"
import { LateAnswer } from "../../transport/LateAnswer.ts"
import type { AuthError } from "../AuthError.ts"
import type * as Background from "./Background.ts"
import * as InTime from "./InTime.ts"

/**
 * `freeInTime` makes an exchange that may bring a token, which whoever waits for it is rid of at the target's response
 * time-out. It goes on then, `millis` at most, and what it still brings `end` ends: its session is nobody's any more.
 */
export const freeInTime = <A>(
  background: Background.Service,
  exchange: Effect.Effect<A, AuthError>,
  limit: InTime.TimeLimit<AuthError>,
  millis: number,
  end: (late: A) => Effect.Effect<unknown>
): Effect.Effect<A, AuthError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.runtime<never>(), (runtime) => {
      let started: InTime.Started<A, AuthError> | undefined
      const ended = Effect.async<A, AuthError>((resume) => started?.onEnd(resume))
      // Told by callbacks, also to a caller that cannot be interrupted, which would wait for it for ever.
      const first = Effect.async<Exit.Exit<A, AuthError> | DeviceUnreachable>((resume) => {
        const told = (timedOut: DeviceUnreachable) => resume(Effect.succeed(timedOut))
        started = InTime.start(Runtime.provideService(runtime, LateAnswer, { told, millis }), exchange, limit)
        started.onEnd((exit) => resume(Effect.succeed(exit)))
      })
      return restore(first).pipe(
        Effect.onInterrupt(() => Effect.sync(() => started?.stop())),
        Effect.flatMap((known) =>
          known instanceof DeviceUnreachable
            ? Effect.zipRight(background.start(Effect.ignore(Effect.flatMap(ended, end))), known)
            : known
        )
      )
    })
  )
