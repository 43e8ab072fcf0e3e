import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { answerOf } from "../../ScriptAnswer.ts"
import type { RunEvent } from "./RunEvent.ts"

/**
 * `OnProgress` is told what happens in a run, one event after the other, beside it: what it throws, and how long it
 * takes, changes nothing of the run.
 */
export type OnProgress<Event = RunEvent> = (event: Event) => unknown

/** `Observer` hands events to whoever is told of them. */
export interface Observer<Event = RunEvent> {
  readonly tell: (event: Event) => void
  /** `end` waits a moment until all is told. */
  readonly end: Effect.Effect<void>
}

/** `nobody` is told of nothing. */
export const nobody: Observer<unknown> = { tell: () => {}, end: Effect.void }

/** `make` begins to tell; what comes faster than it is taken is left out, the oldest first. */
export const make = <Event = RunEvent>(
  onProgress: OnProgress<Event> | undefined
): Effect.Effect<Observer<Event>> => {
  if (onProgress === undefined) return Effect.succeed(nobody)
  return Effect.gen(function* () {
    const events = yield* Queue.sliding<Event | "end">(maxWaiting)
    const over = yield* Deferred.make<void>()
    let isWarned = false
    const warn = (what: string) =>
      Effect.suspend(() => {
        if (isWarned) return Effect.void
        isWarned = true
        return Effect.logWarning(`onProgress ${what}; the run goes on without regard to it.`)
      })
    const told = (event: Event) =>
      Effect.suspend(() => answerOf(onProgress(event))).pipe(
        Effect.disconnect,
        Effect.timeoutFail({ duration: maxTime, onTimeout: () => "late" as const }),
        Effect.catchAllCause((cause) =>
          warn(cause._tag === "Fail" && cause.error === "late" ? "takes too long" : "has failed")
        )
      )
    const next: Effect.Effect<void> = Effect.flatMap(Queue.take(events), (event) =>
      event === "end" ? Deferred.succeed(over, undefined) : Effect.zipRight(told(event), next)
    )
    // Whatever becomes of the run, its end is told, too.
    yield* Effect.forkDaemon(Effect.interruptible(next))
    return {
      tell: (event) => void Queue.unsafeOffer(events, event),
      end: Effect.suspend(() => {
        Queue.unsafeOffer(events, "end")
        return Effect.asVoid(Effect.timeoutOption(Effect.interruptible(Deferred.await(over)), maxTime))
      })
    }
  })
}

/** `heardBy` lets somebody hear each event at once who never fails. */
export const heardBy = <Event>(
  { end, tell }: Observer<Event>,
  hear: ((event: Event) => void) | undefined
): Observer<Event> => ({
  end,
  tell: (event) => {
    hear?.(event)
    tell(event)
  }
})

// More than a person reads.
const maxWaiting = 10_000
const maxTime = "2 seconds"
