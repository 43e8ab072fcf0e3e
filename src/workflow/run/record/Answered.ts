import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/** `UnderWay` is what a change is writing; `undefined` outside of one. */
export class UnderWay extends Context.Reference<UnderWay>()("sallyport/Workflow/UnderWay", {
  defaultValue: (): Writes | undefined => undefined
}) {}

interface Writes {
  /** `write` never begins one once the change is left. */
  readonly write: <A, E, R>(send: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** `answered` waits for those that are under way, and tells whether there was one. */
  readonly answered: Effect.Effect<boolean>
  /** `another` waits until the change, which is left, asks for one more. */
  readonly another: Effect.Effect<void>
  /** `wasAccepted` says whether the device has accepted one. */
  readonly wasAccepted: () => boolean
}

const make = Effect.gen(function* () {
  const quiet = yield* Effect.makeLatch(true)
  const more = yield* Effect.makeLatch()
  let count = 0
  let isLeft = false
  let isAccepted = false
  const begin = Effect.suspend(() => {
    count += 1
    return quiet.close
  })
  const end = Effect.suspend(() => {
    count -= 1
    return count === 0 ? quiet.open : Effect.void
  })
  const writes: Writes = {
    write: (send) =>
      Effect.suspend(() =>
        isLeft
          ? Effect.zipRight(more.open, Effect.never)
          : Effect.acquireUseRelease(
              begin,
              () =>
                Effect.tap(send, (answer) => {
                  isAccepted = isAccepted || accepts(answer)
                }),
              () => end
            )
      ),
    answered: Effect.suspend(() => {
      isLeft = true
      return Effect.as(quiet.await, count > 0)
    }),
    another: more.await,
    wasAccepted: () => isAccepted
  }
  return writes
})

const accepts = (answer: unknown): boolean =>
  Predicate.hasProperty(answer, "status") && Number(answer.status) < 400

/** `asWrite` is a write of the change in which it is sent. */
export const asWrite = <A, E, R>(send: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(UnderWay, (writes) => writes?.write(send) ?? send)

// What a change makes of an answer, which may be to read back what it has written.
const thought = "1 second"

/** `Answer` is what came of a change. */
export interface Answer<A, E> {
  readonly exit: Exit.Exit<A, E>
  /** `wasAccepted` says whether the device has accepted a write of it, whatever came of what followed. */
  readonly wasAccepted: boolean
}

/**
 * `answered` cuts no write of a change off in its middle: whoever interrupts the change waits for the answer, for as long
 * as `patience` says, and for what the change makes of it, and is given that. What is not answered by then is cut off, and
 * nobody knows what became of it. It is uninterruptible but for its wait, which `restore` lets be interrupted.
 */
export const answered = <A, E, R>(
  change: Effect.Effect<A, E, R>,
  patience: Duration.DurationInput,
  restore: <B, F, S>(wait: Effect.Effect<B, F, S>) => Effect.Effect<B, F, S>
): Effect.Effect<Answer<A, E>, never, R> =>
  Effect.gen(function* () {
    const writes = yield* make
    const fiber = yield* change.pipe(
      Effect.provideService(UnderWay, writes),
      Effect.interruptible,
      Effect.forkDaemon
    )
    const leave = Effect.timeoutOption(writes.answered, patience).pipe(
      Effect.flatMap((wasUnderWay) =>
        Option.contains(wasUnderWay, true)
          ? Fiber.await(fiber).pipe(Effect.race(writes.another), Effect.timeoutOption(thought))
          : Effect.succeedNone
      ),
      Effect.zipRight(Fiber.interrupt(fiber)),
      // In a fiber of its own: a second interruption ends a wait that has a time-out, wherever it stands.
      Effect.interruptible,
      Effect.forkDaemon,
      Effect.flatMap(Fiber.await)
    )
    yield* Effect.exit(Effect.onInterrupt(restore(Fiber.await(fiber)), () => leave))
    return { exit: yield* Fiber.await(fiber), wasAccepted: writes.wasAccepted() }
  }).pipe(Effect.uninterruptible)
