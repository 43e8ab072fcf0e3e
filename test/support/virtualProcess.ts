// A process in a test's own time, that can be killed: whatever it was doing, it never goes on.
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Scheduler from "effect/Scheduler"
import type { VirtualTime } from "./virtualTime.ts"

export class VirtualProcess implements Clock.Clock, Scheduler.Scheduler {
  readonly [Clock.ClockTypeId]: Clock.ClockTypeId = Clock.ClockTypeId
  isAlive = true
  private readonly time: VirtualTime

  constructor(time: VirtualTime) {
    this.time = time
  }

  /** As after `kill -9`: no finalizer, no last word. */
  kill(): void {
    this.isAlive = false
  }

  fork<A, E>(effect: Effect.Effect<A, E>): Fiber.RuntimeFiber<A, E> {
    return this.time.fork(Effect.withClock(effect, this), this)
  }

  // ── Scheduler ─────────────────────────────────────────────────────────────────────────────────────────────────
  scheduleTask(task: () => void): void {
    this.time.scheduleTask(() => {
      if (this.isAlive) task()
    })
  }
  shouldYield(fiber: Fiber.RuntimeFiber<unknown, unknown>): number | false {
    return this.time.shouldYield(fiber)
  }

  // ── Clock ─────────────────────────────────────────────────────────────────────────────────────────────────────
  unsafeCurrentTimeMillis(): number {
    return this.time.unsafeCurrentTimeMillis()
  }
  unsafeCurrentTimeNanos(): bigint {
    return this.time.unsafeCurrentTimeNanos()
  }
  readonly currentTimeMillis: Effect.Effect<number> = Effect.sync(() => this.unsafeCurrentTimeMillis())
  readonly currentTimeNanos: Effect.Effect<bigint> = Effect.sync(() => this.unsafeCurrentTimeNanos())
  sleep(duration: Duration.Duration): Effect.Effect<void> {
    return this.time.sleep(duration)
  }
}
