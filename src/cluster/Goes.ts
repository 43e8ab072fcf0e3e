import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Leaving from "./Leaving.ts"

/** `Goes` are the goes of runs that are under way on a runner. */
export interface Goes {
  /**
   * `until` goes on with a run, go by go, until one gives what it came to. A go is left where it is interrupted: its change
   * under way ends, and its sessions are logged out. On a runner that ends it then never gives anything, so that the engine
   * hands the run to another runner.
   */
  readonly until: <A, E, R>(
    go: (leaving: Leaving.Leaving) => Effect.Effect<A | "left", E, R>
  ) => Effect.Effect<A, E, R>
  /** `leaveAll` ends all, and waits for them: the runner ends. */
  readonly leaveAll: Effect.Effect<void>
}

/** `make` begins with none. */
export const make: Effect.Effect<Goes> = Effect.gen(function* () {
  const going = new Map<Fiber.RuntimeFiber<unknown, unknown>, Leaving.Leaving>()
  const closing = yield* Deferred.make<void>()
  const leaveAndWait = ([fiber, leaving]: readonly [Fiber.RuntimeFiber<unknown, unknown>, Leaving.Leaving]) =>
    Effect.zipRight(leaving.leave, Fiber.interrupt(fiber))
  const leaveAll = Effect.zipRight(
    Deferred.succeed(closing, undefined),
    Effect.suspend(() =>
      Effect.forEach([...going], leaveAndWait, { concurrency: "unbounded", discard: true })
    )
  )
  /** `one` is a go in a fiber of its own, which is waited for wherever it is interrupted. */
  const one = <A, E, R>(go: (leaving: Leaving.Leaving) => Effect.Effect<A | "left", E, R>) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        if (yield* Deferred.isDone(closing)) return yield* restore(Effect.never)
        const leaving = yield* Leaving.make
        const fiber = yield* Effect.forkDaemon(Effect.interruptible(go(leaving)))
        going.set(fiber, leaving)
        const exit = yield* restore(Fiber.await(fiber)).pipe(
          Effect.onInterrupt(() => leaveAndWait([fiber, leaving])),
          Effect.ensuring(Effect.sync(() => going.delete(fiber)))
        )
        if (leaving.isLeft() || Exit.isInterrupted(exit)) return "left" as const
        return yield* exit
      })
    )
  const until: Goes["until"] = (go) =>
    Effect.flatMap(one(go), (result) =>
      result === "left"
        ? Effect.zipRight(
            Effect.sleep("1 second"),
            Effect.suspend(() => until(go))
          )
        : Effect.succeed(result)
    )
  return { until, leaveAll }
})
