import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Mailbox from "effect/Mailbox"
import * as Stream from "effect/Stream"
import type { Stop, StopRule, Tally } from "./StopRule.ts"
import type { Wave } from "./Waves.ts"

/** `Work` is what is to be done on each of many devices, which are known by their places from 0. */
export interface Work<A, B> {
  readonly waves: ReadonlyArray<Wave>
  /** `concurrency` is on how many at once. */
  readonly concurrency: number
  readonly rule: StopRule
  /** `each` is done on one. It may fail, die and be interrupted as it likes. */
  readonly each: (place: number, wave: Wave) => Effect.Effect<A, unknown>
  /** `settle` makes of that what it came to: once for each that was begun, uninterruptibly. */
  readonly settle: (place: number, wave: Wave, exit: Exit.Exit<A, unknown>) => Effect.Effect<B>
  readonly isFailure: (became: B) => boolean
  /** `hear` is told of waves. @default nobody is */
  readonly hear?: ((event: WaveEvent) => Effect.Effect<void>) | undefined
}

/** `WaveEvent` is what happens to a wave, which is known by its place from 0. */
interface WaveEvent {
  readonly _tag: "WaveBegun" | "WaveEnded"
  readonly wave: number
}

/** `Dispatched` is what it came to as a whole; `stop` is why not all were come to. */
interface Dispatched extends Pick<Tally, "failed"> {
  readonly begun: number
  readonly stop: Stop | undefined
}

/**
 * `dispatch` does it on one device after the other, so many at once, wave after wave. `took` is handed what each came
 * to, and may hold up the worker that hands it over. What is interrupted ends by itself and is settled, and nothing
 * more is begun.
 */
export const dispatch = <A, B>(
  { concurrency, each, hear = () => Effect.void, isFailure, rule, settle, waves }: Work<A, B>,
  took: (became: B) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<Dispatched> =>
  Effect.gen(function* () {
    let next = 0
    let stop: Stop | undefined
    let tally: Tally = { failed: 0, failedInWave: 0 }

    const isOver = (wave: Wave) => next >= wave.to || stop !== undefined

    const one = (wave: Wave) =>
      Effect.uninterruptibleMask((restore) => {
        // Whoever comes in between may have taken the last one.
        if (isOver(wave)) return Effect.void
        // Claimed and settled in one: whatever interrupts comes before or after both.
        const place = next++
        return Effect.flatMap(Effect.exit(restore(each(place, wave))), (exit) =>
          Effect.flatMap(settle(place, wave, exit), (became) => {
            if (isFailure(became)) {
              tally = { failed: tally.failed + 1, failedInWave: tally.failedInWave + 1 }
              stop ??= rule.now(wave, tally)
            }
            return restore(took(became))
          })
        )
      })

    for (const [at, wave] of waves.entries()) {
      tally = { ...tally, failedInWave: 0 }
      yield* hear({ _tag: "WaveBegun", wave: at })
      const worker = Effect.whileLoop({
        while: () => !isOver(wave),
        body: () => one(wave),
        step: () => {}
      })
      const workers = Array.from({ length: Math.min(concurrency, wave.to - wave.from) }, () => worker)
      yield* Effect.all(workers, { concurrency: "unbounded", discard: true })
      yield* hear({ _tag: "WaveEnded", wave: at })
      if (at < waves.length - 1) stop ??= rule.beforeNext(wave, tally)
      if (stop !== undefined) break
    }
    return { begun: next, failed: tally.failed, stop: next < (waves.at(-1)?.to ?? 0) ? stop : undefined }
  })

/**
 * `stream` gives what each came to as it comes. Of what is not taken yet it keeps `window`, and begins no more. `ended`
 * is handed what it came to as a whole, before the stream ends. Whoever leaves early interrupts what is under way, and
 * waits for its end.
 */
export const stream = <A, B>(
  work: Work<A, B>,
  window: number,
  ended: (dispatched: Dispatched) => Effect.Effect<void> = () => Effect.void
): Stream.Stream<B> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const results = yield* Mailbox.make<B>(window)
      yield* dispatch(work, (became) => results.offer(became)).pipe(
        Effect.flatMap(ended),
        Effect.ensuring(results.end),
        Effect.forkScoped
      )
      return Mailbox.toStream(results)
    })
  )
