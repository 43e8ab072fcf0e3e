import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Advice from "./Advice.ts"

/** `NoAnswer` is a device that has hung. */
export interface NoAnswer {
  readonly _tag: "NoAnswer"
  readonly message: string
}

/** `Bound` is the time that an undo has. */
export interface Bound {
  readonly isOver: Effect.Effect<boolean>
  /** `left` is what is left of all of it. */
  readonly left: Effect.Effect<Duration.Duration>
  /** `each` cuts one request of a device. */
  readonly each: (targetName: string) => <A, E>(work: Effect.Effect<A, E>) => Effect.Effect<A, E | NoAnswer>
}

/** `make` begins to count. */
export const make = (each: Duration.Duration, all: Duration.Duration): Effect.Effect<Bound> =>
  Effect.map(Clock.currentTimeMillis, (began) => {
    const left = Effect.map(Clock.currentTimeMillis, (now) =>
      Duration.millis(Math.max(0, began + Duration.toMillis(all) - now))
    )
    return {
      left,
      isOver: Effect.map(left, (time) => Duration.equals(time, Duration.zero)),
      each: (targetName) => (work) =>
        Effect.flatMap(left, (time) => {
          const duration = Duration.min(each, time)
          const message = Advice.noAnswer(targetName, Math.ceil(Duration.toSeconds(duration)))
          return Effect.timeoutFail(Effect.disconnect(work), {
            duration,
            onTimeout: (): NoAnswer => ({ _tag: "NoAnswer", message })
          })
        })
    }
  })
