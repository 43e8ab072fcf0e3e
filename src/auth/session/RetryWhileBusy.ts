import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { DeviceBusy } from "../../transport/DeviceError.ts"
import type * as Traffic from "../../transport/limits/Traffic.ts"
import * as Retry from "../../transport/Retry.ts"
import type { AuthError } from "../AuthError.ts"
import * as Instant from "../Instant.ts"

/** `exchangeTimeout` is how long one login or refresh may take, in milliseconds: someone may have to tap a phone. */
export const exchangeTimeout = 60_000

// Milliseconds that an attempt has at least: one that is given up at once may leave a session behind.
const shortestAttempt = 2000

export interface Options {
  readonly limits: Traffic.TargetLimits
  readonly backOff: Retry.BackOff
  /** `closed` comes when the session closes: nobody waits any more. */
  readonly closed: Effect.Effect<void>
  readonly began: Instant.Instant
  /** `timeout` is how long the exchange has with all its attempts, in milliseconds. */
  readonly timeout: number
}

/**
 * `retryWhileBusy` makes an exchange again while the device answers that it has no time (429 or 503), after the wait
 * that it asks for and after the back-off, within its time. It fails with `DeviceBusy` at once where the wait would leave
 * nothing of that, or too little for another attempt.
 *
 * A 429 was not processed. The 503 of a login may hide a session that was opened; it has no owner and ends by itself.
 *
 * `exchange` is told how many milliseconds it has, and of what its last attempt has failed.
 */
export const retryWhileBusy = <A>(
  { backOff, began, closed, limits, timeout }: Options,
  exchange: (left: number, last?: DeviceBusy) => Effect.Effect<A, AuthError>
): Effect.Effect<A, AuthError> => {
  const attempt = (failures: number, millis: number, last?: DeviceBusy): Effect.Effect<A, AuthError> =>
    Effect.catchTag(exchange(millis, last), "DeviceBusy", (error) =>
      Effect.gen(function* () {
        const wait = yield* Retry.renewalDelay(backOff, failures, error)
        if (Duration.toMillis(wait) > (yield* left) - shortestAttempt) return yield* Effect.fail(error)
        const sleep = Effect.raceFirst(Effect.sleep(wait), closed)
        // 429 is said of the address, not of the login: whoever else asks this device waits too.
        yield* error.status === 429 ? limits.rateLimiter.pause(sleep) : sleep
        return yield* attempt(failures + 1, yield* left, error)
      })
    )
  const left = Effect.map(Instant.now, (now) => Math.max(0, timeout - Instant.elapsedAtMost(began, now)))
  return attempt(1, timeout)
}
