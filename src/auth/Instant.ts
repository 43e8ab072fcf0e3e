import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/**
 * `Instant` is one moment on two clocks: the wall clock can be set, the monotonic one can stand still while a laptop
 * sleeps.
 */
export interface Instant {
  /** `wall` is in milliseconds since 1970. */
  readonly wall: number
  /**
   * `monotonic` is in whole milliseconds since some fixed moment, so that a wait in whole milliseconds is over when it
   * is over.
   */
  readonly monotonic: number
}

/** `nowWith` hands this moment to `use`. */
export const nowWith = <A, E, R>(use: (now: Instant) => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Clock.clockWith((clock) =>
    use({
      wall: clock.unsafeCurrentTimeMillis(),
      monotonic: Number(clock.unsafeCurrentTimeNanos() / 1_000_000n)
    })
  )

export const now: Effect.Effect<Instant> = nowWith(Effect.succeed)

/** `elapsedAtMost` gives the milliseconds between two moments by whichever clock shows more. */
export const elapsedAtMost = (from: Instant, to: Instant): number =>
  Math.max(to.wall - from.wall, to.monotonic - from.monotonic)

/** `elapsedAtLeast` gives the milliseconds between two moments by whichever clock shows less. */
export const elapsedAtLeast = (from: Instant, to: Instant): number =>
  Math.min(to.wall - from.wall, to.monotonic - from.monotonic)
