import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Arguments } from "./Arguments.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `of` gives when it is looked again, by `--every`: after a time, or at the times of a crontab; `undefined` is never. */
export const of = ({
  values
}: Pick<Arguments, "values">): Effect.Effect<Schedule.Schedule<unknown> | undefined, WrongUsage> => {
  const [text] = values.get("every") ?? []
  if (text === undefined) return Effect.succeed(undefined)
  const duration = Option.getOrUndefined(Duration.decodeUnknown(text))
  if (duration !== undefined && Duration.greaterThan(duration, 0) && Duration.isFinite(duration))
    return Effect.succeed(Schedule.spaced(duration))
  const cron = Cron.parse(text)
  return duration === undefined && Either.isRight(cron)
    ? Effect.succeed(Schedule.cron(cron.right))
    : refuse(
        `--every: ${text} says no time; give a duration, such as "10 minutes", or times as a crontab has them, such as "0 6 * * 1-5".`
      )
}
