import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as ExchangeWatch from "../../transport/ExchangeWatch.ts"
import * as Advice from "./Advice.ts"

/** `NoAnswer` is a device that has hung, or an undo whose time is over. */
export interface NoAnswer {
  readonly _tag: "NoAnswer"
  readonly message: string
}

/** `Bound` is the time that an undo has. */
export interface Bound {
  readonly isOver: Effect.Effect<boolean>
  /** `left` is what is left of all of it. */
  readonly left: Effect.Effect<Duration.Duration>
  /**
   * `each` cuts what a device does not answer in time. A request that waits for its turn, by what the device allows in a
   * minute, has not been asked yet.
   */
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
        Effect.gen(function* () {
          const cut = yield* Deferred.make<never, NoAnswer>()
          const message = Advice.noAnswer(targetName, Duration.toSeconds(each))
          const hung = Deferred.fail(cut, { _tag: "NoAnswer" as const, message })
          const watch: ExchangeWatch.Watch = (exchange) =>
            Effect.acquireUseRelease(
              Effect.forkDaemon(Effect.interruptible(Effect.delay(hung, each))),
              () => exchange,
              Fiber.interrupt
            )
          const late = Effect.flatMap(left, (time) =>
            Effect.delay(Effect.fail({ _tag: "NoAnswer", message: Advice.late } as const), time)
          )
          const watched = Effect.provideService(work, ExchangeWatch.ExchangeWatch, watch)
          return yield* Effect.disconnect(watched).pipe(
            Effect.raceFirst(Deferred.await(cut)),
            Effect.raceFirst(late)
          )
        })
    }
  })
