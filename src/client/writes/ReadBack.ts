import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { SessionError } from "../../auth/AuthError.ts"
import { OutcomeUnknown } from "../../transport/DeviceError.ts"
import * as Needed from "../../validation/Needed.ts"

/**
 * `ReadBackSchedule` says when to look again for a write that was lost and is not there yet: after 2, 4, 8 and 16
 * seconds, unless a script provides another schedule. A device may go on with what its client no longer waits for: a
 * bulk change of a thousand rules that had timed out was completed (seen on real devices).
 *
 * @example
 * Effect.provideService(
 *   change,
 *   ReadBack.ReadBackSchedule,
 *   Schedule.spaced("10 seconds").pipe(Schedule.upTo("5 minutes"))
 * )
 */
export class ReadBackSchedule extends Context.Reference<ReadBackSchedule>()(
  "sallyport/ReadBack/ReadBackSchedule",
  {
    defaultValue: (): Schedule.Schedule<unknown> =>
      Schedule.intersect(Schedule.exponential("2 seconds"), Schedule.recurs(4))
  }
) {}

/**
 * `readBack` runs a write, and where its answer is lost, decides by `look` whether it has happened: `Some` is what came
 * of it, `None` is no trace of it so far, and it is looked for again as `ReadBackSchedule` says. The write is never
 * sent a second time.
 *
 * Fails with `OutcomeUnknown`, which then says what reading back showed, and with whatever else the write fails with.
 *
 * @example
 * const host = yield* ReadBack.readBack(branch.hosts.create(wanted), branch.hosts.find(wanted.name))
 */
export const readBack = <A, E, R, B, E2 extends SessionError, R2>(
  write: Effect.Effect<A, E | OutcomeUnknown, R>,
  look: Effect.Effect<Option.Option<B>, E2, R2>
): Effect.Effect<A | B, E | OutcomeUnknown, R | R2> => {
  Needed.effect("write", write)
  Needed.effect("look", look)
  return Effect.catchIf(
    write,
    (error): error is OutcomeUnknown => error instanceof OutcomeUnknown,
    (lost) =>
      Effect.flatMap(ReadBackSchedule, (schedule) =>
        Effect.retry(Effect.flatten(look), {
          schedule,
          while: (error) => error._tag === "NoSuchElementException"
        })
      ).pipe(
        Effect.mapError((error) => {
          const seen = error._tag === "NoSuchElementException" ? "Absent" : "Unreadable"
          return new OutcomeUnknown({ ...lost, readBack: seen })
        })
      )
  )
}

/**
 * `inShape` reads what a write was answered with. In another shape it is as good as lost, `OutcomeUnknown`: it was
 * carried out all the same, and reading back shows what came of it.
 *
 * @example
 * ReadBack.readBack(
 *   Effect.flatMap(rest.send("POST", path, Schema.Unknown), ReadBack.inShape(Job, { targetName, operation })),
 *   newestJob
 * )
 */
export const inShape = <A, I>(
  answer: Schema.Schema<A, I>,
  write: { readonly targetName: string; readonly operation: string }
): ((given: unknown) => Effect.Effect<A, OutcomeUnknown>) => {
  Needed.schema("answer", answer)
  Needed.object("write", write, "{ targetName, operation }")
  const read = Schema.decodeUnknown(answer, { onExcessProperty: "preserve" })
  return (given) => Effect.mapError(read(given), () => new OutcomeUnknown({ ...write, reason: unreadable }))
}

const unreadable = "it was answered as done, in a shape that cannot be read"
