import { clearImmediate, setImmediate } from "node:timers"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Mailbox from "effect/Mailbox"
import * as Option from "effect/Option"
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
  /** `hear` is told at once of waves, which are known by their places from 0, and of a stop. @default nobody is */
  readonly hear?: ((event: DispatchEvent) => void) | undefined
}

/** `DispatchEvent` is what happens beside the devices. */
export type DispatchEvent =
  | { readonly _tag: "WaveBegun" | "WaveEnded"; readonly wave: number }
  | ({ readonly _tag: "Stopped" } & Stop)

/** `Dispatched` is what it came to as a whole; `stop` is why not all were come to. */
export interface Dispatched extends Pick<Tally, "failed"> {
  readonly begun: number
  readonly stop: Stop | undefined
}

/**
 * `dispatch` does it on one device after the other, so many at once, wave after wave. `took` is handed what each came
 * to, and may hold up the worker that hands it over. What is interrupted ends by itself and is settled, and nothing
 * more is begun.
 */
export const dispatch = <A, B>(
  { concurrency, each, hear = () => {}, isFailure, rule, settle, waves }: Work<A, B>,
  took: (became: B) => Effect.Effect<unknown> = () => Effect.void
): Effect.Effect<Dispatched> =>
  Effect.gen(function* () {
    const count = waves.at(-1)?.to ?? 0
    let next = 0
    let stop: Stop | undefined
    let tally: Tally = { failed: 0, failedInWave: 0 }

    const stopBy = (reason: Stop | undefined) => {
      if (stop !== undefined || reason === undefined) return
      stop = reason
      // Where all have been begun already, it stops nothing.
      if (next < count) hear({ _tag: "Stopped", ...reason })
    }

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
              stopBy(rule.now(wave, tally))
            }
            return restore(took(became))
          })
        )
      })

    for (const [at, wave] of waves.entries()) {
      tally = { ...tally, failedInWave: 0 }
      hear({ _tag: "WaveBegun", wave: at })
      const worker = Effect.whileLoop({
        while: () => !isOver(wave),
        body: () => one(wave),
        step: () => {}
      })
      const workers = Array.from({ length: Math.min(concurrency, wave.to - wave.from) }, () => worker)
      yield* Effect.all(workers, { concurrency: "unbounded", discard: true })
      hear({ _tag: "WaveEnded", wave: at })
      if (at < waves.length - 1) stopBy(rule.beforeNext(wave, tally))
      if (stop !== undefined) break
    }
    return { begun: next, failed: tally.failed, stop: next < count ? stop : undefined }
  })

/**
 * `stream` gives what each came to as it comes. Of what is not taken yet it keeps `window`, and begins no more. `ended`
 * is handed what it came to as a whole before the stream ends, and may give more. Whoever leaves early interrupts what is under way, and
 * waits for its end.
 */
export const stream = <A, B>(
  work: Work<A, B>,
  window: number,
  ended: (dispatched: Dispatched, give: (became: B) => Effect.Effect<unknown>) => Effect.Effect<void> = () =>
    Effect.void,
  /** `turn` is over when all that is due has been done. @default it is this turn of the event loop */
  turn: Effect.Effect<void> = eventLoopTurn
): Stream.Stream<B> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const results = yield* Mailbox.make<B>(window)
      const give = (became: B) => results.offer(became)
      yield* dispatch(work, give).pipe(
        Effect.flatMap((dispatched) => ended(dispatched, give)),
        Effect.ensuring(results.end),
        Effect.forkScoped
      )
      return Stream.repeatEffectChunkOption(takeTogether(results, turn))
    })
  )

/**
 * `takeTogether` takes as one what has come when all that is due at this moment is done: a stream does as much for a
 * chunk of one as for one of many, and devices that are done in the same millisecond come one by one.
 */
const takeTogether = <B>(results: Mailbox.Mailbox<B>, turn: Effect.Effect<void>) =>
  Effect.flatMap(Effect.zipRight(turn, results.takeAll), ([taken, isOver]) =>
    isOver && taken.length === 0 ? Effect.fail(Option.none()) : Effect.succeed(taken)
  )

// Not a millisecond later, as a timer would be.
const eventLoopTurn = Effect.async<void>((resume) => {
  const due = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(due))
})
