// Time and turns in a test's own hands: nothing real passes, a seed replays a run exactly, wall clock and monotonic
// clock can part (Effect's TestClock moves both), and a fiber can lose its turn between any two steps.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Random from "effect/Random"
import type * as Scheduler from "effect/Scheduler"

// More than any test needs at one moment: something runs in circles.
const mostTurns = 100_000

export class VirtualTime implements Clock.Clock, Scheduler.Scheduler {
  readonly [Clock.ClockTypeId]: Clock.ClockTypeId = Clock.ClockTypeId
  /** Milliseconds since the test began. */
  now = 0
  /** What the wall clock shows beyond that. */
  wallOffset = 1_700_000_000_000
  private readonly sleeping = new Map<() => void, number>()
  private ready: Array<() => void> = []
  private readonly seed: number
  private random: number
  private readonly yields: number

  /** `yields`: how likely a fiber loses its turn at each step; above 0.1 the steps of the yielding itself never end. */
  constructor(seed: number, yields: number) {
    this.seed = seed
    this.random = seed | 0
    this.yields = yields
  }

  /** Starts a fiber that lives in this time, and lets it and all others run as far as they can. */
  fork<A, E>(effect: Effect.Effect<A, E>, scheduler: Scheduler.Scheduler = this): Fiber.RuntimeFiber<A, E> {
    const fiber = Effect.runFork(
      effect.pipe(
        Effect.withClock(this),
        Effect.withRandom(Random.make(this.seed)),
        Logger.withMinimumLogLevel(LogLevel.None)
      ),
      { scheduler }
    )
    this.drain()
    return fiber
  }

  interrupt(fiber: Fiber.RuntimeFiber<unknown, unknown>): void {
    fiber.unsafeInterruptAsFork(fiber.id())
    this.drain()
  }

  /** Whether somebody has a turn now. */
  get isReady(): boolean {
    return this.ready.length > 0
  }

  /** Whether somebody waits for a later moment. */
  get hasSleepers(): boolean {
    return this.sleeping.size > 0
  }

  /** Time passes until somebody wakes, who does not run yet. */
  wakeNext(): void {
    this.now = Math.max(this.now, Math.min(...this.sleeping.values()))
    for (const [wake, at] of [...this.sleeping]) {
      if (at <= this.now && this.sleeping.delete(wake)) wake()
    }
  }

  /** Time passes; whoever wakes runs as far as it can before time goes on. */
  advance(millis: number): void {
    const end = this.now + millis
    this.drain()
    while (Math.min(...this.sleeping.values()) <= end) {
      this.wakeNext()
      this.drain()
    }
    this.now = end
  }

  /** Everybody runs as far as they can. */
  drain(): void {
    for (let turns = 0; this.ready.length > 0; turns++) {
      if (turns > mostTurns) throw new Error(`${mostTurns} turns, and still at ${this.now} ms`)
      this.ready.shift()?.()
    }
  }

  // ── Scheduler ─────────────────────────────────────────────────────────────────────────────────────────────────
  scheduleTask(task: () => void): void {
    this.ready.push(task)
  }
  shouldYield(fiber: Fiber.RuntimeFiber<unknown, unknown>): number | false {
    if (this.yields === 0) return fiber.currentOpCount > 2048 ? 0 : false
    // Mulberry32.
    this.random = (this.random + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.random ^ (this.random >>> 15), 1 | this.random)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 < this.yields ? 0 : false
  }

  // ── Clock ─────────────────────────────────────────────────────────────────────────────────────────────────────
  unsafeCurrentTimeMillis(): number {
    return this.now + this.wallOffset
  }
  unsafeCurrentTimeNanos(): bigint {
    return BigInt(this.now) * 1_000_000n
  }
  readonly currentTimeMillis: Effect.Effect<number> = Effect.sync(() => this.unsafeCurrentTimeMillis())
  readonly currentTimeNanos: Effect.Effect<bigint> = Effect.sync(() => this.unsafeCurrentTimeNanos())
  sleep(duration: Duration.Duration): Effect.Effect<void> {
    return Effect.async((resume) => {
      const wake = () => resume(Effect.void)
      this.sleeping.set(wake, this.now + Math.ceil(Duration.toMillis(duration)))
      return Effect.sync(() => this.sleeping.delete(wake))
    })
  }
}
