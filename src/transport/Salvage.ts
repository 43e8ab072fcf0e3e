import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { Background } from "./Background.ts"
import type { DeviceUnreachable, WireError } from "./DeviceError.ts"
import type { Late } from "./http/Exchange.ts"
import { headersOf, type Response } from "./http/Response.ts"
import type { Reply } from "./Reply.ts"

/** `Noted` are told what becomes of an exchange that fails. */
interface Noted {
  readonly partly: (read: Response) => void
  readonly late: Late
}

// As long as a login may take in all: someone may have to tap a phone.
const lateMillis = 60_000

/**
 * `salvaging` makes an exchange whose answer may matter though it fails. What was read of one that broke off is salvaged
 * before its error is told. At the response time-out its caller is free; the exchange goes on for a minute more, and
 * what it still brings is salvaged.
 */
export const salvaging = (
  exchange: (noted: Noted) => Effect.Effect<Reply, WireError>,
  salvage: (part: Reply) => Effect.Effect<unknown, unknown>
): Effect.Effect<Reply, WireError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const background = yield* Background
      const late = yield* Deferred.make<never, DeviceUnreachable>()
      let part: Response | undefined
      const exchanged = exchange({
        partly: (read) => {
          part = read
        },
        late: { millis: lateMillis, told: (error) => Deferred.unsafeDone(late, Effect.fail(error)) }
      })
      const fiber = yield* Effect.forkDaemon(
        Effect.interruptible(
          Effect.tapError(exchanged, () =>
            part === undefined
              ? Effect.void
              : Effect.ignore(salvage({ ...part, headers: headersOf(part.rawHeaders) }))
          )
        )
      )
      const ended = yield* restore(
        Effect.raceFirst(
          Effect.map(Fiber.await(fiber), Option.some),
          // Also for a caller that cannot be interrupted, which would wait for it for ever.
          Effect.as(Effect.interruptible(Effect.exit(Deferred.await(late))), Option.none())
        )
      ).pipe(Effect.onInterrupt(() => Fiber.interrupt(fiber)))
      if (Option.isSome(ended)) return yield* ended.value
      yield* background.start(Effect.ignore(Effect.flatMap(Fiber.join(fiber), salvage)))
      return yield* Deferred.await(late)
    })
  )
