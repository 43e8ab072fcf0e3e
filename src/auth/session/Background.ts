import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/**
 * `Service` runs the exchanges with devices that are under way in this process. Each runs in a fiber of its own: a
 * caller that is interrupted neither cancels it nor loses what the device has already done. `Main.run` waits for them
 * before it exits.
 */
export interface Service {
  /** `start` starts an exchange that nobody's interruption ends. It must end by itself. */
  readonly start: <A, E>(exchange: Effect.Effect<A, E>) => Effect.Effect<Fiber.RuntimeFiber<A, E>>
  /** `settled` waits until none is under way. */
  readonly settled: Effect.Effect<void>
}

/** `make` makes one that knows of no exchange yet. */
export const make = (): Service => {
  const running = new Set<Fiber.RuntimeFiber<unknown, unknown>>()
  return {
    start: (exchange) =>
      // A fiber inherits the interruptibility of the one that forks it, and without it no time-out inside works.
      Effect.map(Effect.forkDaemon(Effect.interruptible(exchange)), (fiber) => {
        running.add(fiber)
        fiber.addObserver(() => running.delete(fiber))
        return fiber
      }).pipe(Effect.uninterruptible),
    settled: Effect.suspend(() => Fiber.awaitAll(running)).pipe(
      Effect.repeat({ until: () => running.size === 0 }),
      Effect.asVoid
    )
  }
}

/** `Background` is one for the process, unless a program provides its own. */
export class Background extends Context.Reference<Background>()("sallyport/Background", {
  defaultValue: make
}) {}
