import { clearTimeout, setTimeout } from "node:timers"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as FiberRefs from "effect/FiberRefs"
import * as Runtime from "effect/Runtime"
import * as RuntimeFlags from "effect/RuntimeFlags"
import * as Flight from "../../transport/Flight.ts"

/** `TimeLimit` is how long something has, and what it comes to when that is over. */
export interface TimeLimit<E> {
  readonly duration: Duration.DurationInput
  /** `onTimeout` is told how far the login, refresh or logout has come that is sent in it, if any is. */
  readonly onTimeout: (flight: Flight.Flight) => E
  /** `repeatable` is that of its flight. @default false */
  readonly repeatable?: boolean
}

/**
 * `inTime` gives something so much time, and frees whoever waits for it when that is over or he is interrupted: at once,
 * though it may be such that it cannot be interrupted itself, and goes on.
 *
 * That is `Effect.disconnect` and `Effect.timeoutFail`, by one fiber in place of three.
 */
export const inTime =
  <E2>(limit: TimeLimit<E2>) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E | E2, R> =>
    Effect.flatMap(Effect.runtime<R>(), (runtime) =>
      Effect.async((resume) => {
        const { onEnd, stop } = start(runtime, work, limit)
        onEnd(resume)
        // Who cannot be interrupted, as in a closing, never stops it.
        return RuntimeFlags.interruptible(runtime.runtimeFlags) ? Effect.sync(stop) : undefined
      })
    )

/** `Started` is something under way in a fiber of its own. */
export interface Started<A, E> {
  /** `onEnd` tells how it has ended, or its time: at once where that is so already. */
  readonly onEnd: (tell: (exit: Exit.Exit<A, E>) => void) => void
  /** `stop` interrupts it, and waits for nothing. */
  readonly stop: () => void
}

/** `start` begins it, within its time. Interruptible, whoever begins it: without that its time would not end it. */
export const start = <A, E, E2, R>(
  runtime: Runtime.Runtime<R>,
  work: Effect.Effect<A, E, R>,
  { duration, onTimeout, repeatable }: TimeLimit<E2>
): Started<A, E | E2> => {
  const flight = Flight.make(repeatable)
  // What it fails with is told below: of a fiber of its own it would be logged.
  const fiber = Runtime.runFork(
    Runtime.provideService(runtime, Flight.InFlight, flight),
    Effect.exit(Effect.interruptible(work))
  )
  const interrupt = () => fiber.unsafeInterruptAsFork(FiberId.none)
  let cancel = () => {}
  let ended: Exit.Exit<A, E | E2> | undefined
  const listeners = new Set<(exit: Exit.Exit<A, E | E2>) => void>()
  const end = (exit: Exit.Exit<A, E | E2>) => {
    if (ended !== undefined) return
    ended = exit
    cancel()
    for (const tell of listeners) tell(exit)
  }
  fiber.addObserver((exit) => end(Exit.flatten(exit)))
  if (ended === undefined) {
    cancel = after(runtime, duration, () => {
      interrupt()
      end(Exit.fail(onTimeout(flight)))
    })
  }
  const stop = () => {
    cancel()
    interrupt()
  }
  return { stop, onEnd: (tell) => (ended === undefined ? listeners.add(tell) : tell(ended)) }
}

/**
 * `after` does something later, by the clock of whoever asks, unless it is called off. Where that is the real one a timer
 * is enough: a fiber that sleeps has to be woken to be ended.
 */
const after = (
  runtime: Runtime.Runtime<never>,
  duration: Duration.DurationInput,
  work: () => void
): (() => void) => {
  const services = FiberRefs.getOrDefault(runtime.fiberRefs, DefaultServices.currentServices)
  if (Context.get(services, Clock.Clock) === realClock) {
    const timer = setTimeout(work, Duration.toMillis(duration))
    return () => clearTimeout(timer)
  }
  const sleeping = Effect.interruptible(Effect.delay(Effect.sync(work), duration))
  const fiber = Runtime.runFork(runtime, sleeping)
  return () => fiber.unsafeInterruptAsFork(FiberId.none)
}

const realClock = Context.get(DefaultServices.liveServices, Clock.Clock)
