import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import * as Deployment from "../client/Deployment.ts"
import * as ReadBack from "../client/writes/ReadBack.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as GivenValue from "../validation/GivenValue.ts"
import * as OptionNames from "../validation/OptionNames.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import type { Runner } from "./Runner.ts"

/** `Repeat` says how far apart something is asked for again, and how often at most. */
export interface Repeat {
  /** `seconds` lie between two times. */
  readonly seconds: number
  /** `attempts` counts the times at most. */
  readonly attempts: number
}

/** `RepeatOptions` say for how long a script without Effect waits for what takes its time. */
export interface RepeatOptions {
  /**
   * `poll` says when to ask whether a deployment or a backup is over.
   *
   * @default `Deployment.PollSchedule`, up to 15 seconds apart, for an hour
   */
  readonly poll?: Repeat | undefined
  /**
   * `readBack` says when to look again for a change whose answer was lost.
   *
   * @default `ReadBack.ReadBackSchedule`, four times in half a minute
   */
  readonly readBack?: Repeat | undefined
}

/** `withoutRepeats` gives what else was given. */
export const withoutRepeats = <A>(given: A): Omit<A, keyof RepeatOptions> => {
  if (!GivenValue.isPlainObject(given)) return given
  const { poll: _, readBack: __, ...others } = given
  return others
}

/** `checkRepeats` takes these options alone. Fails with `InvalidInput` for another one. */
export const checkRepeats = (given: unknown): Effect.Effect<void, InvalidInput> =>
  OptionNames.faultOf("the opening of a device", given, ["poll", "readBack"]) ?? Effect.void

/** `withRepeats` gives the same runner, with these waits. Fails with `InvalidInput`. */
export const withRepeats = (given: unknown, runner: Runner): Effect.Effect<Runner, InvalidInput> =>
  Effect.gen(function* () {
    const poll = yield* schedule(given, "poll")
    const readBack = yield* schedule(given, "readBack")
    return {
      promise: (effect, options) =>
        runner.promise(
          effect.pipe(
            poll === undefined ? (same) => same : Effect.provideService(Deployment.PollSchedule, poll),
            readBack === undefined
              ? (same) => same
              : Effect.provideService(ReadBack.ReadBackSchedule, readBack)
          ),
          options
        )
    }
  })

const schedule = (
  given: unknown,
  field: keyof RepeatOptions
): Effect.Effect<Schedule.Schedule<unknown> | undefined, InvalidInput> =>
  Effect.suspend(() => {
    const repeats = Predicate.hasProperty(given, field) ? given[field] : undefined
    if (repeats === undefined) return Effect.succeed(undefined)
    const { attempts, seconds } = (repeats ?? {}) as Partial<Repeat>
    if (!isPositive(seconds) || !Number.isInteger(attempts) || !isPositive(attempts)) {
      return refuseInput(
        field,
        "what stands there cannot be used; give both seconds and attempts, as numbers above 0: { seconds: 10, attempts: 360 }."
      )
    }
    return Effect.as(
      OptionNames.faultOf("a repeat", repeats, ["seconds", "attempts"]) ?? Effect.void,
      Schedule.intersect(Schedule.spaced(`${seconds} seconds`), Schedule.recurs(attempts))
    )
  })

// What a timer can wait is less than 25 days.
const isPositive = (given: number | undefined): given is number =>
  typeof given === "number" && given > 0 && given < 2_000_000
