import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { raceFirst } from "../AwaitedRace.ts"

/** `RunTimedOut` says that a run took longer than it may. */
export class RunTimedOut extends Data.TaggedError("RunTimedOut")<{ readonly timeOut: Duration.Duration }> {
  override get message(): string {
    return `it took longer than ${Duration.format(this.timeOut)}, and was ended. Look at what it waited for, and if it only needs longer, give a longer timeOut.`
  }
}

/** `within` ends what takes longer. Fails with `RunTimedOut`. */
export const within = (timeOut: Duration.DurationInput | undefined) => {
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | RunTimedOut, R> =>
    timeOut === undefined
      ? effect
      : raceFirst(
          effect,
          Effect.zipRight(
            Effect.sleep(timeOut),
            Effect.suspend(() => new RunTimedOut({ timeOut: Duration.decode(timeOut) }))
          )
        )
}
